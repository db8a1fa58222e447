/**
 * Reads a configuration file in either language, for every verb that needs one.
 *
 * Cost:    a language is loaded when it is asked for; neither is small.
 *
 * Errors:  none are thrown for what is in the file, or for its absence: they are diagnostics.
 * @module
 */
import type { Config, LogConfig } from "../config/model.ts";
import type {
  FileRefusal,
  Surroundings,
} from "../config/keepalived/file_access.ts";
import { checkConfig } from "../config/checks.ts";
import {
  type KeyFileHost,
  type KeyFileReading,
  readKeyFiles,
} from "../config/hmac_checks.ts";
import {
  checkInterfaces,
  checkTrackFiles,
  withoutExcused,
} from "../config/host_checks.ts";
import type { HostInterfaces } from "../config/host_facts.ts";
import type { ScriptUse } from "../config/keepalived/read_context.ts";
import { NO_NOTIFY, type NotifyPlan } from "../config/notify_model.ts";
import { PLAIN_PROCESS, type ProcessPlan } from "../config/process_model.ts";
import { resolveNotify } from "../config/resolve_notify.ts";
import { resolveProcess } from "../config/resolve_process.ts";
import {
  checkFifos,
  checkScripts,
  scriptsOf,
  trackedScriptsOf,
} from "../config/script_checks.ts";
import { prepareScript, type ScriptHost } from "../config/prepare_script.ts";
import type { TomlReading } from "../config/toml/read.ts";
import {
  EMPTY_PLAN,
  type ResolvedPlan,
  resolvePlan,
} from "../config/resolve_plan.ts";
import { type Diagnostic, wholeFile } from "../diag/diagnostic.ts";
import { diagnostic } from "../diag/diagnostic_sink.ts";
import { inTextOrder } from "../diag/text_order.ts";
import { hostInterfaces } from "../world/host_interfaces.ts";
import { scriptHost } from "../world/script_host.ts";
import { configFiles, readKeyFile } from "../world/config_files.ts";

export type ConfigFormat = "toml" | "keepalived";

export interface LoadedConfig {
  /** Undefined when the file could not be read at all. */
  readonly config: Config | undefined;
  /** Where the file wants to log. */
  readonly log: Pick<LogConfig, "target" | "facility" | "level">;
  /** What would run; meaningless when refused. */
  readonly plan: ResolvedPlan;
  /** Whom the daemon would tell of changes; meaningless when refused. */
  readonly notify: NotifyPlan;
  /** What the daemon would do beside its instances; meaningless when refused. */
  readonly process: ProcessPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Instances of a keepalived.conf that lack what they cannot run without: the others run. */
  readonly leftOut: readonly string[];
  /** There is an error among the diagnostics. */
  readonly isRefused: boolean;
}

/**
 * Reads and checks `path`; the language follows the name unless `format` says it. `interfaces` are this machine's
 * unless they are given.
 */
export async function loadConfig(
  path: string,
  format: ConfigFormat | undefined,
  configId?: string,
  interfaces?: HostInterfaces,
): Promise<LoadedConfig> {
  const isToml =
    (format ?? (path.endsWith(".toml") ? "toml" : "keepalived")) === "toml";
  const read = isToml
    ? { ...await readTomlFile(path), leftOut: [], scripts: undefined }
    : (await import("../config/keepalived/read.ts"))
      .readKeepalived(path, { surroundings: surroundings(configId) });
  if (read.config === undefined) {
    return {
      config: undefined,
      log: { target: undefined, facility: undefined, level: undefined },
      plan: EMPTY_PLAN,
      notify: NO_NOTIFY,
      process: PLAIN_PROCESS,
      diagnostics: read.diagnostics,
      leftOut: [],
      isRefused: true,
    };
  }
  const { config } = read;
  const host = scriptHost();
  const { keys, diagnostics } = checkOnHost(config, read, isToml, {
    ...host,
    interfaces: interfaces ?? hostInterfaces(),
    contentOf: readKeyFile,
  });
  return {
    config,
    log: config.log,
    plan: resolvePlan(
      config,
      ({ script, user }) =>
        script === undefined
          ? undefined
          : prepareScript(script, user, config.globals, host).script,
      keys.keyFiles,
    ),
    notify: resolveNotify(config, host),
    process: resolveProcess(config.globals, host),
    diagnostics,
    leftOut: [...read.leftOut, ...keys.unable],
    isRefused: diagnostics.some(({ severity }) => severity === "error"),
  };
}

/** The machine that a configuration is checked on. */
export interface CheckedHost extends ScriptHost, KeyFileHost {
  readonly interfaces: HostInterfaces;
}

/** All that is wrong with a file that was read: by itself, and on this machine. */
export function checkOnHost(
  config: Config,
  read: Pick<LoadedConfig, "diagnostics"> & {
    /** What a keepalived.conf runs, in the order of its lines. */
    readonly scripts?: readonly ScriptUse[] | undefined;
    /** Instances that are not in `config`. */
    readonly leftOut?: readonly string[];
  },
  isToml: boolean,
  host: CheckedHost,
): { keys: KeyFileReading; diagnostics: readonly Diagnostic[] } {
  const keys = readKeyFiles(config, host, isToml ? "error" : "warning");
  // That nothing would run is no news of a file that is refused.
  const isRefused = read.diagnostics.some(({ severity }) =>
    severity === "error"
  );
  const diagnostics = inTextOrder([
    ...read.diagnostics,
    ...keys.diagnostics,
    ...withoutExcused(
      checkConfig(config, read.leftOut),
      config,
      host.interfaces,
    ).filter(({ code }) => !isRefused || code !== "HK0004"),
    ...checkInterfaces(config, host.interfaces),
    ...checkTrackFiles(config, host.factsOf),
    ...checkScripts(
      read.scripts === undefined
        ? scriptsOf(config)
        : [...untracked(read.scripts), ...trackedScriptsOf(config)],
      config.globals,
      host,
    ),
    ...checkFifos(config.globals, host),
  ]);
  return { keys, diagnostics };
}

/** The user of a tracked script stands on a line of its own, and only the model has both. */
function untracked(scripts: readonly ScriptUse[]): readonly ScriptUse[] {
  return scripts.filter(({ keyword }) => keyword !== "script");
}

const FILE_WORDS: Readonly<Record<FileRefusal, string>> = {
  missing: "it does not exist",
  unreadable: "its permissions do not allow it",
  directory: "it is a directory",
  notRegular: "it is not a regular file",
  executable: "it is executable, which a configuration is not",
  tooLarge: "it is too large",
};

async function readTomlFile(path: string): Promise<TomlReading> {
  const { readToml } = await import("../config/toml/read.ts");
  const content = configFiles.read(configFiles.absolute(path));
  if (content.kind === "text") {
    return readToml({
      name: path,
      text: content.text,
      includedFrom: undefined,
    });
  }
  const message = `cannot read ${path}: ${FILE_WORDS[content.reason]}`;
  return {
    config: undefined,
    diagnostics: [diagnostic("error", "HK0001", wholeFile(path), message)],
  };
}

/** This machine, as keepalived's definitions and conditions see it. */
export function surroundings(configId?: string): Surroundings {
  return {
    files: configFiles,
    configId: configId ?? Deno.hostname().split(".")[0] ?? "",
    environment: (name) => Deno.env.get(name),
    random: (min, max) => min + Math.floor(Math.random() * (max - min + 1)),
  };
}
