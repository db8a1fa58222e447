import { assertEquals } from "@std/assert";
import { exampleRouter } from "../vrrp/example_router.ts";
import { Engine } from "./engine.ts";
import {
  advertOf,
  readyHost,
  runUntil,
  SECOND_NS,
  snapshot,
  story,
} from "./engine_lab.ts";

const ROUTER = exampleRouter();
const MASTER_DOWN_NS = 3 * SECOND_NS + (256 - 100) / 256 * SECOND_NS;

Deno.test("during a start delay nothing is heard and nothing sent, and timers count from its end", () => {
  const world = readyHost();
  const startsAtNs = world.clockNs + 10 * SECOND_NS;
  const engine = new Engine(world, { routers: [ROUTER], startsAtNs });
  engine.start();
  assertEquals(story(world.takeNotices()), ["VI_1 startDelayed"]);
  world.arrive("eth0", advertOf(ROUTER, { priority: 200 }));
  runUntil(world, engine, startsAtNs - 2 * SECOND_NS);
  const { state, reasons, counters } = snapshot(world, engine);
  assertEquals(state, "WAITING");
  assertEquals(reasons, [{
    kind: "startDelayed",
    remainingNs: 2 * SECOND_NS,
  }]);
  assertEquals(counters.advertsReceived, 0);
  assertEquals(world.sent.length, 0);
  runUntil(world, engine, startsAtNs + 1);
  assertEquals(snapshot(world, engine).state, "BACKUP");
  runUntil(world, engine, startsAtNs + MASTER_DOWN_NS - 1);
  assertEquals(snapshot(world, engine).state, "BACKUP");
  runUntil(world, engine, startsAtNs + MASTER_DOWN_NS + 1);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("an owner is MASTER the moment the start delay ends", () => {
  const world = readyHost();
  const startsAtNs = world.clockNs + 10 * SECOND_NS;
  const engine = new Engine(world, {
    routers: [exampleRouter({ priority: 255 })],
    startsAtNs,
  });
  engine.start();
  runUntil(world, engine, startsAtNs + 1);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("a reload shortens a start delay that runs, and starts none for who runs", () => {
  const world = readyHost();
  const beganNs = world.clockNs;
  const engine = new Engine(world, {
    routers: [ROUTER],
    startsAtNs: beganNs + 100 * SECOND_NS,
  });
  engine.start();
  const replan = (startsAtNs: number) => {
    world.command({ kind: "replan", id: 1, remove: [], put: [], startsAtNs });
    engine.turn();
  };
  replan(beganNs + 5 * SECOND_NS);
  runUntil(world, engine, beganNs + 5 * SECOND_NS + 1);
  assertEquals(snapshot(world, engine).state, "BACKUP");
  replan(beganNs + 50 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "BACKUP");
});
