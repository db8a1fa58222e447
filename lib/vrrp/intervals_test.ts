import { assertEquals } from "@std/assert";
import { exampleRouter } from "./example_router.ts";
import { masterDownIntervalNs, routerSkewNs, skewTimeNs } from "./intervals.ts";

Deno.test("masterDownIntervalNs() of one second is that of the tables, in both versions", () => {
  const table: readonly [number, number][] = [
    [255, 3_003_906_250],
    [254, 3_007_812_500],
    [150, 3_414_062_500],
    [100, 3_609_375_000],
    [1, 3_996_093_750],
  ];
  for (const version of [2, 3] as const) {
    for (const [priority, expected] of table) {
      const config = exampleRouter({ version, priority });
      assertEquals(masterDownIntervalNs(config, priority, 1e9), expected);
    }
  }
});

Deno.test("masterDownIntervalNs() of version 3 follows the master's interval", () => {
  const config = exampleRouter({ version: 3 });
  assertEquals(masterDownIntervalNs(config, 100, 100e6), 360_937_500);
});

Deno.test("masterDownIntervalNs() of version 2 keeps to its own interval and a skew below one second", () => {
  const config = exampleRouter({ advertIntervalNs: 10e9 });
  assertEquals(masterDownIntervalNs(config, 100, 1e9), 30_609_375_000);
});

Deno.test("down_timer_adverts is how many adverts may be lost", () => {
  const config = exampleRouter({ version: 3, downTimerAdverts: 1 });
  assertEquals(masterDownIntervalNs(config, 100, 1e9), 1_609_375_000);
});

Deno.test("an owner reckons with 255 even while it calls itself 254", () => {
  const owner = exampleRouter({ priority: 255 });
  assertEquals(routerSkewNs(owner, 254, 1e9), 3_906_250);
  assertEquals(routerSkewNs(exampleRouter(), 254, 1e9), 7_812_500);
});

Deno.test("skewTimeNs() loses nothing to rounding at any priority and v3 interval", () => {
  for (let priority = 1; priority <= 255; priority++) {
    assertEquals(skewTimeNs(2, priority, 0), (256 - priority) * 3_906_250);
    for (let cs = 1; cs <= 4095; cs += 7) {
      const skew = skewTimeNs(3, priority, cs * 10e6);
      assertEquals(skew, (256 - priority) * cs * 39_062.5);
    }
  }
});
