import { assertEquals } from "@std/assert";
import { defined } from "../assert.ts";
import { NO_NOTIFY } from "../config/notify_model.ts";
import { PLAIN_PROCESS } from "../config/process_model.ts";
import { EMPTY_PLAN, type ResolvedPlan } from "../config/resolve_plan.ts";
import { askControl } from "../control/client.ts";
import {
  type ControlRequest,
  type ControlResponse,
  PROTOCOL_VERSION,
} from "../control/protocol.ts";
import { Logger } from "../log/logger.ts";
import { shownMessage } from "../log/log_record.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import {
  Daemon,
  type DaemonOptions,
  type DaemonOutcome,
  type Reread,
} from "./daemon.ts";
import { EngineHost } from "./engine_host.ts";
import { ServiceManager } from "./service_manager.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays loaded; the first test to do it would be called a leak.
loadWholeLibc();

/** A daemon around a fake engine, in a directory of its own. */
class Lab implements AsyncDisposable {
  readonly directory = Deno.makeTempDirSync();
  readonly log: string[] = [];
  readonly #waiting = new Map<string, () => void>();

  start(
    behaviour: string,
    changes: Partial<DaemonOptions> = {},
  ): Promise<DaemonOutcome> {
    const logger = new Logger(
      {
        write: (record) => {
          const message = shownMessage(record);
          this.log.push(message);
          for (const [text, then] of this.#waiting) {
            if (message.includes(text)) then();
          }
          return true;
        },
      },
      "debug",
      { nowMs: () => performance.now(), after: () => {} },
    );
    return new Daemon({
      version: "1.2.3",
      configPath: "a.conf",
      runtimeDir: `${this.directory}/run`,
      plan: planOf(exampleRouter()),
      notify: NO_NOTIFY,
      process: PLAIN_PROCESS,
      engine: new EngineHost(
        new URL(`./fake_engine.ts?${behaviour}`, import.meta.url),
      ),
      reloadMarker: `${this.directory}/marker`,
      libnlPath: "",
      pidFiles: [`${this.directory}/a.pid`],
      logger,
      serviceManager: new ServiceManager(undefined, undefined),
      reread: () =>
        Promise.resolve({
          plan: planOf(exampleRouter()),
          notify: NO_NOTIFY,
          process: PLAIN_PROCESS,
        }),
      ...changes,
    }).run();
  }

  /** Fulfilled when a message with `text` is logged. */
  logged(text: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(text, resolve);
    return promise;
  }

