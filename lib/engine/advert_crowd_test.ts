import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { AdvertCrowd } from "./advert_crowd.ts";

const SECOND_NS = 1e9;

/** Runs `routers` that begin together for `rounds` intervals; returns the deadlines of the last round, in order. */
function spread(
  routers: number,
  intervalNs: number,
  rounds: number,
  startsNs: readonly number[] = [],
): number[] {
  const crowd = new AdvertCrowd();
  let deadlines = Array.from({ length: routers }, (_, i) => startsNs[i] ?? 0);
  for (let round = 0; round < rounds; round++) {
    deadlines = deadlines.toSorted((a, b) => a - b).map((atNs) => {
      const early = crowd.earlyNs(atNs, intervalNs, routers);
      assert(early >= 0 && early <= intervalNs / 2, `${early} is too early`);
      return atNs + intervalNs - early;
    });
  }
  return deadlines.toSorted((a, b) => a - b);
}

/** The most deadlines within 4 ms. */
function densest(deadlines: readonly number[]): number {
  return Math.max(
    ...deadlines.map((atNs) =>
      deadlines.filter((other) => other >= atNs && other <= atNs + 4e6).length
    ),
  );
}

Deno.test("AdvertCrowd leaves few routers alone", () => {
  assertEquals(spread(32, SECOND_NS, 2), new Array(32).fill(2 * SECOND_NS));
});

Deno.test("AdvertCrowd spreads a crowd in one round, 32 adverts every 16 ms", () => {
  const deadlines = spread(510, SECOND_NS, 1);
  assertEquals(densest(deadlines), 32);
  assertEquals(deadlines.at(-1), SECOND_NS);
  assertEquals(deadlines[0], SECOND_NS - 15 * 16e6);
});

Deno.test("AdvertCrowd lets a crowd that is spread keep its times", () => {
  const once = spread(510, SECOND_NS, 1);
  assertEquals(
    spread(510, SECOND_NS, 5),
    once.map((atNs) => atNs + 4 * SECOND_NS),
  );
});

Deno.test("AdvertCrowd leaves intervals that have no room alone", () => {
  assertEquals(spread(510, 10e6, 3), new Array(510).fill(30e6));
});

Deno.test("AdvertCrowd brings any crowd to rest, with as little room as there is", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 33, max: 600 }),
      fc.constantFrom(0.1e9, 0.25e9, 1e9),
      fc.array(fc.integer({ min: 0, max: 20e6 }), { maxLength: 40 }),
      (routers, intervalNs, starts) => {
        const before = spread(routers, intervalNs, 40, starts);
        const after = spread(routers, intervalNs, 41, starts);
        assertEquals(
          after.map((atNs) => atNs - intervalNs),
          before,
        );
      },
    ),
    { numRuns: 30 },
  );
});
