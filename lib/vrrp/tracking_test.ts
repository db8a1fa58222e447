import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { effectivePriority, trackerEffect } from "./tracking.ts";

const UP = { kind: "process", state: "up", count: 1 } as const;
const DOWN = { kind: "process", state: "down", count: 0 } as const;

function contribution(weight: number, reverse: boolean, isUp: boolean) {
  const effect = trackerEffect(
    { kind: "process", tracker: "t", weight, reverse },
    isUp ? UP : DOWN,
  );
  return effect.kind === "weight" ? effect.contribution : effect.kind;
}

Deno.test("trackerEffect() follows keepalived's table of weights", () => {
  const table = [
    // weight, reverse, good, bad
    [0, false, 0, "fault"],
    [0, true, "fault", 0],
    [20, false, 20, 0],
    [-20, false, 0, -20],
    [20, true, -20, 0],
    [-20, true, 0, 20],
  ] as const;
  for (const [weight, reverse, good, bad] of table) {
    assertEquals(contribution(weight, reverse, true), good);
    assertEquals(contribution(weight, reverse, false), bad);
  }
});

Deno.test("trackerEffect() holds a router for a weightless script without a result, and no other", () => {
  const value = {
    kind: "script",
    state: "initial",
    exitStatus: undefined,
  } as const;
  const link = { kind: "script", tracker: "t", reverse: false } as const;
  assertEquals(trackerEffect({ ...link, weight: 0 }, value).kind, "unknown");
  assertEquals(trackerEffect({ ...link, weight: -5 }, value), {
    kind: "weight",
    contribution: 0,
  });
});

Deno.test("trackerEffect() multiplies a file's number, and calls -254 and less a fault", () => {
  const table = [
    // weight, reverse, number, effect
    [1, false, -253, -253],
    [1, false, -254, "fault"],
    [-2, false, 127, "fault"],
    [2, true, 10, -20],
    [1, true, 254, "fault"],
    [1, false, 300, 300],
    [0, false, 0, 0],
    [0, false, 1, "fault"],
    [0, true, 0, "fault"],
    [0, true, 1, 0],
  ] as const;
  for (const [weight, reverse, value, expected] of table) {
    const effect = trackerEffect(
      { kind: "file", tracker: "t", weight, reverse },
      { kind: "file", value },
    );
    assertEquals(
      effect.kind === "weight" ? effect.contribution : effect.kind,
      expected,
    );
  }
});

Deno.test("effectivePriority() clamps the sum and not its parts", () => {
  assertEquals(effectivePriority(100, [200, -150]), 150);
  assertEquals(effectivePriority(100, [-100]), 1);
  assertEquals(effectivePriority(100, [300]), 254);
  assertEquals(effectivePriority(255, [-100]), 255);
});

Deno.test("effectivePriority() does not depend on the order, and stays within 1..254", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 254 }),
    fc.array(fc.integer({ min: -253, max: 253 })),
    (priority, contributions) => {
      const effective = effectivePriority(priority, contributions);
      assertEquals(
        effectivePriority(priority, contributions.toReversed()),
        effective,
      );
      assertEquals(effective >= 1 && effective <= 254, true);
    },
  ));
});
