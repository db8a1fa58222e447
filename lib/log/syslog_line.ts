/**
 * Log records as lines for the local syslog daemon's socket.
 *
 * Says:    RFC 3164 §4.1 in the form that local daemons read from /dev/log: priority, local time, tag, text, no host.
 * Units:   the time is local wall clock.
 * @module
 */
import type { LogIdentity } from "./journal_entry.ts";
import { facilityNumber } from "./log_level.ts";
import { type LogRecord, shownMessage } from "./log_record.ts";
import { utf8Within } from "./text_bytes.ts";

const MONTHS = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];

/** The datagram for `record`, at most `bytesMax` bytes. */
export function encodeSyslogLine(
  record: LogRecord,
  identity: LogIdentity,
  now: Date,
  bytesMax: number,
): Uint8Array<ArrayBuffer> {
  const priority = facilityNumber(identity.facility) * 8 + record.priority;
  const tag = `${identity.identifier}[${identity.pid}]`;
  const line = `<${priority}>${timestamp(now)} ${tag}: ${
    oneLine(shownMessage(record))
  }`;
  return utf8Within(line, bytesMax);
}

/** `Feb  5 17:32:18`: the day is padded with a space. */
function timestamp(now: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = String(now.getDate()).padStart(2, " ");
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${
    two(now.getSeconds())
  }`;
  return `${MONTHS[now.getMonth()] ?? ""} ${day} ${time}`;
}

/** Control characters as `#NNN` in octal, the way syslog daemons write what would break a line. */
export function oneLine(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (c) => `#${c.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}
