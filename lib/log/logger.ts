/**
 * The logger: level, then counting of repeats, then the sink. It never waits and never throws.
 * @module
 */
import type { LogLevel } from "../config/model.ts";
import { passesLevel } from "./log_level.ts";
import { type LogRecord, PRIORITY } from "./log_record.ts";
import { RepeatFilter } from "./repeat_filter.ts";
import type { LogSink } from "./sink.ts";

/** Time, as the logger needs it. */
export interface LogClock {
  /** Milliseconds of a clock that does not jump. */
  nowMs(): number;
  /** Calls `then` once after `delayMs`, without keeping the process alive for it. */
  after(delayMs: number, then: () => void): void;
}

export class Logger {
  readonly #sink: LogSink;
  readonly #level: LogLevel;
  readonly #clock: LogClock;
  readonly #filter = new RepeatFilter();
  #alarmAtMs: number | undefined;
  #lost = 0;

  constructor(sink: LogSink, level: LogLevel, clock: LogClock) {
    this.#sink = sink;
    this.#level = level;
    this.#clock = clock;
  }

  log(record: LogRecord): void {
    if (!passesLevel(record.priority, this.#level)) return;
    this.#writeAll(this.#filter.offer(record, this.#clock.nowMs()));
    this.#setAlarm();
  }

  /** Writes the sums of what is still held back. */
  flush(): void {
    this.#writeAll(this.#filter.drain());
  }

  #writeAll(records: readonly LogRecord[]): void {
    for (const record of records) this.#write(record);
  }

  #write(record: LogRecord): void {
    if (this.#lost > 0 && this.#sink.write(lostRecord(this.#lost))) {
      this.#lost = 0;
    }
    if (!this.#sink.write(record)) this.#lost++;
  }

  #setAlarm(): void {
    const dueMs = this.#filter.nextDueMs;
    if (
      dueMs === undefined ||
      (this.#alarmAtMs !== undefined && this.#alarmAtMs <= dueMs)
    ) return;
    this.#alarmAtMs = dueMs;
    this.#clock.after(Math.max(0, dueMs - this.#clock.nowMs()), () => {
      this.#alarmAtMs = undefined;
      this.#writeAll(this.#filter.expire(this.#clock.nowMs()));
      this.#setAlarm();
    });
  }
}

function lostRecord(count: number): LogRecord {
  const messages = count === 1
    ? "1 log message was"
    : `${count} log messages were`;
  return {
    priority: PRIORITY.warning,
    message: `${messages} lost: the log did not take them`,
    event: "messagesLost",
    fields: {},
  };
}
