import { assertEquals } from "@std/assert";
import { formatDuration, nsFromSeconds, secondsFromNs } from "./duration.ts";

Deno.test("nsFromSeconds() rounds to the nearest nanosecond", () => {
  assertEquals(nsFromSeconds(1), 1_000_000_000);
  assertEquals(nsFromSeconds(0.01), 10_000_000);
  assertEquals(nsFromSeconds(40.95), 40_950_000_000);
  assertEquals(nsFromSeconds(0.3), 300_000_000);
});

Deno.test("secondsFromNs() undoes nsFromSeconds() for every v3 interval", () => {
  for (let cs = 1; cs <= 4095; cs++) {
    assertEquals(secondsFromNs(nsFromSeconds(cs / 100)), cs / 100);
  }
});

Deno.test("formatDuration() picks the unit and drops needless decimals", () => {
  const cases: [number, string][] = [
    [0, "0 s"],
    [1e9, "1 s"],
    [1.5e9, "1.5 s"],
    [3_609_375_000, "3.609 s"],
    [10e6, "10 ms"],
    [250_000, "0.25 ms"],
    [40.95e9, "40.95 s"],
  ];
  for (const [ns, text] of cases) assertEquals(formatDuration(ns), text);
});
