/**
 * Log records as entries of journald's native protocol.
 *
 * Says:    systemd, "Native Journal Protocol": `KEY=value` lines; a value with a newline goes as the key, a newline,
 *          its length as 64 bits little-endian, the value and a newline.
 * Cost:    one entry is one datagram.
 * @module
 */
import type { LogFacility } from "../config/model.ts";
import { LOG_EVENTS } from "./log_event.ts";
import { facilityNumber } from "./log_level.ts";
import { type LogRecord, shownMessage } from "./log_record.ts";
import { utf8Within } from "./text_bytes.ts";

/** Who logs, the same in every entry. */
export interface LogIdentity {
  /** SYSLOG_IDENTIFIER: `hakeep`. */
  readonly identifier: string;
  readonly pid: number;
  readonly facility: LogFacility;
}

/** The datagram for `record`; the message is cut to `messageBytesMax` bytes. */
export function encodeJournalEntry(
  record: LogRecord,
  identity: LogIdentity,
  messageBytesMax: number,
): Uint8Array<ArrayBuffer> {
  const { fields } = record;
  const parts: Uint8Array[] = [];
  const add = (
    key: string,
    value: string | number | undefined,
    bytesMax = 1024,
  ) => {
    if (value !== undefined) {
      parts.push(encodeField(key, utf8Within(String(value), bytesMax)));
    }
  };
  add("MESSAGE", shownMessage(record), messageBytesMax);
  add("PRIORITY", record.priority);
  add("SYSLOG_FACILITY", facilityNumber(identity.facility));
  add("SYSLOG_IDENTIFIER", identity.identifier);
  add("SYSLOG_PID", identity.pid);
  add("MESSAGE_ID", LOG_EVENTS[record.event].id);
  add("HAKEEP_INSTANCE", fields.instance);
  add("HAKEEP_STATE", fields.state);
  add("HAKEEP_VRID", fields.vrid);
  add("HAKEEP_INTERFACE", fields.interface);
  add("HAKEEP_PEER", fields.peer);
  add("HAKEEP_PEER_MAC", fields.peerMac);
  add("HAKEEP_REASON", fields.reason);
  add("HAKEEP_TRACKER", fields.tracker);
  add(
    "HAKEEP_OCCURRENCES",
    record.occurrences === 1 ? undefined : record.occurrences,
  );
  return concatenate(parts);
}

const NEWLINE = 0x0a;
const encoder = new TextEncoder();

function encodeField(key: string, value: Uint8Array): Uint8Array {
  if (!value.includes(NEWLINE)) {
    return concatenate([
      encoder.encode(`${key}=`),
      value,
      Uint8Array.of(NEWLINE),
    ]);
  }
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(value.length), true);
  return concatenate([
    encoder.encode(`${key}\n`),
    length,
    value,
    Uint8Array.of(NEWLINE),
  ]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
