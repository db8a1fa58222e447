import { assertEquals } from "@std/assert";
import { nextTimeMs } from "./reload_schedule.ts";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

Deno.test("nextTimeMs() reads keepalived's three forms of a time, in UTC with a Z", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["12:00:01Z", "2026-11-21T12:00:01.000Z"],
    ["11:59:59 Z", "2026-11-22T11:59:59.000Z"],
    ["12:00:00Z", "2026-11-22T12:00:00.000Z"],
    ["2026-12-24 18:30:00Z", "2026-12-24T18:30:00.000Z"],
    ["27-01-02 03:04:05Z", "2027-01-02T03:04:05.000Z"],
    ["2026-11-20 18:30:00Z", "past"],
    ["24:00:00Z", undefined],
    ["2026-13-01 00:00:00Z", undefined],
    ["soon", undefined],
    ["12:30", undefined],
  ];
  for (const [line, expected] of cases) {
    const next = nextTimeMs(line, NOW);
    assertEquals(
      typeof next === "number" ? new Date(next).toISOString() : next,
      expected,
      line,
    );
  }
});

Deno.test("nextTimeMs() takes a time without a Z as local", () => {
  const next = nextTimeMs("2026-12-24 18:30:00", NOW);
  assertEquals(next, new Date(2026, 11, 24, 18, 30, 0).getTime());
});
