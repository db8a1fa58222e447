/**
 * `hakeep run`: the daemon, in the foreground.
 * @module
 */
import { defined } from "../assert.ts";
import type { LogTarget } from "../config/model.ts";
import {
  LOG_FACILITIES,
  LOG_LEVELS,
  parseLogFacility,
  parseLogLevel,
} from "../log/log_level.ts";
import type { ConfigFormat } from "./load_config.ts";
import type { VerbSpec } from "./option_table.ts";
import { runDaemon } from "./run_daemon.ts";
import { RUNTIME_DIR_OPTION, runtimeDirIn } from "./runtime_dir.ts";
import { EXIT, readArguments } from "./verb.ts";

const SPEC: VerbSpec<
  "config" | "runtimeDir" | "log" | "facility" | "level" | "format" | "pidFile"
> = {
  verb: "run",
  summary: "Runs the daemon in the foreground.",
  operands: [],
  options: {
    config: {
      long: "config",
      short: "f",
      value: "FILE",
      isRequired: true,
      help: "the configuration: TOML if it ends in .toml, else keepalived.conf",
    },
    format: {
      long: "format",
      value: "FORMAT",
      choices: ["toml", "keepalived"],
      help: "its language, whatever it is called",
    },
    runtimeDir: RUNTIME_DIR_OPTION,
    log: {
      long: "log",
      value: "TARGET",
      choices: ["stderr", "journal", "syslog"],
      help: "where to log",
      fallback:
        "the journal if there is one and stderr is no terminal, else stderr",
    },
    facility: {
      long: "log-facility",
      short: "S",
      value: "FACILITY",
      choices: LOG_FACILITIES,
      help: "syslog facility",
      fallback: "daemon",
    },
    level: {
      long: "log-level",
      value: "LEVEL",
      choices: LOG_LEVELS,
      help: "the least important that is logged",
      fallback: "info",
    },
    pidFile: {
      long: "pid-file",
      value: "FILE",
      help: "hold the process id there while running",
    },
  },
};

/** Runs until a signal ends it. */
export async function run(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options } = read;
  const configPath = defined(options.value("config"), "a required option");
  const target = logTarget(options.value("log"));
  const pidFile = options.value("pidFile");
  const outcome = await runDaemon({
    configPath,
    format: configFormat(options.value("format")),
    configId: undefined,
    isWithoutVrrp: false,
    isWithoutBfd: false,
    placesIn: (namespace) => {
      const runtimeDir = options.value("runtimeDir") ?? runtimeDirIn(namespace);
      return {
        runtimeDir,
        pidFiles: pidFile === undefined ? [] : [pidFile],
        reloadMarker: `${runtimeDir}/keepalived.reload`,
      };
    },
    namespace: undefined,
    log: {
      targets: target === undefined ? undefined : [target],
      facility: parseLogFacility(options.value("facility") ?? ""),
      level: parseLogLevel(options.value("level") ?? ""),
    },
    notes: [],
  });
  return outcome === "stopped" ? EXIT.ok : EXIT.failed;
}

function configFormat(word: string | undefined): ConfigFormat | undefined {
  return word === "toml" || word === "keepalived" ? word : undefined;
}

function logTarget(word: string | undefined): LogTarget | undefined {
  return word === "stderr" || word === "journal" || word === "syslog"
    ? word
    : undefined;
}
