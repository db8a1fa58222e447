import { assertEquals } from "@std/assert";
import { exampleRouter } from "../vrrp/example_router.ts";
import {
  advertOf,
  readyHost,
  runUntil,
  SECOND_NS,
  snapshot,
  startEngine,
  startMasters,
  story,
} from "./engine_lab.ts";

Deno.test("an expired timer waits for what came in while the process was stopped in its wait", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startEngine(world, config);
  const master = advertOf({ ...config, priority: 150 });
  world.arrive("eth0", master);
  engine.turn();
  world.takeNotices();
  world.takeTrace();
  world.clockNs += 10 * SECOND_NS;
  world.arrive("eth0", master);
  world.isInterrupted = true;
  engine.turn();
  assertEquals(story(world.takeNotices()), []);
  assertEquals(world.takeTrace(), []);
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

const HELD_UP = exampleRouter({ preempt: false, timerExpiredBackup: 100 });
/** Three intervals and the skew time of 100. */
const OVERTAKEN_NS = 3 * SECOND_NS + 156 * SECOND_NS / 256;

Deno.test("timer_expired_backup: a MASTER that was held up for long enough leaves quietly, before it answers anybody", () => {
  const world = readyHost();
  const engine = startMasters(world, HELD_UP);
  // The last advert left at most an interval ago.
  world.clockNs += OVERTAKEN_NS;
  world.arrive("eth0", advertOf({ ...HELD_UP, priority: 90 }));
  engine.turn();
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> BACKUP: heldUp",
  ]);
  assertEquals(
    world.takeTrace().filter((line) => line.startsWith("advert")),
    [],
  );
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("timer_expired_backup: a MASTER that was not away for long enough goes on", () => {
  const world = readyHost();
  const engine = startMasters(world, HELD_UP);
  world.clockNs += OVERTAKEN_NS - 1.1 * SECOND_NS;
  engine.turn();
  assertEquals(story(world.takeNotices()), []);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("timer_expired_backup: one that nobody relieved is MASTER again when its time is over", () => {
  const world = readyHost();
  const engine = startMasters(world, HELD_UP);
  world.clockNs += 60 * SECOND_NS;
  engine.turn();
  runUntil(world, engine, world.clockNs + 5 * SECOND_NS);
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> BACKUP: heldUp",
    "VI_1 BACKUP -> MASTER: masterDownTimer",
  ]);
});
