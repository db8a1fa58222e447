import { assertEquals } from "@std/assert";
import { LINK_UP } from "../route/observed_link.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { TrackerLink, TrackerValue } from "../vrrp/tracking.ts";
import type { Engine } from "./engine.ts";
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
import type { MemoryWorld } from "./memory_world.ts";

const RUNNING = LINK_UP | 0x40;

function following(...links: TrackerLink[]): RouterConfig {
  return exampleRouter({ links });
}

function link(
  kind: TrackerLink["kind"],
  weight: number,
  reverse = false,
): TrackerLink {
  const tracker = kind === "interface" ? "eth1" : "chk";
  return { kind, tracker, weight, reverse };
}

function script(state: "up" | "down" | "initial"): TrackerValue {
  return { kind: "script", state, exitStatus: undefined };
}

function tell(world: MemoryWorld, engine: Engine, value: TrackerValue): void {
  world.command({ kind: "tracker", name: "chk", value });
  engine.turn();
}

Deno.test("a master tells the priority that its trackers make of it at once, and once", () => {
  const world = readyHost();
  const engine = startMasters(world, following(link("script", -30)));
  tell(world, engine, script("up"));
  assertEquals(world.takeTrace(), []);
  tell(world, engine, script("down"));
  assertEquals(world.takeTrace(), ["advert 51/70 to 224.0.0.18 on eth0"]);
  assertEquals(
    world.takeNotices().filter(({ kind }) => kind === "priority"),
    [{ kind: "priority", router: "VI_1", state: "MASTER", from: 100, to: 70 }],
  );
  tell(world, engine, script("down"));
  assertEquals(world.takeTrace(), []);
  assertEquals(snapshot(world, engine).effectivePriority, 70);
});

Deno.test("a backup waits as if it had always had its new priority", () => {
  const world = readyHost();
  const config = following(link("file", 1));
  const startNs = world.clockNs;
  const engine = startEngine(world, config);
  runUntil(world, engine, startNs + 2 * SECOND_NS);
  world.command({
    kind: "tracker",
    name: "chk",
    value: { kind: "file", value: -50 },
  });
  engine.turn();
  const downNs = startNs + 3 * SECOND_NS + (256 - 50) / 256 * SECOND_NS;
  runUntil(world, engine, downNs - 1);
  assertEquals(snapshot(world, engine).state, "BACKUP");
  runUntil(world, engine, downNs + 1);
  assertEquals(snapshot(world, engine).state, "MASTER");
  assertEquals(snapshot(world, engine).effectivePriority, 50);
});

Deno.test("a weightless script holds a router that does not run until its first result", () => {
  const world = readyHost();
  const engine = startEngine(world, following(link("script", 0)));
  assertEquals(story(world.takeNotices()), ["VI_1 trackerPending"]);
  assertEquals(snapshot(world, engine).state, "WAITING");
  tell(world, engine, script("up"));
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("a script that fails from the first is a fault, and so is one that fails later", () => {
  const world = readyHost();
  const engine = startEngine(world, following(link("script", 0)));
  world.takeNotices();
  tell(world, engine, script("down"));
  assertEquals(story(world.takeNotices()), [
    "VI_1 WAITING -> FAULT: gateClosed",
    "VI_1 trackerFailed",
  ]);
  tell(world, engine, script("up"));
  runUntil(world, engine, world.clockNs + 4 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "MASTER");
  world.takeTrace();
  tell(world, engine, script("down"));
  assertEquals(world.takeTrace(), [
    "advert 51/0 to 224.0.0.18 on eth0",
    "close sender on eth0(1)",
    "close receiver 224.0.0.18 on eth0(1)",
    "remove 192.0.2.100/32 on eth0(1)",
  ]);
  assertEquals(snapshot(world, engine).state, "FAULT");
});

Deno.test("a script that has no result yet holds back no router that runs", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{ router: following(link("script", 0)), replaces: "VI_1" }],
  });
  engine.turn();
  assertEquals(snapshot(world, engine).state, "MASTER");
  tell(world, engine, script("initial"));
  assertEquals(snapshot(world, engine).state, "MASTER");
  tell(world, engine, script("down"));
  assertEquals(snapshot(world, engine).state, "FAULT");
});

for (
  const { weight, reverse, whenDown } of [
    { weight: 0, reverse: false, whenDown: "FAULT" },
    { weight: -20, reverse: false, whenDown: 80 },
    { weight: 20, reverse: false, whenDown: 100 },
    { weight: 20, reverse: true, whenDown: 100 },
  ]
) {
  Deno.test(`an interface followed with weight ${weight}${reverse ? " reverse" : ""} counts by its carrier`, () => {
    const world = readyHost();
    world.kernel.addLink("eth1");
    const engine = startMasters(
      world,
      following(link("interface", weight, reverse)),
    );
    const before = snapshot(world, engine).effectivePriority;
    assertEquals(before, weight > 0 ? reverse ? 80 : 120 : 100);
    world.kernel.setFlags("eth1", LINK_UP);
    engine.turn();
    const down = snapshot(world, engine);
    if (whenDown === "FAULT") {
      assertEquals(down.reasons, [{ kind: "noCarrier", interface: "eth1" }]);
    } else assertEquals(down.effectivePriority, whenDown);
    world.kernel.setFlags("eth1", RUNNING);
    engine.turn();
    const up = snapshot(world, engine);
    assertEquals(up.effectivePriority, before);
    assertEquals(up.state, whenDown === "FAULT" ? "BACKUP" : "MASTER");
  });
}

Deno.test("a priority that fell while the gate was closed is the one that the router starts with", () => {
  const world = readyHost();
  const engine = startEngine(world, following(link("process", -40)));
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  world.takeNotices();
  tell(world, engine, { kind: "process", state: "down", count: 0 });
  assertEquals(world.takeNotices().filter(({ kind }) => kind === "priority"), [
    { kind: "priority", router: "VI_1", state: "FAULT", from: 100, to: 60 },
  ]);
  assertEquals(snapshot(world, engine).effectivePriority, 60);
  world.kernel.setFlags("eth0", RUNNING);
  engine.turn();
  assertEquals(snapshot(world, engine).state, "BACKUP");
  runUntil(world, engine, world.clockNs + 4 * SECOND_NS);
  assertEquals(
    world.takeTrace().find((line) => line.startsWith("advert")),
    "advert 51/60 to 224.0.0.18 on eth0",
  );
});

Deno.test("a master whose priority falls below a backup's yields to its advert", () => {
  const world = readyHost();
  const config = following(link("script", -60));
  const engine = startMasters(world, config);
  world.arrive("eth0", advertOf(config, { priority: 90 }));
  engine.turn();
  assertEquals(snapshot(world, engine).state, "MASTER");
  tell(world, engine, script("down"));
  world.arrive("eth0", advertOf(config, { priority: 90 }));
  engine.turn();
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("a reload that changes the weight changes the priority with the values that are known", () => {
  const world = readyHost();
  const engine = startMasters(world, following(link("script", -30)));
  tell(world, engine, script("down"));
  world.takeTrace();
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{ router: following(link("script", -10)), replaces: "VI_1" }],
  });
  engine.turn();
  assertEquals(
    world.takeTrace().filter((line) => line.startsWith("advert")),
    ["advert 51/90 to 224.0.0.18 on eth0"],
  );
});
