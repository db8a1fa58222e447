/**
 * Daemons under test: the compiled hakeep, and Debian's keepalived beside it.
 * @module
 */
import { defined } from "../../lib/assert.ts";
import type {
  InstanceStatus,
  StatusDocument,
} from "../../lib/status/snapshot.ts";
import { eventually, type Lab, mustRun, runCommand } from "./topology.ts";

/** The binary that the tests run: what scripts/build made, or HAKEEP_BINARY. */
export const HAKEEP = Deno.env.get("HAKEEP_BINARY") ??
  new URL("../../dist/hakeep", import.meta.url).pathname;

export type DaemonKind = "hakeep" | "keepalived";

export interface RunningDaemon {
  readonly kind: DaemonKind;
  readonly pid: number;
  /** Everything it printed so far. */
  readonly log: () => string;
  readonly kill: (signal: Deno.Signal) => void;
  /** Its exit code, once it ended. */
  readonly ended: Promise<number>;
  /** Where a hakeep's control socket is. */
  readonly runtimeDir: string;
}

let started = 0;

/** Starts a daemon with a configuration's text; it is killed with the lab if it still runs. */
export function startDaemon(
  lab: Lab,
  host: string,
  kind: DaemonKind,
  config: string,
  options: {
    readonly extension?: "toml" | "conf";
    readonly args?: readonly string[];
  } = {},
): RunningDaemon {
  const runtimeDir = `${lab.directory}/${host}-${started++}`;
  Deno.mkdirSync(runtimeDir);
  const path = `${runtimeDir}/config.${options.extension ?? "conf"}`;
  Deno.writeTextFileSync(path, config);
  return startWithFile(lab, host, kind, path, runtimeDir, options.args ?? []);
}

/** Starts a daemon with a configuration file. */
export function startWithFile(
  lab: Lab,
  host: string,
  kind: DaemonKind,
  path: string,
  runtimeDir: string,
  args: readonly string[],
): RunningDaemon {
  const child = lab.command(
    host,
    ...commandLine(kind, path, runtimeDir),
    ...args,
  ).spawn();
  let text = "";
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
    }
  };
  const reading = Promise.all([collect(child.stdout), collect(child.stderr)]);
  let isOver = false;
  const ended = child.status.then(({ code }) => {
    isOver = true;
    return code;
  });
  lab.defer(async () => {
    if (!isOver) {
      await killTree(child.pid);
      await ended;
    }
    await reading;
  });
  return {
    kind,
    pid: child.pid,
    log: () => text,
    kill: (signal) => child.kill(signal),
    ended,
    runtimeDir,
  };
}

function commandLine(
  kind: DaemonKind,
  path: string,
  runtimeDir: string,
): [string, ...string[]] {
  return kind === "hakeep"
    ? [
      HAKEEP,
      "run",
      "--config",
      path,
      "--runtime-dir",
      runtimeDir,
      "--log",
      "stderr",
    ]
    : [
      // Where it writes what it is asked for by signals.
      "env",
      `TMPDIR=${runtimeDir}`,
      "keepalived",
      "-n",
      "-l",
      "-D",
      "-f",
      path,
      "-p",
      `${runtimeDir}/keepalived.pid`,
      "-r",
      `${runtimeDir}/vrrp.pid`,
      "-c",
      `${runtimeDir}/checkers.pid`,
      "-b",
      `${runtimeDir}/bfd.pid`,
    ];
}

/** keepalived's children outlive a SIGKILL of their parent for a moment; a crash takes all of them. */
export async function killTree(pid: number): Promise<void> {
  const children = await runCommand("ps", [
    "-o",
    "pid=",
    "--ppid",
    String(pid),
  ]);
  for (
    const one of [
      pid,
      ...children.stdout.split("\n").map(Number).filter((child) => child > 0),
    ]
  ) {
    try {
      Deno.kill(one, "SIGKILL");
    } catch (error) {
      // It ended by itself meanwhile.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** What `hakeep status --json` says, or undefined while nobody answers. */
export async function statusOf(
  daemon: RunningDaemon,
): Promise<StatusDocument | undefined> {
  const result = await runCommand(HAKEEP, [
    "status",
    "--json",
    "--runtime-dir",
    daemon.runtimeDir,
  ]);
  if (result.code !== 0) return undefined;
  const status: StatusDocument = JSON.parse(result.stdout);
  return status;
}

/** A hakeep's first instance, as its status has it. Throws where there is none. */
export async function instanceOf(
  daemon: RunningDaemon,
): Promise<InstanceStatus> {
  return defined(
    (await statusOf(daemon))?.instances[0],
    `an instance; log:\n${daemon.log()}`,
  );
}

/** What keepalived writes of an instance when it is asked for JSON: counters of what it dropped, and more. */
export interface KeepalivedInstance {
  readonly data: {
    readonly iname: string;
    /** 0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT. */
    readonly state: number;
    readonly effective_priority: number;
  };
  readonly stats: Readonly<Record<string, number>>;
}

const JSON_SIGNAL = 36;

/** What a keepalived says of its instances now. */
export async function keepalivedInstances(
  daemon: RunningDaemon,
): Promise<readonly KeepalivedInstance[]> {
  const path = `${daemon.runtimeDir}/keepalived.json`;
  await Deno.remove(path).catch(() => {});
  await mustRun("kill", `-${JSON_SIGNAL}`, String(daemon.pid));
  return await eventually(
    `keepalived writes ${path}\n${daemon.log()}`,
    10_000,
    async () => {
      try {
        const instances: KeepalivedInstance[] = JSON.parse(
          await Deno.readTextFile(path),
        );
        return instances;
      } catch {
        // Not there yet, or not whole.
        return undefined;
      }
    },
  );
}

/** Waits until the only instance of a hakeep is in `state`. */
export async function hasState(
  daemon: RunningDaemon,
  state: string,
  deadlineMs = 10_000,
): Promise<StatusDocument> {
  return await eventually(
    `instance is ${state}; log:\n${daemon.log()}`,
    deadlineMs,
    async () => {
      const status = await statusOf(daemon);
      return status?.instances.every((instance) => instance.state === state)
        ? status
        : undefined;
    },
  );
}
