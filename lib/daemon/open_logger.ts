/**
 * Opens the log: the journal, syslog or standard error, as configured or as fits the surroundings.
 * @module
 */
import type {
  LogConfig,
  LogFacility,
  LogLevel,
  LogTarget,
} from "../config/model.ts";
import { Logger } from "../log/logger.ts";
import {
  journalSink,
  type LogSink,
  type SendDatagram,
  stderrSink,
  syslogSink,
  teeSink,
} from "../log/sink.ts";
import { isJournalStream } from "../log/stderr_line.ts";
import { openDatagramSender, writeStderrNow } from "../world/daemon_linux.ts";

const JOURNAL_SOCKET = "/run/systemd/journal/socket";
const SYSLOG_SOCKET = "/dev/log";
const DEFAULT_FACILITY: LogFacility = "daemon";
const DEFAULT_LEVEL: LogLevel = "info";

/** What the command line says of the log; it wins over the file. */
export interface LogOptions {
  /** Undefined leaves it to the file, and then to the surroundings; none is silence. */
  readonly targets: readonly LogTarget[] | undefined;
  readonly facility: LogFacility | undefined;
  readonly level: LogLevel | undefined;
}

/** What a configuration says of the log. */
export type LogSettings = Pick<LogConfig, "target" | "facility" | "level">;

/** Makes the logger. */
export function openLogger(options: LogOptions, file: LogSettings): Logger {
  const facility = options.facility ?? file.facility ?? DEFAULT_FACILITY;
  const level = options.level ?? file.level ?? DEFAULT_LEVEL;
  const sinks = logTargets(options, file)
    .map((target) => openSink(target, facility));
  return new Logger(sinks.length === 0 ? SILENCE : teeSink(sinks), level, {
    nowMs: () => performance.now(),
    after: (delayMs, then) => {
      Deno.unrefTimer(setTimeout(then, delayMs));
    },
  });
}

const SILENCE: LogSink = { write: () => true };

/** Where the log goes. */
export function logTargets(
  options: LogOptions,
  file: LogSettings,
): readonly LogTarget[] {
  return options.targets ?? [file.target ?? defaultTarget()];
}

/** A person at a terminal reads standard error; a service's lines belong into the journal. */
function defaultTarget(): LogTarget {
  return !Deno.stderr.isTerminal() && isThere(JOURNAL_SOCKET)
    ? "journal"
    : "stderr";
}

/** The log of the system: the journal, else what listens on /dev/log, else none. */
export function systemLogTarget(): LogTarget | undefined {
  if (isThere(JOURNAL_SOCKET)) return "journal";
  return isThere(SYSLOG_SOCKET) ? "syslog" : undefined;
}

/** Whether the journal reads our standard error. */
export function isStderrJournal(): boolean {
  return isJournalStream(Deno.env.get("JOURNAL_STREAM"), statStderr());
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    // Not there, or not for us: either way it is no log of ours.
    return false;
  }
}

function openSink(target: LogTarget, facility: LogFacility): LogSink {
  const identity = { identifier: "hakeep", pid: Deno.pid, facility };
  const now = () => new Date();
  switch (target) {
    case "journal":
      return journalSink(sender(JOURNAL_SOCKET), identity);
    case "syslog":
      return syslogSink(sender(SYSLOG_SOCKET), identity, now);
    case "stderr": {
      const style = isStderrJournal() ? "journal" : "plain";
      return stderrSink(writeStderrNow, style, now);
    }
  }
}

function sender(path: string): SendDatagram {
  const opened = openDatagramSender(path);
  if (opened === undefined) {
    throw new RangeError(
      `Cannot log to ${path}: the name is too long for a socket`,
    );
  }
  return (bytes) => opened.send(bytes);
}

function statStderr():
  | { readonly dev: number; readonly ino: number | null }
  | undefined {
  try {
    return Deno.statSync("/proc/self/fd/2");
  } catch {
    return undefined;
  }
}
