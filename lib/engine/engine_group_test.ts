import { assertEquals } from "@std/assert";
import { LINK_UP } from "../route/observed_link.ts";
import { exampleAddress, exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { SyncGroupConfig } from "../vrrp/sync_group.ts";
import { Engine } from "./engine.ts";
import {
  advertOf,
  runUntil,
  SECOND_NS,
  snapshots,
  story,
} from "./engine_lab.ts";
import { MemoryWorld } from "./memory_world.ts";
import type { EngineNotice } from "./port.ts";

const INSIDE = exampleRouter({ name: "inside", vrid: 51 });
const OUTSIDE = exampleRouter({
  name: "outside",
  vrid: 52,
  interface: "eth1",
  virtualAddresses: [exampleAddress("198.51.100.1", { interface: "eth1" })],
});
const GROUP: SyncGroupConfig = {
  name: "G",
  members: ["inside", "outside"],
  links: [],
};
const LOWER = { priority: 50 } as const;
const HIGHER = { priority: 200 } as const;

interface Lab {
  readonly world: MemoryWorld;
  readonly engine: Engine;
  /** Turns until so many seconds after the start. */
  readonly until: (seconds: number) => void;
}

function startGroup(
  routers: readonly RouterConfig[] = [INSIDE, OUTSIDE],
  group = GROUP,
): Lab {
  const world = new MemoryWorld();
  for (
    const [link, address] of [["eth0", "192.0.2.10/24"], [
      "eth1",
      "198.51.100.10/24",
    ]] as const
  ) {
    world.kernel.addLink(link);
    world.kernel.addAddress(link, address);
  }
  const engine = new Engine(world, { routers, groups: [group] });
  engine.start();
  const startNs = world.clockNs;
  return {
    world,
    engine,
    until: (seconds) => runUntil(world, engine, startNs + seconds * SECOND_NS),
  };
}

function startMasterGroup(): Lab {
  const lab = startGroup();
  lab.until(20);
  assertEquals(states(lab), ["inside MASTER", "outside MASTER"]);
  lab.world.takeNotices();
  lab.world.takeTrace();
  return lab;
}

/** A reload takes a third member into the group. */
function join({ world, engine }: Lab): RouterConfig {
  const third = exampleRouter({
    name: "third",
    vrid: 53,
    virtualAddresses: [exampleAddress("192.0.2.101")],
  });
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{ router: third, replaces: undefined }],
    groups: [{ ...GROUP, members: ["inside", "outside", "third"] }],
  });
  engine.turn();
  return third;
}

function states({ world, engine }: Pick<Lab, "world" | "engine">): string[] {
  return snapshots(world, engine).map(({ name, state }) => `${name} ${state}`);
}

function groupStory(notices: readonly EngineNotice[]): string[] {
  return notices.flatMap((notice) =>
    notice.kind === "group"
      ? [`${notice.group}: ${notice.to}`]
      : story([notice])
  );
}

Deno.test("a sync group becomes MASTER when the last member's master is gone, and not before", () => {
  const lab = startGroup();
  const { world, engine } = lab;
  // inside's master is silent, outside's is heard until 10 s.
  for (let at = 1; at <= 10; at++) {
    lab.until(at);
    world.arrive("eth1", advertOf(OUTSIDE, HIGHER));
    engine.turn();
  }
  assertEquals(states(lab), ["inside BACKUP", "outside BACKUP"]);
  world.takeNotices();
  lab.until(13.5);
  assertEquals(states(lab), ["inside BACKUP", "outside BACKUP"]);
  lab.until(13.7);
  assertEquals(groupStory(world.takeNotices()), [
    "outside BACKUP -> MASTER: masterDownTimer",
    "inside BACKUP -> MASTER: syncGroup",
    "G: MASTER",
  ]);
});

Deno.test("a member that wants to be MASTER wants it no more once it hears a master", () => {
  const lab = startGroup();
  const { world, engine } = lab;
  for (let at = 1; at <= 5; at++) {
    lab.until(at);
    world.arrive("eth1", advertOf(OUTSIDE, HIGHER));
    engine.turn();
  }
  // inside wanted it at 3.6 s; now its master speaks, and outside's falls silent.
  world.arrive("eth0", advertOf(INSIDE, HIGHER));
  engine.turn();
  lab.until(8.55);
  assertEquals(states(lab), ["inside BACKUP", "outside BACKUP"]);
  lab.until(8.7);
  assertEquals(states(lab), ["inside MASTER", "outside MASTER"]);
});

Deno.test("a sync group leaves MASTER together, and only who heard the higher priority is told by whom", () => {
  const lab = startMasterGroup();
  const { world, engine } = lab;
  world.arrive("eth0", advertOf(INSIDE, HIGHER));
  engine.turn();
  assertEquals(groupStory(world.takeNotices()), [
    "inside MASTER -> BACKUP: higherPriorityAdvert",
    "outside MASTER -> BACKUP: syncGroup",
    "G: BACKUP",
  ]);
  assertEquals(world.takeTrace(), [
    "remove 192.0.2.100/32 on eth0(1)",
    "remove 198.51.100.1/32 on eth1(2)",
  ]);
});

