import { assertEquals } from "@std/assert";
import { emptyCounters, TOLERATED_DIFFERENCES } from "./counters.ts";
import { REJECT_REASONS } from "./receive.ts";

Deno.test("emptyCounters() has every reason and every difference at zero", () => {
  const counters = emptyCounters();
  assertEquals(Object.keys(counters.rejected), [...REJECT_REASONS]);
  assertEquals(Object.keys(counters.tolerated), [...TOLERATED_DIFFERENCES]);
  for (
    const count of [
      ...Object.values(counters.rejected),
      ...Object.values(counters.tolerated),
    ]
  ) assertEquals(count, 0);
});

Deno.test("emptyCounters() makes counters that share nothing", () => {
  const counters = emptyCounters();
  counters.rejected.ttlInvalid++;
  counters.advertsSent++;
  assertEquals(emptyCounters().rejected.ttlInvalid, 0);
  assertEquals(emptyCounters().advertsSent, 0);
});
