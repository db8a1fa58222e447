import { assertEquals } from "@std/assert";
import { Lookout } from "./lookout.ts";
import { ManualTimers } from "./manual_timers.ts";

const MS = 1e6;

/** A lookout over what is changed at every look, or never; and when it looked. */
function stage(isChanged: () => boolean) {
  const timers = new ManualTimers();
  const looksMs: number[] = [];
  const lookout = new Lookout(timers, () => {
    looksMs.push(timers.nowNs() / MS);
    return isChanged();
  });
  return { timers, looksMs, lookout };
}

Deno.test("Lookout looks at once, and once for all that is heard of soon after", async () => {
  const { timers, looksMs, lookout } = stage(() => false);
  lookout.wake();
  lookout.wake();
  await timers.moveTo(10 * MS);
  assertEquals(looksMs, [0]);
  for (let at = 10; at < 90; at += 10) {
    lookout.wake();
    await timers.moveTo(at * MS);
  }
  await timers.moveTo(5000 * MS);
  assertEquals(looksMs, [0, 100]);
  assertEquals(timers.pending, 0);
});

Deno.test("Lookout takes longer pauses when somebody changes it again and again, and forgets that after a quiet minute", async () => {
  let isChanged = true;
  const { timers, looksMs, lookout } = stage(() => {
    // As a repair is heard of, and the other's answer to it.
    if (isChanged) timers.at(timers.nowNs() + MS, () => lookout.wake());
    return isChanged;
  });
  lookout.wake();
  await timers.moveTo(40_000 * MS);
  assertEquals(looksMs.slice(0, 4), [0, 200, 600, 1400]);
  assertEquals(looksMs.length, 9);
  isChanged = false;
  await timers.moveTo(200_000 * MS);
  lookout.wake();
  await timers.moveTo(200_010 * MS);
  const before = looksMs.length;
  isChanged = true;
  lookout.wake();
  await timers.moveTo(200_200 * MS);
  assertEquals(looksMs.slice(before)[0], 200_100);
});

Deno.test("Lookout that sleeps does not look", async () => {
  const { timers, looksMs, lookout } = stage(() => false);
  lookout.wake();
  lookout.sleep();
  await timers.moveTo(1000 * MS);
  assertEquals(looksMs, []);
});
