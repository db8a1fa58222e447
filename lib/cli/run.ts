/**
 * `hakeep run`: the daemon, in the foreground.
 * @module
 */
import { buildInfo } from "../build_info.ts";
import type { LogTarget } from "../config/model.ts";
import { Daemon } from "../daemon/daemon.ts";
import { engineUrl } from "../daemon/engine_url.ts";
import { libnlPath } from "../daemon/libnl_path.ts";
import { type LogOptions, openLogger } from "../daemon/open_logger.ts";
import { ServiceManager } from "../daemon/service_manager.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import { renderDiagnostics } from "../diag/render.ts";
import {
  LOG_FACILITIES,
  LOG_LEVELS,
  parseLogFacility,
  parseLogLevel,
} from "../log/log_level.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import type { Logger } from "../log/logger.ts";
import {
  type ConfigFormat,
  loadConfig,
  type LoadedConfig,
} from "./load_config.ts";
import type { VerbSpec } from "./option_table.ts";
import { DEFAULT_RUNTIME_DIR } from "./runtime_dir.ts";
import { EXIT, printError, readArguments } from "./verb.ts";

const SPEC: VerbSpec<
  "config" | "runtimeDir" | "log" | "facility" | "level" | "format"
> = {
  verb: "run",
  summary:
    "Runs the daemon in the foreground. FILE is TOML if it ends in .toml, else keepalived syntax.",
  operands: [],
  options: {
    config: {
      long: "config",
      short: "f",
      value: "FILE",
      help: "the configuration (required)",
    },
    runtimeDir: {
      long: "runtime-dir",
      value: "DIR",
      help: `where the control socket lives (default ${DEFAULT_RUNTIME_DIR})`,
    },
    log: {
      long: "log",
      value: "TARGET",
      choices: ["stderr", "journal", "syslog"],
      help: "where to log",
    },
    facility: {
      long: "log-facility",
      short: "S",
      value: "FACILITY",
      choices: LOG_FACILITIES,
      help: "syslog facility of what is logged (default daemon)",
    },
    level: {
      long: "log-level",
      value: "LEVEL",
      choices: LOG_LEVELS,
      help: "the least that is logged (default info)",
    },
    format: {
      long: "format",
      value: "FORMAT",
      choices: ["toml", "keepalived"],
      help: "the configuration's language",
    },
  },
};

/** What a daemon is started with, whichever command line said it. */
export interface RunOptions {
  readonly configPath: string;
  readonly format: ConfigFormat | undefined;
  readonly runtimeDir: string;
  readonly log: LogOptions;
}

export async function run(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options } = read;
  const configPath = options.value("config");
  if (configPath === undefined) {
    printError("hakeep run: --config FILE is missing\n");
    return EXIT.usage;
  }
  return await runDaemon({
    configPath,
    format: formatOf(options.value("format")),
    runtimeDir: options.value("runtimeDir") ?? DEFAULT_RUNTIME_DIR,
    log: {
      target: targetOf(options.value("log")),
      facility: parseLogFacility(options.value("facility") ?? ""),
      level: parseLogLevel(options.value("level") ?? ""),
    },
  });
}

/** Reads the configuration and runs the daemon; returns the exit code. */
export async function runDaemon(options: RunOptions): Promise<number> {
  const { configPath, format, runtimeDir } = options;
  const loaded = loadConfig(configPath, format);
  if (loaded.isRefused) {
    printError(renderDiagnostics(loaded.diagnostics));
    printError(`hakeep run: ${configPath} is refused\n`);
    logRefusal(options, loaded);
    return EXIT.failed;
  }
  const logger = openLogger(options.log, loaded.config.log);
  logDiagnostics(logger, loaded.diagnostics);
  const daemon = new Daemon({
    version: buildInfo().version,
    configPath,
    runtimeDir,
    routers: loaded.routers,
    engineUrl: engineUrl(),
    libnlPath: libnlPath(),
    pidFile: undefined,
    logger,
    serviceManager: new ServiceManager(
      Deno.env.get("NOTIFY_SOCKET"),
      Deno.env.get("WATCHDOG_USEC"),
    ),
    reread: () => {
      const again = loadConfig(configPath, format);
      logDiagnostics(logger, again.diagnostics);
      return again.isRefused
        ? { refusal: firstError(again) }
        : { routers: again.routers };
    },
  });
  return await daemon.run();
}

function formatOf(word: string | undefined): ConfigFormat | undefined {
  return word === "toml" || word === "keepalived" ? word : undefined;
}

function targetOf(word: string | undefined): LogTarget | undefined {
  return word === "stderr" || word === "journal" || word === "syslog"
    ? word
    : undefined;
}

/** A service's operator looks into the journal, not at standard error. */
function logRefusal(options: RunOptions, loaded: LoadedConfig): void {
  if (Deno.stderr.isTerminal()) return;
  const logger = openLogger(options.log, {
    target: undefined,
    facility: undefined,
    level: undefined,
  });
  if (options.log.target !== "stderr") {
    logDiagnostics(logger, loaded.diagnostics);
  }
  const message = `${options.configPath} is refused: ${firstError(loaded)}`;
  logger.log({
    event: "configRefused",
    priority: PRIORITY.error,
    message,
    fields: {},
  });
  logger.flush();
}

function firstError(loaded: LoadedConfig): string {
  const error = loaded.diagnostics.find(({ severity }) => severity === "error");
  return error === undefined ? "the configuration has errors" : oneLine(error);
}

function logDiagnostics(
  logger: Logger,
  diagnostics: readonly Diagnostic[],
): void {
  for (const diagnostic of diagnostics) {
    logger.log(diagnosticRecord(diagnostic));
  }
}

const SEVERITIES = {
  error: PRIORITY.error,
  warning: PRIORITY.warning,
  advice: PRIORITY.info,
} as const;

function diagnosticRecord(diagnostic: Diagnostic): LogRecord {
  return {
    event: "configDiagnostic",
    priority: SEVERITIES[diagnostic.severity],
    message: oneLine(diagnostic),
    fields: {},
  };
}

/** `FILE:LINE: message [CODE]; help`, for logs that have no room for a picture. */
function oneLine(diagnostic: Diagnostic): string {
  const { span, code, message, help } = diagnostic;
  const line = span.source.text.slice(0, span.start).split("\n").length;
  const advice = help === undefined ? "" : `; ${help}`;
  return `${span.source.name}:${line}: ${message} [${code}]${advice}`;
}
