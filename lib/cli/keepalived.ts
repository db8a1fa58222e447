/**
 * hakeep invoked as `keepalived`: keepalived's options, exit codes and pid files.
 *
 * Says:    keepalived(8); its exit codes, which differ from ours, are in docs/exit-codes.md.
 * Deviates: a configuration test of a missing file fails (keepalived says 0 unless `-e` is given).
 * @module
 */
import { dirname } from "@std/path";
import { buildInfo } from "../build_info.ts";
import type { LogTarget } from "../config/model.ts";
import { systemLogTarget } from "../daemon/open_logger.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import { renderDiagnostics } from "../diag/render.ts";
import {
  keepalivedHelp,
  type KeepalivedSettings,
  keepalivedSignalNumber,
  readKeepalivedOptions,
} from "./keepalived_options.ts";
import { loadConfig } from "./load_config.ts";
import { runDaemon } from "./run_daemon.ts";
import { runtimeDirIn } from "./runtime_dir.ts";
import { printError, printOut } from "./verb.ts";

/** keepalived's exit codes. */
const KEEPALIVED_EXIT = {
  ok: 0,
  /** A wrong command line, or a fatal problem. */
  failed: 1,
  /** The configuration stops the daemon. */
  refused: 2,
  /** `-t`: anything else wrong in the configuration. */
  testFailed: 5,
  /** `-t`: scripts run without script security, whatever else is wrong. */
  scriptSecurity: 6,
} as const;

const DEFAULT_CONFIG = "/etc/keepalived/keepalived.conf";
const DEFAULT_PID_FILE = "/run/keepalived.pid";

/** Does what keepalived would do with `args`, as far as this version goes. */
export async function keepalived(args: readonly string[]): Promise<number> {
  const plan = readKeepalivedOptions(args);
  switch (plan.kind) {
    case "wrong":
      printError(`keepalived: ${plan.message}\n`);
      return KEEPALIVED_EXIT.failed;
    case "version":
      printError(versionText());
      return KEEPALIVED_EXIT.ok;
    case "help":
      printError(keepalivedHelp());
      return KEEPALIVED_EXIT.ok;
    case "signalNumber":
      return printSignalNumber(plan.name);
    case "configTest":
      return await testConfig(plan.settings, plan.messageFile);
    case "run":
      return await start(plan.settings, args);
  }
}

function versionText(): string {
  const { version, commit, deno, target } = buildInfo();
  return `hakeep ${version} (commit ${commit}, Deno ${deno}, ${target}), invoked as keepalived\n`;
}

function printSignalNumber(name: string): number {
  const number = keepalivedSignalNumber(name);
  if (number === undefined) {
    printError(`keepalived: unknown signal '${name}'\n`);
    return KEEPALIVED_EXIT.failed;
  }
  printOut(`${number}\n`);
  return KEEPALIVED_EXIT.ok;
}

/** Messages are appended to `messageFile`, or go to standard error. */
async function testConfig(
  settings: KeepalivedSettings,
  messageFile: string | undefined,
): Promise<number> {
  const { configFile, configId, notes } = settings;
  const loaded = await loadConfig(
    configFile ?? DEFAULT_CONFIG,
    "keepalived",
    configId,
  );
  const text = notes.map((note) => `${note}\n`).join("") +
    renderDiagnostics(loaded.diagnostics);
  if (messageFile === undefined) printError(text);
  else {
    try {
      Deno.writeTextFileSync(messageFile, text, { append: true });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      printError(`keepalived: cannot write to ${messageFile}: ${why}\n`);
      return KEEPALIVED_EXIT.failed;
    }
  }
  return testVerdict(loaded.diagnostics);
}

/** The exit code of `-t`; a missing argument ends reading, so it outweighs the rest. */
function testVerdict(diagnostics: readonly Diagnostic[]): number {
  const has = (code: Diagnostic["code"]) =>
    diagnostics.some((found) => found.code === code);
  if (has("HK0406")) return KEEPALIVED_EXIT.refused;
  if (has("HK0427")) return KEEPALIVED_EXIT.scriptSecurity;
  return diagnostics.some(({ severity }) => severity !== "advice")
    ? KEEPALIVED_EXIT.testFailed
    : KEEPALIVED_EXIT.ok;
}

async function start(
  settings: KeepalivedSettings,
  args: readonly string[],
): Promise<number> {
  if (!settings.isForeground) return startInBackground(args);
  const { namespace, umask, pidFile, vrrpPidFile } = settings;
  if (umask !== undefined) Deno.umask(umask);
  const outcome = await runDaemon({
    configPath: settings.configFile ?? DEFAULT_CONFIG,
    format: "keepalived",
    configId: settings.configId,
    isWithoutVrrp: settings.isWithoutVrrp,
    isWithoutBfd: settings.isWithoutBfd,
    namespace,
    placesIn: (name) => {
      const mainPidFile = pidFile ?? pidFileIn(name);
      return {
        runtimeDir: runtimeDirOf(pidFile, name),
        pidFiles: [
          mainPidFile,
          ...(vrrpPidFile === undefined ? [] : [vrrpPidFile]),
        ],
        reloadMarker: `${dirname(mainPidFile)}/keepalived.reload`,
      };
    },
    log: {
      targets: logTargets(settings),
      facility: settings.facility,
      level: settings.isDetailed ? "debug" : undefined,
    },
    notes: settings.notes,
  });
  switch (outcome) {
    case "stopped":
      return KEEPALIVED_EXIT.ok;
    case "occupied":
      // keepalived says that it is running already, and that this is fine.
      return KEEPALIVED_EXIT.ok;
    case "refused":
      return KEEPALIVED_EXIT.refused;
    case "failed":
      return KEEPALIVED_EXIT.failed;
  }
}

/** keepalived's parent ends as soon as it has forked; we cannot fork, but start ourselves again. */
function startInBackground(args: readonly string[]): number {
  new Deno.Command(Deno.execPath(), {
    args: ["-n", ...args],
    env: { HAKEEP_ARGV0: "keepalived" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn().unref();
  return KEEPALIVED_EXIT.ok;
}

/** With a network namespace in a directory of its own, as keepalived has it. */
function pidFileIn(namespace: string | undefined): string {
  return namespace === undefined
    ? DEFAULT_PID_FILE
    : `/run/keepalived/${namespace}/keepalived.pid`;
}

/** Daemons with pid files of their own are daemons of their own, as several in network namespaces. */
function runtimeDirOf(
  pidFile: string | undefined,
  namespace: string | undefined,
): string {
  if (pidFile === undefined || pidFile === DEFAULT_PID_FILE) {
    return runtimeDirIn(namespace);
  }
  return `${pidFile.replace(/\.pid$/, "")}.hakeep`;
}

function logTargets(
  { logsToSystem, logsToConsole }: KeepalivedSettings,
): readonly LogTarget[] {
  const system = logsToSystem ? systemLogTarget() : undefined;
  return [
    ...(system === undefined ? [] : [system]),
    ...(logsToConsole ? ["stderr" as const] : []),
  ];
}
