/**
 * A log record: one line for people, with the fields that machines look for.
 *
 * Units:   priorities are syslog's, 0 (emergency) .. 7 (debug).
 * @module
 */
import type { LogEvent } from "./log_event.ts";

/** syslog(3) severities; the smaller the worse. */
export type Priority = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const PRIORITY = {
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
} as const;

export interface LogRecord {
  readonly priority: Priority;
  /** One sentence without a full stop. Names the instance, if it is about one. */
  readonly message: string;
  /** What kind of thing happened; gives MESSAGE_ID. */
  readonly event: LogEvent;
  readonly fields: LogFields;
  /** How many occurrences the record stands for; 1 unless given. */
  readonly occurrences?: number;
  /** Set on a sum of repeats: `minute`, `15 minutes`, what the occurrences were counted over. */
  readonly within?: string;
}

/** The journal's HAKEEP_… fields. */
export interface LogFields {
  /** HAKEEP_INSTANCE. */
  readonly instance?: string;
  /** HAKEEP_STATE: the state after the event. */
  readonly state?: string;
  /** HAKEEP_VRID. */
  readonly vrid?: number;
  /** HAKEEP_INTERFACE. */
  readonly interface?: string;
  /** HAKEEP_PEER: the other router's address. */
  readonly peer?: string;
  /** HAKEEP_PEER_MAC. */
  readonly peerMac?: string;
  /** HAKEEP_REASON: a reject reason or a transition's cause, as spelled in status. */
  readonly reason?: string;
  /** HAKEEP_TRACKER: name of a tracked script, file, process or BFD session. */
  readonly tracker?: string;
}

/** The message as it is shown: with the number of occurrences behind it, when the record stands for several. */
export function shownMessage(record: LogRecord): string {
  const occurrences = record.occurrences ?? 1;
  if (record.within !== undefined) {
    return `${record.message} (${occurrences} more in the last ${record.within})`;
  }
  return occurrences === 1
    ? record.message
    : `${record.message} (${occurrences} times)`;
}
