import { assertEquals } from "@std/assert";
import { startsAtAfterReload, startsAtNs } from "./start_delay.ts";

const NONE = { afterStartNs: 0, afterBootNs: 0 };

Deno.test("startsAtNs() is at once without a delay, else the later of both", () => {
  assertEquals(startsAtNs(NONE, 100e9), 0);
  assertEquals(startsAtNs({ ...NONE, afterStartNs: 5e9 }, 100e9), 105e9);
  assertEquals(startsAtNs({ ...NONE, afterBootNs: 60e9 }, 100e9), 60e9);
  assertEquals(
    startsAtNs({ afterStartNs: 5e9, afterBootNs: 120e9 }, 100e9),
    120e9,
  );
});

Deno.test("startsAtAfterReload() changes a delay that runs, and begins none", () => {
  const delay = { ...NONE, afterStartNs: 20e9 };
  assertEquals(startsAtAfterReload(105e9, delay, 100e9, 103e9), 120e9);
  assertEquals(startsAtAfterReload(105e9, NONE, 100e9, 103e9), 0);
  assertEquals(startsAtAfterReload(105e9, delay, 100e9, 106e9), 105e9);
  assertEquals(startsAtAfterReload(0, delay, 100e9, 106e9), 0);
});
