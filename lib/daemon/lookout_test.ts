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

Deno.test("Lookout takes longer pauses while somebody changes it in a loop, and forgets that after a quiet time", async () => {
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
  await timers.moveTo(100_000 * MS);
  isChanged = true;
  const before = looksMs.length;
  lookout.wake();
  await timers.moveTo(100_700 * MS);
  assertEquals(looksMs.slice(before), [100_000, 100_200, 100_600]);
});

Deno.test("Lookout is as quick the tenth time when changes come one by one", async () => {
  const { timers, looksMs, lookout } = stage(() => true);
  for (let second = 0; second < 10; second++) {
    await timers.moveTo(second * 1e9);
    lookout.wake();
  }
  await timers.moveTo(10e9);
  assertEquals(looksMs, Array.from({ length: 10 }, (_, i) => i * 1000));
});

Deno.test("Lookout that sleeps does not look", async () => {
  const { timers, looksMs, lookout } = stage(() => false);
  lookout.wake();
  lookout.sleep();
  await timers.moveTo(1000 * MS);
  assertEquals(looksMs, []);
});
