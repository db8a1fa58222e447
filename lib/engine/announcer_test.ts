import { assertEquals } from "@std/assert";
import { exampleAddress, exampleRouter } from "../vrrp/example_router.ts";
import type { AnnouncementLimit } from "../vrrp/announcement_limit.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { Engine } from "./engine.ts";
import { readyHost, runUntil, SECOND_NS } from "./engine_lab.ts";
import type { MemoryWorld } from "./memory_world.ts";

const TAKE_OVER_NS = 3 * SECOND_NS + (256 - 100) / 256 * SECOND_NS;
const ARP = 0x0806;

function limited(changes: Partial<AnnouncementLimit> = {}): AnnouncementLimit {
  return {
    interfaces: undefined,
    arpIntervalNs: 100e6,
    neighborIntervalNs: 0,
    ...changes,
  };
}

function routerWith(
  addresses: readonly string[],
  changes: Partial<RouterConfig> = {},
): RouterConfig {
  const config = exampleRouter(changes);
  return {
    ...config,
    virtualAddresses: addresses.map((one) => exampleAddress(one)),
    gratuitousArp: {
      ...config.gratuitousArp,
      masterRepeat: 2,
      masterDelayNs: 0,
      ...changes.gratuitousArp,
    },
  };
}

/** Announcements with the time since the first: the last byte of the address, and the milliseconds. */
function watch(world: MemoryWorld): { readonly seen: string[] } {
  const seen: string[] = [];
  let first: number | undefined;
  const queue = world.queueFrame.bind(world);
  world.queueFrame = (frame) => {
    first ??= world.clockNs;
    const type = new DataView(frame.bytes.buffer).getUint16(12);
    const last = frame.bytes[type === ARP ? 31 : 37];
    seen.push(`${last} ${Math.round((world.clockNs - first) / 1e6)}`);
    queue(frame);
  };
  return { seen };
}

Deno.test("without a limit all rounds leave with the take-over", () => {
  const world = readyHost();
  const routers = [routerWith(["192.0.2.101", "192.0.2.102"])];
  const engine = new Engine(world, { routers });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + 10 * SECOND_NS);
  assertEquals(seen, ["101 0", "102 0", "101 0", "102 0"]);
});

Deno.test("the interval between two frames begins when the first has left, however long that takes", () => {
  const world = readyHost();
  const routers = [routerWith(["192.0.2.101", "192.0.2.102"])];
  const engine = new Engine(world, {
    routers,
    announcementLimits: [limited()],
  });
  const { seen } = watch(world);
  engine.start();
  const flush = world.flush.bind(world);
  world.flush = (sink) => {
    flush(sink);
    world.clockNs += 20e6;
  };
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + SECOND_NS);
  assertEquals(seen, ["101 0", "102 120", "101 240", "102 360"]);
});

Deno.test("under a limit each address is announced once before any is repeated, one frame an interval", () => {
  const world = readyHost();
  const routers = [
    routerWith(["192.0.2.101", "192.0.2.102"]),
    routerWith(["192.0.2.103"], { name: "VI_2", vrid: 52 }),
  ];
  const engine = new Engine(world, {
    routers,
    announcementLimits: [limited()],
  });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + SECOND_NS);
  assertEquals(seen, [
    "101 0",
    "102 100",
    "103 200",
    "101 300",
    "102 400",
    "103 500",
  ]);
});

Deno.test("interfaces of a group share a budget, others have their own, and 0 is no limit", () => {
  const world = readyHost();
  world.kernel.addLink("eth1");
  world.kernel.addLink("eth2");
  const router = {
    ...routerWith([]),
    virtualAddresses: [
      exampleAddress("192.0.2.101"),
      exampleAddress("192.0.2.102", { interface: "eth1" }),
      exampleAddress("192.0.2.103", { interface: "eth2" }),
    ],
    excludedAddresses: [exampleAddress("fe80::67")],
  };
  const engine = new Engine(world, {
    routers: [router],
    announcementLimits: [
      limited({ interfaces: ["eth0", "eth1"] }),
      limited({ arpIntervalNs: 50e6 }),
    ],
  });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + SECOND_NS);
  assertEquals(seen, [
    "103 0", // fe80::67: neighbour advertisements have no limit here.
    "101 0",
    "103 0",
    "103 0",
    "103 50",
    "102 100",
    "101 200",
    "102 300",
  ]);
});

Deno.test("who is no longer MASTER announces nothing more", () => {
  const world = readyHost();
  const routers = [routerWith(["192.0.2.101", "192.0.2.102"])];
  const engine = new Engine(world, {
    routers,
    announcementLimits: [limited()],
  });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + 50e6);
  world.kernel.setFlags("eth0", 0);
  runUntil(world, engine, world.clockNs + SECOND_NS);
  assertEquals(seen, ["101 0"]);
});

Deno.test("a reload goes on with what waits, under the limits of the new configuration", () => {
  const world = readyHost();
  const before = routerWith(["192.0.2.101", "192.0.2.102", "192.0.2.103"]);
  const engine = new Engine(world, {
    routers: [before],
    announcementLimits: [limited({ arpIntervalNs: 10 * SECOND_NS })],
  });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + 50e6);
  assertEquals(seen, ["101 0"]);
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{
      router: routerWith(["192.0.2.101", "192.0.2.103"], { priority: 90 }),
      replaces: "VI_1",
    }],
    announcementLimits: [limited()],
  });
  runUntil(world, engine, world.clockNs + SECOND_NS);
  // Both rounds anew for what the reload announces, and 103 had none before.
  assertEquals(seen, ["101 0", "103 50", "101 150", "103 250", "101 350"]);
});

Deno.test("garp_extra_if announces one address of each of its interfaces once a period, under the limits", () => {
  const world = readyHost();
  world.kernel.addLink("eth1");
  world.kernel.addLink("eth2");
  const router = {
    ...routerWith([]),
    virtualAddresses: [
      exampleAddress("192.0.2.101"),
      exampleAddress("192.0.2.102", { interface: "eth1" }),
      exampleAddress("192.0.2.103", { interface: "eth1" }),
      exampleAddress("192.0.2.104", { interface: "eth2" }),
    ],
    gratuitousArp: {
      ...exampleRouter().gratuitousArp,
      masterRepeat: 1,
      masterDelayNs: 0,
      extraIntervalNs: 2 * SECOND_NS,
      extraInterfaces: ["eth1", "eth2"],
    },
  };
  const engine = new Engine(world, {
    routers: [router],
    announcementLimits: [limited({ interfaces: ["eth1", "eth2"] })],
  });
  const { seen } = watch(world);
  engine.start();
  runUntil(world, engine, world.clockNs + TAKE_OVER_NS + 5 * SECOND_NS);
  assertEquals(seen, [
    "101 0",
    "102 0",
    "103 100",
    "104 200",
    "102 2000",
    "104 2100",
    "102 4000",
    "104 4100",
  ]);
});
