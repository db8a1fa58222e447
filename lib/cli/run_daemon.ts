/**
 * Runs the daemon, whichever command line asked for it: reads the configuration, opens the log, tells what is wrong.
 * @module
 */
import { buildInfo } from "../build_info.ts";
import { NO_NOTIFY } from "../config/notify_model.ts";
import { EMPTY_PLAN } from "../config/resolve_plan.ts";
import { Daemon, type DaemonOutcome } from "../daemon/daemon.ts";
import { EngineHost } from "../daemon/engine_host.ts";
import { engineUrl } from "../daemon/engine_url.ts";
import { libnlPath } from "../daemon/libnl_path.ts";
import {
  isStderrJournal,
  type LogOptions,
  logTargets,
  openLogger,
} from "../daemon/open_logger.ts";
import { ServiceManager } from "../daemon/service_manager.ts";
import { type DiagnosticDocument, diagnosticDocuments } from "../diag/json.ts";
import { renderDiagnostics } from "../diag/render.ts";
import type { LogEvent } from "../log/log_event.ts";
import { type LogRecord, PRIORITY, type Priority } from "../log/log_record.ts";
import type { Logger } from "../log/logger.ts";
import {
  isInNetworkNamespace,
  restartInNetworkNamespace,
} from "../world/network_namespace.ts";
import {
  type ConfigFormat,
  loadConfig,
  type LoadedConfig,
} from "./load_config.ts";
import { printError } from "./verb.ts";

/** What a daemon is started with. */
export interface RunOptions {
  readonly configPath: string;
  readonly format: ConfigFormat | undefined;
  /** keepalived's `--config-id`; the host name unless given. */
  readonly configId: string | undefined;
  /** keepalived's `-C`: run no instance. */
  readonly isWithoutVrrp: boolean;
  /** keepalived's `-B`: run no BFD session. */
  readonly isWithoutBfd: boolean;
  /** keepalived's `-s`: the network namespace to run in, whatever the configuration says. */
  readonly namespace: string | undefined;
  /** Where its files are when it runs in that network namespace, or where it is started. */
  readonly placesIn: (namespace: string | undefined) => RunPlaces;
  readonly log: LogOptions;
  /** What the command line said without effect, one sentence each. */
  readonly notes: readonly string[];
}

/** Where a daemon's files are. */
export interface RunPlaces {
  readonly runtimeDir: string;
  readonly pidFiles: readonly string[];
  /** The file of `reload_file` without a path. */
  readonly reloadMarker: string;
}

/** `refused`: the configuration has errors. */
export type RunOutcome = DaemonOutcome | "refused";

/** Reads the configuration and runs the daemon until a signal ends it. */
export async function runDaemon(options: RunOptions): Promise<RunOutcome> {
  const { configPath, format, configId } = options;
  const engine = new EngineHost(engineUrl());
  const load = async (): Promise<LoadedConfig> => {
    const loaded = await loadConfig(configPath, format, configId);
    const bfdSessions = options.isWithoutBfd ? [] : loaded.plan.bfdSessions;
    return options.isWithoutVrrp
      ? { ...loaded, plan: { ...EMPTY_PLAN, bfdSessions }, notify: NO_NOTIFY }
      : { ...loaded, plan: { ...loaded.plan, bfdSessions } };
  };
  const loaded = await load();
  const logger = openLogger(options.log, loaded.log);
  for (const note of options.notes) {
    logger.log(record("optionIgnored", PRIORITY.notice, note));
  }
  if (loaded.isRefused) {
    engine.discard();
    tellRefusal(options, loaded, logger);
    return "refused";
  }
  const namespace = options.namespace ?? loaded.process.netNamespace;
  const isThere = entered(namespace, logger);
  logDiagnostics(logger, loaded);
  const library = isThere ? findLibnl(logger) : undefined;
  if (library === undefined) {
    engine.discard();
    return "failed";
  }
  const daemon = new Daemon({
    version: buildInfo().version,
    configPath,
    ...options.placesIn(namespace),
    plan: loaded.plan,
    notify: loaded.notify,
    process: loaded.process,
    engine,
    libnlPath: library,
    logger,
    serviceManager: new ServiceManager(
      Deno.env.get("NOTIFY_SOCKET"),
      Deno.env.get("WATCHDOG_USEC"),
    ),
    reread: async () => {
      const again = await load();
      logDiagnostics(logger, again);
      if (again.isRefused) return { refusal: firstError(again) };
      const namespaceNow = options.namespace ?? again.process.netNamespace;
      if (namespaceNow !== namespace) {
        return { refusal: `${configPath}: ${NAMESPACE_CHANGED}` };
      }
      const [leftOut] = again.leftOut;
      // A daemon that starts may leave it out; a running one would take its addresses away for a slip of the pen.
      return leftOut === undefined
        ? { plan: again.plan, notify: again.notify, process: again.process }
        : { refusal: `${configPath}: instance ${leftOut} is incomplete` };
    },
  });
  return await daemon.run();
}

const NAMESPACE_CHANGED =
  "another net_namespace cannot be entered while the daemon runs; restart it";

/**
 * Whether the process is where it is to run. If it is not yet it begins anew there, and this call does not return;
 * false if it cannot.
 */
function entered(namespace: string | undefined, logger: Logger): boolean {
  if (namespace === undefined || isInNetworkNamespace(namespace)) return true;
  try {
    logger.flush();
    restartInNetworkNamespace(namespace);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    logger.log(record("startFailed", PRIORITY.error, `net_namespace: ${why}`));
    return false;
  }
}

function findLibnl(logger: Logger): string | undefined {
  try {
    return libnlPath();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    logger.log(record("startFailed", PRIORITY.critical, why));
    return undefined;
  }
}

/**
 * Whoever started us by hand reads pictures on standard error; who looks into a log finds a line each. Under systemd
 * standard error is the log, and pictures would only be in the way.
 */
function tellRefusal(
  { configPath, log }: RunOptions,
  loaded: LoadedConfig,
  logger: Logger,
): void {
  const isPictured = !isStderrJournal();
  if (isPictured) {
    printError(renderDiagnostics(loaded.diagnostics));
    printError(`${configPath} is refused\n`);
  }
  const targets = logTargets(log, loaded.log);
  if (isPictured && targets.every((target) => target === "stderr")) return;
  logDiagnostics(logger, loaded);
  logger.log(record(
    "configRefused",
    PRIORITY.error,
    `${configPath} is refused: ${firstError(loaded)}`,
  ));
}

function firstError(loaded: LoadedConfig): string {
  const error = diagnosticDocuments(loaded.diagnostics)
    .find(({ severity }) => severity === "error");
  return error === undefined ? "the configuration has errors" : oneLine(error);
}

const PRIORITIES = {
  error: PRIORITY.error,
  warning: PRIORITY.warning,
  advice: PRIORITY.info,
} as const;

function logDiagnostics(logger: Logger, loaded: LoadedConfig): void {
  for (const found of diagnosticDocuments(loaded.diagnostics)) {
    logger.log(
      record("configDiagnostic", PRIORITIES[found.severity], oneLine(found)),
    );
  }
}

/** `FILE:LINE:COLUMN: message [CODE]; help`, for logs that have no room for a picture. */
function oneLine(found: DiagnosticDocument): string {
  const { file, line, column, message, code, help } = found;
  const advice = help === null ? "" : `; ${help}`;
  const place = line === null ? file : `${file}:${line}:${column}`;
  return `${place}: ${message} [${code}]${advice}`;
}

function record(
  event: LogEvent,
  priority: Priority,
  message: string,
): LogRecord {
  return { event, priority, message, fields: {} };
}