  async ask(request: ControlRequest["request"]): Promise<ControlResponse> {
    const answer = await askControl(`${this.directory}/run/control.sock`, {
      protocol: PROTOCOL_VERSION,
      request,
    });
    return answer.kind === "answered"
      ? answer.response
      : { ok: false, error: answer.kind };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}

Deno.test("Daemon runs, answers, and stops on SIGTERM, leaving nothing behind", async () => {
  await using lab = new Lab();
  const ready = lab.logged("ready");
  const outcome = lab.start("well");
  await ready;
  assertEquals(
    await Deno.readTextFile(`${lab.directory}/a.pid`),
    `${Deno.pid}\n`,
  );
  const response = await lab.ask("status");
  const status = defined(
    response.ok && "status" in response ? response.status : undefined,
    "a status",
  );
  assertEquals(
    [status.version, status.daemon, status.pid, status.config.file],
    ["1.2.3", "running", Deno.pid, "a.conf"],
  );
  assertEquals(status.engine, { restarts: 0, alive: true });
  assertEquals(
    status.instances.map(({ name, state, reason }) => [name, state, reason]),
    [["VI_1", "WAITING", "interface eth0 is down"]],
  );
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
  assertEquals(lab.log, [
    "hakeep 1.2.3 starts with a.conf",
    "VI_1: waiting: interface eth0 is down",
    "ready, 1 instance",
    "stopping on SIGTERM",
    "stopped",
  ]);
  assertEquals([...Deno.readDirSync(`${lab.directory}/run`)], []);
  assertEquals([...Deno.readDirSync(lab.directory)].length, 1);
});

for (
  const [name, reread, message, isOk] of [
    [
      "as it runs",
      {
        plan: planOf(exampleRouter()),
        notify: NO_NOTIFY,
        process: PLAIN_PROCESS,
      },
      "reload: the configuration is as it runs, nothing to do",
      true,
    ],
    [
      "broken",
      { refusal: "a.conf:1:1: nonsense" },
      "reload refused, everything goes on as before: a.conf:1:1: nonsense",
      false,
    ],
    [
      "changed",
      {
        plan: planOf(exampleRouter({ priority: 50 })),
        notify: NO_NOTIFY,
        process: PLAIN_PROCESS,
      },
      "reload: 1 instance changed (VI_1); 0 instances untouched",
      true,
    ],
    [
      "without instances",
      { plan: planOf(), notify: NO_NOTIFY, process: PLAIN_PROCESS },
      "reload refused, everything goes on as before: it has no instance any more; stop the daemon if that is what is meant",
      false,
    ],
    [
      "of other instances",
      {
        plan: planOf(
          exampleRouter({ name: "VI_2", vrid: 2 }),
          exampleRouter({ name: "VI_3", vrid: 3 }),
        ),
        notify: NO_NOTIFY,
        process: PLAIN_PROCESS,
      },
      "reload: 2 instances added (VI_2, VI_3), 1 instance removed (VI_1); 0 instances untouched",
      true,
    ],
  ] satisfies [string, Reread, string, boolean][]
) {
  Deno.test(`Daemon asked to reload a file that is ${name} says what comes of it`, async () => {
    await using lab = new Lab();
    const ready = lab.logged("ready");
    const outcome = lab.start("well", {
      reread: () => Promise.resolve(reread),
    });
    await ready;
    assertEquals(
      await lab.ask("reload"),
      isOk ? { ok: true, message } : { ok: false, error: message },
    );
    const response = await lab.ask("status");
    const status = defined(
      response.ok && "status" in response ? response.status : undefined,
      "a status",
    );
    assertEquals(status.config.last_reload_error, isOk ? null : message);
    const again = lab.logged("reload");
    Deno.kill(Deno.pid, "SIGHUP");
    await again;
    Deno.kill(Deno.pid, "SIGTERM");
    assertEquals(await outcome, "stopped");
  });
}

Deno.test("Daemon survives a reader that fails", async () => {
  await using lab = new Lab();
  const ready = lab.logged("ready");
  const outcome = lab.start("well", {
    reread: () => Promise.reject(new Error("oops")),
  });
  await ready;
  assertEquals(await lab.ask("reload"), {
    ok: false,
    error:
      "reload refused, everything goes on as before: reading it failed: oops",
  });
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
});

Deno.test("Daemon ends when its engine cannot start", async () => {
  await using lab = new Lab();
  assertEquals(await lab.start("broken"), "failed");
  assertEquals(
    lab.log.filter((message) => message.includes("engine died")).length,
    1,
  );
});

/** A pulse every 10 ms, and nobody who listens. */
function quickPulse(): ServiceManager {
  return new ServiceManager("/nonexistent/notify", "20000");
}

Deno.test("Daemon starts an engine again that died, and counts", async () => {
  await using lab = new Lab();
  const again = lab.logged("the VRRP engine runs again, 1 restart so far");
  const outcome = lab.start("mortal", { serviceManager: quickPulse() });
  await again;
  const response = await lab.ask("status");
  assertEquals(
    response.ok && "status" in response &&
      response.status.engine.restarts >= 1,
    true,
  );
  Deno.kill(Deno.pid, "SIGTERM");
  await outcome;
});

Deno.test("Daemon runs notify scripts once for a state, whatever becomes of its engine, and waits for the last", async () => {
  await using lab = new Lab();
  const again = lab.logged("the VRRP engine runs again, 1 restart so far");
  const path = `${lab.directory}/told`;
  const outcome = lab.start("mortal", {
    serviceManager: quickPulse(),
    notify: {
      ...NO_NOTIFY,
      subjects: [{
        subject: "INSTANCE",
        name: "VI_1",
        group: undefined,
        priority: 100,
        master: undefined,
        backup: undefined,
        fault: undefined,
        stop: undefined,
        deleted: undefined,
        lowerPriorityHeard: undefined,
        every: {
          words: ["/bin/sh", "-c", `sleep 0.1; echo "$*" >>${path}`, "sh"],
          user: undefined,
        },
        tellsDeleted: false,
        tellsPriorityChanges: false,
        tellsByMail: false,
      }],
    },
  });
  await again;
  while (await Deno.stat(path).catch(() => undefined) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  Deno.kill(Deno.pid, "SIGTERM");
  await outcome;
  assertEquals(
    await Deno.readTextFile(path),
    "INSTANCE VI_1 FAULT 100\nINSTANCE VI_1 STOP 100\n",
  );
});

Deno.test("Daemon says once that its engine does not answer", async () => {
  await using lab = new Lab();
  const silent = lab.logged("the VRRP engine does not answer");
  const outcome = lab.start("deaf", { serviceManager: quickPulse() });
  await silent;
  // The status comes from the same engine, many pulses later.
  for (let i = 0; i < 10; i++) await lab.ask("status");
  assertEquals(
    lab.log.filter((message) => message.includes("does not answer")).length,
    1,
  );
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
});

Deno.test("Daemon refuses a runtime directory that another one uses", async () => {
  await using lab = new Lab();
  const ready = lab.logged("ready");
  const first = lab.start("well");
  await ready;
  assertEquals(await lab.start("well"), "occupied");
  const refusal = defined(lab.log.at(-1), "a refusal");
  assertEquals(
    refusal.startsWith(
      `cannot use the runtime directory ${lab.directory}/run: another hakeep runs with it`,
    ),
    true,
  );
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await first, "stopped");
});

Deno.test("Daemon says what it cannot do with a runtime directory", async () => {
  await using lab = new Lab();
  await Deno.writeTextFile(`${lab.directory}/run`, "a file");
  assertEquals(await lab.start("well"), "failed");
  assertEquals(
    lab.log.at(-1)?.startsWith(
      `cannot use the runtime directory ${lab.directory}/run: `,
    ),
    true,
  );
});

Deno.test("Daemon answers keepalived's dump signals instead of dying of them", async () => {
  await using lab = new Lab();
  const ready = lab.logged("ready");
  const outcome = lab.start("well");
  await ready;
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const) {
    const told = lab.logged(`${signal} writes no file`);
    Deno.kill(Deno.pid, signal);
    await told;
  }
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
});

