/**
 * Log records as lines on standard error.
 * @module
 */
import { type LogRecord, shownMessage } from "./log_record.ts";
import { oneLine } from "./syslog_line.ts";

/**
 * `journal`: standard error is the journal's stream, which takes the severity from `<N>` (sd-daemon(3)) and the time
 * from its own clock. `plain`: a terminal, file or pipe.
 */
export type StderrStyle = "journal" | "plain";

const NAMES: Readonly<Record<number, string>> = {
  2: "critical",
  3: "error",
  4: "warning",
  5: "notice",
  6: "info",
  7: "debug",
};

/** One line with its newline. `now` is shown in UTC with milliseconds. */
export function formatStderrLine(
  record: LogRecord,
  style: StderrStyle,
  now: Date,
): string {
  const message = oneLine(shownMessage(record));
  if (style === "journal") return `<${record.priority}>${message}\n`;
  return `${now.toISOString()} ${
    NAMES[record.priority] ?? "emergency"
  }: ${message}\n`;
}

/**
 * Whether the journal reads what we write: JOURNAL_STREAM (systemd.exec(5)) names the device and inode of a stream,
 * and inherited environments lie, so both must be those of our standard error.
 */
export function isJournalStream(
  journalStream: string | undefined,
  stderr: { readonly dev: number; readonly ino: number | null } | undefined,
): boolean {
  return stderr !== undefined &&
    journalStream === `${stderr.dev}:${stderr.ino}`;
}
