import { assertEquals } from "@std/assert";
import { type LogClock, Logger } from "./logger.ts";
import {
  type LogRecord,
  PRIORITY,
  type Priority,
  shownMessage,
} from "./log_record.ts";
import type { LogSink } from "./sink.ts";

class FakeClock implements LogClock {
  #nowMs = 0;
  #alarms: { atMs: number; then: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, then: () => void): void {
    this.#alarms.push({ atMs: this.#nowMs + delayMs, then });
  }

  /** Runs every alarm due until `toMs`, in order. */
  advance(toMs: number): void {
    for (;;) {
      const due = this.#alarms.filter((alarm) => alarm.atMs <= toMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== due);
      this.#nowMs = due.atMs;
      due.then();
    }
    this.#nowMs = toMs;
  }

  get alarms(): number {
    return this.#alarms.length;
  }
}

class FakeSink implements LogSink {
  readonly written: string[] = [];
  isFull = false;

  write(record: LogRecord): boolean {
    if (this.isFull) return false;
    this.written.push(shownMessage(record));
    return true;
  }
}

function rejected(
  message: string,
  priority: Priority = PRIORITY.warning,
): LogRecord {
  return { priority, message, event: "advertRejected", fields: {} };
}

Deno.test("Logger leaves out what is above its level", () => {
  const sink = new FakeSink();
  const logger = new Logger(sink, "notice", new FakeClock());
  logger.log(rejected("a", PRIORITY.info));
  logger.log(rejected("b", PRIORITY.notice));
  assertEquals(sink.written, ["b"]);
});

Deno.test("Logger writes the sum of repeats when their window ends, with one alarm", () => {
  const sink = new FakeSink();
  const clock = new FakeClock();
  const logger = new Logger(sink, "info", clock);
  for (let i = 0; i < 5; i++) logger.log(rejected("a"));
  assertEquals(clock.alarms, 1);
  clock.advance(120_000);
  assertEquals(sink.written, ["a", "a (4 more in the last 2 minutes)"]);
  assertEquals(clock.alarms, 0);
});

Deno.test("Logger.flush() writes what is held back", () => {
  const sink = new FakeSink();
  const logger = new Logger(sink, "info", new FakeClock());
  logger.log(rejected("a"));
  logger.log(rejected("a"));
  logger.flush();
  assertEquals(sink.written, ["a", "a (1 more in the last 2 minutes)"]);
});

Deno.test("Logger counts what a full sink lost and says so when it takes messages again", () => {
  const sink = new FakeSink();
  const logger = new Logger(sink, "info", new FakeClock());
  sink.isFull = true;
  logger.log(rejected("a"));
  logger.log(rejected("b"));
  sink.isFull = false;
  logger.log(rejected("c"));
  logger.log(rejected("d"));
  assertEquals(sink.written, [
    "2 log messages were lost: the log did not take them",
    "c",
    "d",
  ]);
});