function planOf(...routers: readonly RouterConfig[]): ResolvedPlan {
  return { ...EMPTY_PLAN, routers };
}

Deno.test("Daemon watches scripts and files, tells the engine of them, and ends their runs with its own", async () => {
  await using lab = new Lab();
  const file = `${lab.directory}/number`;
  Deno.writeTextFileSync(file, "5");
  const script = (name: string, command: string) => ({
    kind: "script" as const,
    name,
    script: command,
    run: { words: ["/bin/sh", "-c", command], user: undefined },
    intervalNs: 100e9,
    timeoutNs: 100e9,
    rise: 1,
    fall: 1,
    initFail: false,
    user: undefined,
  });
  const plan: ResolvedPlan = {
    ...planOf(exampleRouter()),
    definitions: [
      script("bad", "echo no answer >&2; exit 3"),
      script("slow", "sleep 1000"),
      { kind: "file", name: "f", file, initFile: undefined },
    ],
  };
  const ready = lab.logged("ready");
  const told = lab.logged("script bad failed");
  const outcome = lab.start("well", { plan });
  await Promise.all([ready, told]);
  const response = await lab.ask("status");
  const status = defined(
    response.ok && "status" in response ? response.status : undefined,
    "a status",
  );
  assertEquals(
    status.trackers.map((one) =>
      one.kind === "script"
        ? [one.name, one.state, one.exit_status, one.running, one.last_failure]
        : [one.name, one.kind === "file" && one.value]
    ),
    [
      ["bad", "down", 3, false, "exited with status 3: no answer"],
      ["slow", "initial", null, true, null],
      ["f", 5],
    ],
  );
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
  const failure = lab.log.find((line) => line.startsWith("script bad failed"));
  assertEquals(
    failure?.replace(/[\d.]+ s/, "N s"),
    "script bad failed: exited with status 3 after N s, as root: no answer",
  );
});

Deno.test("Daemon goes on with tracked objects after a reload, and says that they changed", async () => {
  await using lab = new Lab();
  const fileTracker = (name: string) => ({
    kind: "file" as const,
    name,
    file: `${lab.directory}/${name}`,
    initFile: { value: 4, overwrite: true },
  });
  const withFiles = (...names: string[]): ResolvedPlan => ({
    ...planOf(exampleRouter()),
    definitions: names.map(fileTracker),
  });
  const ready = lab.logged("ready");
  const outcome = lab.start("well", {
    plan: withFiles("a"),
    reread: () =>
      Promise.resolve({
        plan: withFiles("b"),
        notify: NO_NOTIFY,
        process: PLAIN_PROCESS,
      }),
  });
  await ready;
  assertEquals(Deno.readTextFileSync(`${lab.directory}/a`), "4\n");
  assertEquals(await lab.ask("reload"), {
    ok: true,
    message: "reload: tracked objects changed; all instances untouched",
  });
  const response = await lab.ask("status");
  const status = defined(
    response.ok && "status" in response ? response.status : undefined,
    "a status",
  );
  // A reload writes no init_file.
  assertEquals(
    status.trackers.map((one) => [one.name, one.kind === "file" && one.value]),
    [["b", 0]],
  );
  Deno.kill(Deno.pid, "SIGTERM");
  assertEquals(await outcome, "stopped");
});
