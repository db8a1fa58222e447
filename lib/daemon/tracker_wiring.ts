/**
 * What every runner of a tracked object is given: time, the engine's ear, the log.
 * @module
 */
import type { LogRecord } from "../log/log_record.ts";
import type { TrackerKind, TrackerValue } from "../vrrp/tracking.ts";
import type { Timers } from "./timers.ts";

export interface TrackerWiring {
  readonly timers: Timers;
  /** Tells the engine what is known now of the tracked object `name`. */
  readonly tell: (name: string, value: TrackerValue) => void;
  /** Nobody watches it any more. */
  readonly forget: (kind: TrackerKind, name: string) => void;
  readonly log: (record: LogRecord) => void;
}
