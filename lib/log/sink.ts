/**
 * Where log records go: the journal, the syslog socket, standard error, or several of them.
 *
 * A sink is given the function that sends bytes, so that tests need no socket and this file needs no kernel.
 * Nothing here waits: what cannot be written at once is lost, and the logger counts it.
 * @module
 */
import { encodeJournalEntry, type LogIdentity } from "./journal_entry.ts";
import type { LogRecord } from "./log_record.ts";
import { formatStderrLine, type StderrStyle } from "./stderr_line.ts";
import { encodeSyslogLine } from "./syslog_line.ts";
import { utf8Within } from "./text_bytes.ts";

/** What became of a datagram. `full`: the receiver is busy. `absent`: there is no receiver. */
export type SendOutcome = "sent" | "full" | "tooBig" | "absent";

export type SendDatagram = (bytes: Uint8Array<ArrayBuffer>) => SendOutcome;

export interface LogSink {
  /** Writes the record; false if it is lost. */
  write(record: LogRecord): boolean;
}

/** journald cuts a line of text at 48 KiB by default; we stop before. */
const JOURNAL_MESSAGE_MAX = 32_768;
/** For a socket whose buffer is too small for the first try. */
const JOURNAL_MESSAGE_FALLBACK = 1_024;
/** rsyslog's default limit of one message is 8 KiB. */
const SYSLOG_LINE_MAX = 8_000;
/** A pipe takes up to 4,096 bytes whole or not at all (pipe(7)). */
export const STDERR_LINE_MAX = 4_096;

/** journald's native protocol. */
export function journalSink(
  send: SendDatagram,
  identity: LogIdentity,
): LogSink {
  return {
    write(record) {
      const outcome = send(
        encodeJournalEntry(record, identity, JOURNAL_MESSAGE_MAX),
      );
      if (outcome !== "tooBig") return outcome === "sent";
      return send(
        encodeJournalEntry(record, identity, JOURNAL_MESSAGE_FALLBACK),
      ) === "sent";
    },
  };
}

/** The local syslog daemon. `now` gives the wall clock. */
export function syslogSink(
  send: SendDatagram,
  identity: LogIdentity,
  now: () => Date,
): LogSink {
  return {
    write: (record) =>
      send(encodeSyslogLine(record, identity, now(), SYSLOG_LINE_MAX)) ===
        "sent",
  };
}

/** Standard error. `writeLine` gets at most {@linkcode STDERR_LINE_MAX} bytes and says false instead of waiting. */
export function stderrSink(
  writeLine: (bytes: Uint8Array) => boolean,
  style: StderrStyle,
  now: () => Date,
): LogSink {
  return {
    write(record) {
      const line = formatStderrLine(record, style, now()).slice(0, -1);
      const bytes = utf8Within(line, STDERR_LINE_MAX - 1);
      const whole = new Uint8Array(bytes.length + 1);
      whole.set(bytes);
      whole[bytes.length] = 0x0a;
      return writeLine(whole);
    },
  };
}

/** Writes to all of `sinks`; a record is lost only if none took it. */
export function teeSink(sinks: readonly LogSink[]): LogSink {
  return {
    write: (record) =>
      sinks.map((sink) => sink.write(record)).some((written) => written),
  };
}