Deno.test("one member's fault is everybody's, and nobody runs before all can", () => {
  const lab = startMasterGroup();
  const { world, engine } = lab;
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  assertEquals(groupStory(world.takeNotices()), [
    "inside MASTER -> FAULT: gateClosed",
    "inside noCarrier",
    "outside MASTER -> FAULT: gateClosed",
    "outside syncGroup",
    "G: FAULT",
  ]);
  const sent = world.takeTrace().filter((line) => line.startsWith("advert"));
  assertEquals(sent.includes("advert 52/0 to 224.0.0.18 on eth1"), true);
  const [, outside] = snapshots(world, engine);
  assertEquals(outside?.reasons, [
    { kind: "syncGroup", group: "G", members: ["inside"], isFault: false },
  ]);
  assertEquals(outside?.group, "G");

  world.kernel.setFlags("eth0", LINK_UP | 0x40);
  engine.turn();
  assertEquals(states(lab), ["inside BACKUP", "outside BACKUP"]);
});

Deno.test("a group waits at the start for whatever one member lacks", () => {
  const world = new MemoryWorld();
  world.kernel.addLink("eth1");
  world.kernel.addAddress("eth1", "198.51.100.10/24");
  const engine = new Engine(world, {
    routers: [INSIDE, OUTSIDE],
    groups: [GROUP],
  });
  engine.start();
  assertEquals(states({ world, engine }), [
    "inside WAITING",
    "outside WAITING",
  ]);
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.10/24");
  engine.turn();
  assertEquals(states({ world, engine }), ["inside BACKUP", "outside BACKUP"]);
});

Deno.test("owners in a group with others wait for them; a group of owners is MASTER at once", () => {
  const owner = (router: RouterConfig): RouterConfig => ({
    ...router,
    priority: 255,
    initialState: "MASTER",
  });
  assertEquals(states(startGroup([owner(INSIDE), OUTSIDE])), [
    "inside BACKUP",
    "outside BACKUP",
  ]);
  assertEquals(states(startGroup([owner(INSIDE), owner(OUTSIDE)])), [
    "inside MASTER",
    "outside MASTER",
  ]);
});

Deno.test("all masters of a group announce their addresses when one hears a lower priority", () => {
  const { world, engine } = startMasterGroup();
  world.arrive("eth0", advertOf(INSIDE, LOWER));
  engine.turn();
  runUntil(world, engine, world.clockNs + 0.1 * SECOND_NS);
  const announced = world.takeTrace().filter((line) =>
    line.startsWith("announce")
  );
  assertEquals(announced.filter((line) => line.includes("eth1")).length, 5);
});

Deno.test("a member that joins by a reload takes nothing from a group that is MASTER", () => {
  const lab = startMasterGroup();
  const { world, engine } = lab;
  join(lab);
  assertEquals(states(lab), [
    "inside MASTER",
    "outside MASTER",
    "third BACKUP",
  ]);
  runUntil(world, engine, world.clockNs + 4 * SECOND_NS);
  assertEquals(states(lab), [
    "inside MASTER",
    "outside MASTER",
    "third MASTER",
  ]);
});

Deno.test("a member that joins and follows another master takes its group along", () => {
  const lab = startMasterGroup();
  const { world, engine } = lab;
  const third = join(lab);
  world.arrive("eth0", advertOf(third, LOWER));
  engine.turn();
  assertEquals(states(lab), [
    "inside MASTER",
    "outside MASTER",
    "third BACKUP",
  ]);
  world.arrive("eth0", advertOf(third, HIGHER));
  engine.turn();
  assertEquals(states(lab), [
    "inside BACKUP",
    "outside BACKUP",
    "third BACKUP",
  ]);
});

Deno.test("a group that a reload dissolves leaves its members as they are, each for itself", () => {
  const lab = startMasterGroup();
  const { world, engine } = lab;
  world.command({ kind: "replan", id: 1, remove: [], put: [], groups: [] });
  engine.turn();
  world.takeNotices();
  world.arrive("eth0", advertOf(INSIDE, HIGHER));
  engine.turn();
  assertEquals(states(lab), ["inside BACKUP", "outside MASTER"]);
});

Deno.test("a group whose engine died resumes as MASTER", () => {
  const { world } = startMasterGroup();
  const engine = new Engine(
    world,
    { routers: [INSIDE, OUTSIDE], groups: [GROUP] },
    ["inside", "outside"],
  );
  engine.start();
  assertEquals(states({ world, engine }), ["inside MASTER", "outside MASTER"]);
});

Deno.test("every member of a stopping group says farewell", () => {
  const { world, engine } = startMasterGroup();
  world.command({ kind: "stop" });
  engine.turn();
  assertEquals(groupStory(world.takeNotices()), [
    "inside MASTER -> STOPPED: stop",
    "outside MASTER -> STOPPED: stop",
    "G: STOPPED",
  ]);
});

Deno.test("who leaves a group by a reload follows what the group followed no longer", () => {
  const lab = startGroup([INSIDE, OUTSIDE], {
    ...GROUP,
    links: [{ kind: "script", tracker: "chk", weight: -60, reverse: false }],
  });
  const { world, engine } = lab;
  world.command({
    kind: "tracker",
    name: "chk",
    value: { kind: "script", state: "down", exitStatus: 1 },
  });
  engine.turn();
  const priorities = () =>
    snapshots(world, engine).map((one) => one.effectivePriority);
  assertEquals(priorities(), [40, 40]);
  world.command({ kind: "replan", id: 1, remove: [], put: [], groups: [] });
  engine.turn();
  assertEquals(priorities(), [100, 100]);
});
