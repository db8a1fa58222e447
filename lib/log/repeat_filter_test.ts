import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type LogRecord, PRIORITY, shownMessage } from "./log_record.ts";
import { KINDS_MAX, RepeatFilter, WINDOWS_MS } from "./repeat_filter.ts";

function limited(message: string, occurrences = 1): LogRecord {
  return {
    priority: PRIORITY.warning,
    message,
    event: "advertRejected",
    fields: { instance: "VI_1" },
    occurrences,
  };
}

function shown(records: readonly LogRecord[]): string[] {
  return records.map(shownMessage);
}

Deno.test("RepeatFilter passes the first and counts the rest until the window ends", () => {
  const filter = new RepeatFilter();
  assertEquals(shown(filter.offer(limited("a"), 0)), ["a"]);
  assertEquals(filter.nextDueMs, undefined);
  assertEquals(filter.offer(limited("a"), 1_000), []);
  assertEquals(filter.offer(limited("a", 4), 2_000), []);
  assertEquals(filter.nextDueMs, 120_000);
  assertEquals(filter.expire(119_999), []);
  assertEquals(shown(filter.expire(120_000)), [
    "a (5 more in the last 2 minutes)",
  ]);
});

Deno.test("RepeatFilter makes the windows longer while a message keeps coming", () => {
  const filter = new RepeatFilter();
  const sums: string[] = [];
  for (let ms = 0; ms <= 4 * 3_600_000; ms += 1_000) {
    sums.push(...shown(filter.offer(limited("a"), ms)));
  }
  assertEquals(sums, [
    "a",
    "a (119 more in the last 2 minutes)",
    "a (600 more in the last 10 minutes)",
    "a (3600 more in the last hour)",
    "a (3600 more in the last hour)",
    "a (3600 more in the last hour)",
  ]);
});

Deno.test("RepeatFilter passes a message at once again after a window without it", () => {
  const filter = new RepeatFilter();
  filter.offer(limited("a"), 0);
  assertEquals(shown(filter.offer(limited("a"), 120_000)), ["a"]);
});

Deno.test("RepeatFilter never holds back an event whose repeats matter", () => {
  const filter = new RepeatFilter();
  const record: LogRecord = {
    ...limited("VI_1: MASTER"),
    event: "stateChanged",
  };
  assertEquals(filter.offer(record, 0), [record]);
  assertEquals(filter.offer(record, 1), [record]);
});

Deno.test("RepeatFilter tells messages of different instances apart", () => {
  const filter = new RepeatFilter();
  assertEquals(filter.offer(limited("a"), 0).length, 1);
  assertEquals(
    filter.offer({ ...limited("a"), fields: { instance: "VI_2" } }, 0).length,
    1,
  );
});

Deno.test("RepeatFilter forgets the oldest message and gives its sum when it is full", () => {
  const filter = new RepeatFilter();
  filter.offer(limited("first"), 0);
  filter.offer(limited("first"), 0);
  for (let i = 1; i < KINDS_MAX; i++) {
    assertEquals(filter.offer(limited(`m${i}`), 0).length, 1);
  }
  assertEquals(shown(filter.offer(limited("one too many"), 0)), [
    "first (1 more in the last 2 minutes)",
    "one too many",
  ]);
});

Deno.test("RepeatFilter.drain() gives what is held back", () => {
  const filter = new RepeatFilter();
  filter.offer(limited("a"), 0);
  filter.offer(limited("a"), 0);
  filter.offer(limited("b"), 0);
  assertEquals(shown(filter.drain()), ["a (1 more in the last 2 minutes)"]);
  assertEquals(filter.drain(), []);
});

Deno.test("RepeatFilter loses no occurrence, whatever comes when", () => {
  const arrivals = fc.array(
    fc.record({
      message: fc.constantFrom("a", "b", "c"),
      afterMs: fc.nat(2 * (WINDOWS_MS[0] ?? 0)),
      occurrences: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 200 },
  );
  fc.assert(fc.property(arrivals, (list) => {
    const filter = new RepeatFilter();
    let nowMs = 0;
    let written = 0;
    let offered = 0;
    const count = (records: readonly LogRecord[]) => {
      for (const record of records) written += record.occurrences ?? 1;
    };
    for (const { message, afterMs, occurrences } of list) {
      nowMs += afterMs;
      offered += occurrences;
      count(filter.offer(limited(message, occurrences), nowMs));
    }
    count(filter.drain());
    assertEquals(written, offered);
  }));
});
