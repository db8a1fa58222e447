import { assertEquals, assertStringIncludes } from "@std/assert";
import type { IpAddress } from "../addr/ip_address.ts";
import { parseMacAddress } from "../addr/mac_address.ts";
import { assert, defined } from "../assert.ts";
import { ADDRESS_TENTATIVE, LINK_UP } from "../route/observed_link.ts";
import {
  exampleAddress,
  exampleIp,
  exampleRouter,
} from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { GateReason } from "../vrrp/router_io.ts";
import {
  advertOf,
  OUR_ADDRESS,
  PEER,
  readyHost,
  runUntil,
  SECOND_NS,
  snapshot,
  snapshots,
  startEngine,
  startMasters,
  story,
} from "./engine_lab.ts";
import { MemoryWorld } from "./memory_world.ts";

const RUNNING = LINK_UP | 0x40;
const PEER_MAC = defined(parseMacAddress("02:00:00:00:00:99"), "a MAC address");
const OPENED = [
  "open sender on eth0(1)",
  "open receiver 224.0.0.18 on eth0(1)",
];
const CLOSED = [
  "close sender on eth0(1)",
  "close receiver 224.0.0.18 on eth0(1)",
];

function repeat(count: number, line: string): string[] {
  return new Array<string>(count).fill(line);
}

function rounds(count: number, lines: readonly string[]): string[] {
  return Array.from({ length: count }, () => lines).flat();
}

// Boot gates.

const BOOT_CASES: readonly {
  readonly waitsFor: string;
  readonly config?: Partial<RouterConfig>;
  readonly prepare: (world: MemoryWorld) => void;
  readonly reason: GateReason;
  readonly arrives: (world: MemoryWorld) => void;
}[] = [
  {
    waitsFor: "its interface",
    prepare: () => {},
    reason: { kind: "interfaceMissing", interface: "eth0" },
    arrives: ({ kernel }) => {
      kernel.addLink("eth0");
      kernel.addAddress("eth0", OUR_ADDRESS);
    },
  },
  {
    waitsFor: "its interface to be up",
    prepare: ({ kernel }) => {
      kernel.addLink("eth0", { flags: 0 });
      kernel.addAddress("eth0", OUR_ADDRESS);
    },
    reason: { kind: "interfaceDown", interface: "eth0" },
    arrives: ({ kernel }) => kernel.setFlags("eth0", RUNNING),
  },
  {
    waitsFor: "a carrier",
    prepare: ({ kernel }) => {
      kernel.addLink("eth0", { flags: LINK_UP });
      kernel.addAddress("eth0", OUR_ADDRESS);
    },
    reason: { kind: "noCarrier", interface: "eth0" },
    arrives: ({ kernel }) => kernel.setFlags("eth0", RUNNING),
  },
  {
    waitsFor: "an address of its family",
    prepare: ({ kernel }) => {
      kernel.addLink("eth0");
      kernel.addAddress("eth0", "fe80::1/64");
    },
    reason: { kind: "noAddress", interface: "eth0", family: 4 },
    arrives: ({ kernel }) => kernel.addAddress("eth0", OUR_ADDRESS),
  },
  {
    waitsFor: "its source address",
    config: { sourceAddress: exampleIp("192.0.2.11") },
    prepare: ({ kernel }) => {
      kernel.addLink("eth0");
      kernel.addAddress("eth0", OUR_ADDRESS);
    },
    reason: {
      kind: "sourceAddressMissing",
      interface: "eth0",
      address: exampleIp("192.0.2.11"),
    },
    arrives: ({ kernel }) => kernel.addAddress("eth0", "192.0.2.11/24"),
  },
  {
    waitsFor: "duplicate address detection",
    config: { family: 6, version: 3 },
    prepare: ({ kernel }) => {
      kernel.addLink("eth0");
      kernel.addAddress("eth0", "fe80::1/64", ADDRESS_TENTATIVE);
    },
    reason: {
      kind: "addressTentative",
      interface: "eth0",
      address: exampleIp("fe80::1"),
    },
    arrives: ({ kernel }) => kernel.addAddress("eth0", "fe80::1/64"),
  },
  {
    waitsFor: "the interface of a virtual address",
    config: {
      virtualAddresses: [exampleAddress("192.0.2.100", { interface: "eth1" })],
    },
    prepare: ({ kernel }) => {
      kernel.addLink("eth0");
      kernel.addAddress("eth0", OUR_ADDRESS);
    },
    reason: { kind: "interfaceMissing", interface: "eth1" },
    arrives: ({ kernel }) => kernel.addLink("eth1"),
  },
];

for (const { waitsFor, config, prepare, reason, arrives } of BOOT_CASES) {
  Deno.test(`Engine waits for ${waitsFor}, says so, and goes on in the turn of its arrival`, () => {
    const world = new MemoryWorld();
    prepare(world);
    const router = exampleRouter({
      ...config,
      ...(config?.family === 6
        ? {
          multicastGroup: exampleIp("ff02::12"),
          virtualAddresses: [exampleAddress("fe80::64")],
        }
        : {}),
    });
    const engine = startEngine(world, router);
    assertEquals(world.takeNotices(), [
      { kind: "gate", router: "VI_1", reasons: [reason] },
      { kind: "started" },
    ]);
    assertEquals(world.takeTrace(), []);
    const waiting = snapshot(world, engine);
    assertEquals(waiting.state, "WAITING");
    assertEquals(waiting.reasons, [reason]);
    assertEquals(waiting.source, undefined);

    arrives(world);
    engine.turn();
    assertEquals(story(world.takeNotices()), [
      "VI_1 opens",
      "VI_1 WAITING -> BACKUP: gateOpened",
    ]);
    assertEquals(snapshot(world, engine).state, "BACKUP");
  });
}

Deno.test("Engine tells every change of what a router waits for, and repeats nothing", () => {
  const world = new MemoryWorld();
  const engine = startEngine(world, exampleRouter());
  world.takeNotices();
  world.kernel.addLink("eth1");
  engine.turn();
  assertEquals(world.takeNotices(), []);
  world.kernel.addLink("eth0", { flags: 0 });
  engine.turn();
  assertEquals(story(world.takeNotices()), ["VI_1 interfaceDown noAddress"]);
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  assertEquals(story(world.takeNotices()), ["VI_1 noCarrier noAddress"]);
});

Deno.test("Engine waits long for nothing without any deadline", () => {
  const world = new MemoryWorld();
  const engine = startEngine(world, exampleRouter());
  let deadline = 0;
  world.wait = (deadlineNs) => {
    deadline = deadlineNs;
  };
  engine.turn();
  assertEquals(deadline, Infinity);
});

Deno.test("Engine removes what a killed predecessor left, also while the router waits", () => {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0", { flags: LINK_UP });
  world.kernel.addAddress("eth0", OUR_ADDRESS);
  world.kernel.addAddress("eth0", "192.0.2.100/32");
  startEngine(world, exampleRouter());
  assertEquals(world.takeTrace(), ["remove 192.0.2.100/32 on eth0(1)"]);
  assertEquals(world.kernel.addressesOf("eth0"), [OUR_ADDRESS]);
});

Deno.test("Engine waits for a source address that another interface is to have", () => {
  const world = readyHost();
  world.kernel.addLink("lo0");
  const engine = startEngine(
    world,
    exampleRouter({ sourceAddress: exampleIp("198.51.100.1") }),
  );
  assertEquals(snapshot(world, engine).state, "WAITING");
  world.kernel.addAddress("lo0", "198.51.100.1/32");
  engine.turn();
  const { state, source } = snapshot(world, engine);
  assertEquals([state, source], ["BACKUP", exampleIp("198.51.100.1")]);
  world.kernel.removeAddress("lo0", "198.51.100.1/32");
  engine.turn();
  assertEquals(snapshot(world, engine).state, "FAULT");
});

Deno.test("Engine takes its address off an interface that was renamed, and comes back with the name", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.renameLink("eth0", "wan0");
  engine.turn();
  assertEquals(snapshot(world, engine).state, "FAULT");
  assertEquals(world.kernel.addressesOf("wan0"), [OUR_ADDRESS]);
  world.kernel.renameLink("wan0", "eth0");
  runUntil(world, engine, world.clockNs + 20 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "MASTER");
  assertEquals(world.kernel.addressesOf("eth0"), [
    OUR_ADDRESS,
    "192.0.2.100/32",
  ]);
});

Deno.test("Engine moves its address when the interface's name goes to another one", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.renameLink("eth0", "wan0");
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.11/24");
  runUntil(world, engine, world.clockNs + 20 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "MASTER");
  assertEquals(world.kernel.addressesOf("wan0"), [OUR_ADDRESS]);
  assertEquals(world.kernel.addressesOf("eth0"), [
    "192.0.2.11/24",
    "192.0.2.100/32",
  ]);
});

Deno.test("Engine takes no virtual address of any router for a source", () => {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.101/32");
  world.kernel.addAddress("eth0", OUR_ADDRESS);
  const engine = startEngine(
    world,
    exampleRouter(),
    exampleRouter({
      name: "VI_2",
      vrid: 52,
      virtualAddresses: [exampleAddress("192.0.2.101")],
    }),
  );
  assertEquals(snapshot(world, engine).source, "192.0.2.10");
});

// Taking over.

Deno.test("Engine takes over with adverts first, then addresses, then announcements", () => {
  const world = readyHost();
  const engine = startEngine(
    world,
    exampleRouter({ excludedAddresses: [exampleAddress("192.0.2.200")] }),
  );
  assertEquals(world.takeTrace(), OPENED);
  const downNs = 3 * SECOND_NS + (156 / 256) * SECOND_NS;
  const startNs = world.clockNs;
  engine.turn();
  assertEquals(world.clockNs, startNs + downNs);
  assertEquals(world.takeTrace(), [
    "advert 51/100 to 224.0.0.18 on eth0",
    "add 192.0.2.100/32 on eth0(1)",
    "add 192.0.2.200/32 on eth0(1)",
    ...rounds(5, [
      "announce 192.0.2.100 on eth0",
      "announce 192.0.2.200 on eth0",
    ]),
  ]);
  const [, transition] = world.takeNotices().filter(({ kind }) =>
    kind === "transition"
  );
  assertEquals(transition, {
    kind: "transition",
    transition: {
      router: "VI_1",
      vrid: 51,
      interface: "eth0",
      from: "BACKUP",
      to: "MASTER",
      cause: "masterDownTimer",
      reasons: [],
      master: undefined,
      priority: 100,
      atNs: startNs + downNs,
    },
  });
});

Deno.test("Engine announces every router's addresses once before any a second time", () => {
  const world = readyHost();
  const engine = startEngine(
    world,
    exampleRouter(),
    exampleRouter({
      name: "VI_2",
      vrid: 52,
      virtualAddresses: [exampleAddress("192.0.2.101")],
    }),
  );
  world.takeTrace();
  engine.turn();
  assertEquals(world.takeTrace(), [
    "advert 51/100 to 224.0.0.18 on eth0",
    "advert 52/100 to 224.0.0.18 on eth0",
    "add 192.0.2.100/32 on eth0(1)",
    "add 192.0.2.101/32 on eth0(1)",
    ...rounds(5, [
      "announce 192.0.2.100 on eth0",
      "announce 192.0.2.101 on eth0",
    ]),
  ]);
});

Deno.test("Engine makes an owner MASTER at its start", () => {
  const world = readyHost();
  startEngine(world, exampleRouter({ priority: 255 }));
  assertEquals(world.takeTrace(), [
    ...OPENED,
    "advert 51/255 to 224.0.0.18 on eth0",
    "add 192.0.2.100/32 on eth0(1)",
    ...repeat(5, "announce 192.0.2.100 on eth0"),
  ]);
  assertEquals(story(world.takeNotices()), ["VI_1 WAITING -> MASTER: owner"]);
});

Deno.test("Engine sends an advert every interval, counts the identification up, and announces again after the delay", () => {
  const world = readyHost();
  const engine = startEngine(world, exampleRouter());
  engine.turn();
  const masterNs = world.clockNs;
  world.takeTrace();
  runUntil(world, engine, masterNs + 5 * SECOND_NS);
  assertEquals(world.takeTrace(), [
    ...repeat(5, "advert 51/100 to 224.0.0.18 on eth0"),
    ...repeat(5, "announce 192.0.2.100 on eth0"),
  ]);
  assertEquals(
    world.sent.map(({ bytes }) => (bytes[4] ?? 0) * 256 + (bytes[5] ?? 0)),
    [1, 2, 3, 4, 5, 6],
  );
});

Deno.test("Engine announces nothing on a link without hardware addresses, or one that wants no ARP", () => {
  for (const options of [{ hasMac: false }, { flags: RUNNING | 0x80 }]) {
    const world = new MemoryWorld();
    world.kernel.addLink("eth0", options);
    world.kernel.addAddress("eth0", OUR_ADDRESS);
    const engine = startEngine(world, exampleRouter());
    world.takeTrace();
    engine.turn();
    assertEquals(world.takeTrace(), [
      "advert 51/100 to 224.0.0.18 on eth0",
      "add 192.0.2.100/32 on eth0(1)",
    ]);
    assertEquals(snapshot(world, engine).counters.announcementsSent, 0);
  }
});

Deno.test("Engine announces with the hardware address that the link has now", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    exampleRouter({
      gratuitousArp: {
        ...exampleRouter().gratuitousArp,
        masterRefreshNs: 10 * SECOND_NS,
      },
    }),
  );
  world.kernel.setMac("eth0", PEER_MAC);
  runUntil(world, engine, world.clockNs + 10 * SECOND_NS);
  assertEquals(
    world.frames.at(-1)?.slice(6, 12),
    Uint8Array.of(2, 0, 0, 0, 0, 0x99),
  );
});

Deno.test("Engine sets the router flag of neighbour advertisements as the host forwards", () => {
  for (const isRouter of [false, true]) {
    const world = new MemoryWorld();
    world.kernel.addLink("eth0");
    world.kernel.addAddress("eth0", "fe80::1/64");
    if (isRouter) world.ipv6Routers.add("eth0");
    startMasters(world, exampleRouter({ family: 6 }));
    assertEquals(world.frames[0]?.[58], isRouter ? 0xa0 : 0x20);
  }
});

// What others do to our addresses.

Deno.test("Engine puts an address back in the turn in which somebody removed it, announces it, counts and tells it", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.removeAddress("eth0", "192.0.2.100/32");
  const nowNs = world.clockNs;
  engine.turn();
  assertEquals(world.clockNs, nowNs);
  assertEquals(world.takeTrace(), [
    "add 192.0.2.100/32 on eth0(1)",
    "announce 192.0.2.100 on eth0",
  ]);
  assertEquals(world.takeNotices(), [{
    kind: "addressRestored",
    router: "VI_1",
    address: exampleIp("192.0.2.100"),
    prefixLength: 32,
    interface: "eth0",
  }]);
  assertEquals(snapshot(world, engine).counters.addressesRestored, 1);
});

Deno.test("Engine counts no address as put back that the kernel refused", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.removeAddress("eth0", "192.0.2.100/32");
  world.addressErrno = 1;
  engine.turn();
  assertEquals(
    world.takeNotices().map(({ kind }) => kind),
    ["systemError"],
  );
  assertEquals(snapshot(world, engine).counters.addressesRestored, 0);
});

Deno.test("Engine leaves a no_track address to whoever removed it, and restores the others", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    exampleRouter({
      virtualAddresses: [
        exampleAddress("192.0.2.100"),
        exampleAddress("192.0.2.101", { noTrack: true }),
      ],
    }),
  );
  world.kernel.removeAddress("eth0", "192.0.2.101/32");
  engine.turn();
  assertEquals(world.takeTrace(), []);
  world.kernel.removeAddress("eth0", "192.0.2.100/32");
  engine.turn();
  assertEquals(world.takeTrace(), [
    "add 192.0.2.100/32 on eth0(1)",
    "announce 192.0.2.100 on eth0",
  ]);
  // Whatever happens on the link, it stays so.
  world.kernel.addAddress("eth0", "198.51.100.1/24");
  engine.turn();
  world.kernel.overrun();
  engine.turn();
  assertEquals(world.takeTrace(), []);
  assertEquals(snapshot(world, engine).counters.addressesRestored, 1);
});

Deno.test("Engine holds a no_track address again when it becomes MASTER again", () => {
  const world = readyHost();
  const config = exampleRouter({
    virtualAddresses: [exampleAddress("192.0.2.100", { noTrack: true })],
  });
  const engine = startMasters(world, config);
  world.kernel.removeAddress("eth0", "192.0.2.100/32");
  engine.turn();
  world.arrive("eth0", advertOf(config, { priority: 200 }));
  engine.turn();
  assertEquals(snapshot(world, engine).state, "BACKUP");
  runUntil(world, engine, world.clockNs + 5 * SECOND_NS);
  assertEquals(snapshot(world, engine).addresses[0]?.held, true);
});

Deno.test("Engine holds a no_track address as soon as its interface comes, also when that comes again", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    exampleRouter({
      virtualAddresses: [
        exampleAddress("192.0.2.100", { noTrack: true, interface: "eth4" }),
      ],
    }),
  );
  world.kernel.addLink("eth4");
  engine.turn();
  assertEquals(world.takeTrace(), ["add 192.0.2.100/32 on eth4(2)"]);
  world.kernel.removeLink("eth4");
  engine.turn();
  assertEquals(world.takeTrace(), []);
  world.kernel.addLink("eth4");
  engine.turn();
  assertEquals(world.takeTrace(), ["add 192.0.2.100/32 on eth4(3)"]);
  assertEquals(snapshot(world, engine).counters.addressesRestored, 0);
});

Deno.test("Engine holds a no_track address again that the kernel dropped with its link", () => {
  const world = readyHost();
  world.kernel.addLink("eth4");
  const engine = startMasters(
    world,
    exampleRouter({
      excludedAddresses: [
        exampleAddress("2001:db8::1", { noTrack: true, interface: "eth4" }),
      ],
    }),
  );
  world.kernel.setFlags("eth4", 0);
  engine.turn();
  world.kernel.setFlags("eth4", RUNNING);
  engine.turn();
  assertEquals(world.takeTrace(), ["add 2001:db8::1/128 on eth4(2)"]);
  assertEquals(world.kernel.addressesOf("eth4"), ["2001:db8::1/128"]);
});

Deno.test("Engine puts back without a word the secondaries that its own removal of a primary took along", () => {
  const world = readyHost();
  const first = exampleRouter({
    virtualAddresses: [exampleAddress("198.51.100.1", { prefixLength: 24 })],
  });
  const second = exampleRouter({
    name: "VI_2",
    vrid: 52,
    virtualAddresses: [exampleAddress("198.51.100.2", { prefixLength: 24 })],
  });
  const engine = startMasters(world, first, second);
  world.arrive("eth0", advertOf(first, { priority: 200 }));
  engine.turn();
  assertEquals(world.kernel.addressesOf("eth0"), [OUR_ADDRESS]);
  assertEquals(world.takeTrace(), ["remove 198.51.100.1/24 on eth0(1)"]);
  engine.turn();
  assertEquals(world.takeTrace(), ["add 198.51.100.2/24 on eth0(1)"]);
  const notices = world.takeNotices();
  assertEquals(
    notices.filter(({ kind }) => kind === "addressRestored"),
    [],
  );
  const [, kept] = snapshots(world, engine);
  assertEquals(kept?.addresses[0]?.held, true);
  assertEquals(kept?.counters.addressesRestored, 0);
});

Deno.test("Engine finds out by an inventory what it missed, and repairs it", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.removeAddress("eth0", "192.0.2.100/32");
  world.kernel.overrun();
  engine.turn();
  assertEquals(world.takeTrace(), [
    "add 192.0.2.100/32 on eth0(1)",
    "announce 192.0.2.100 on eth0",
  ]);
  const notices = world.takeNotices();
  assertEquals(story(notices), []);
  assertEquals(notices.map(({ kind }) => kind), [
    "changesMissed",
    "addressRestored",
  ]);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("Engine leaves a no_track address alone that went while it could not look", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    exampleRouter({
      virtualAddresses: [
        exampleAddress("192.0.2.100"),
        exampleAddress("192.0.2.101", { noTrack: true }),
      ],
    }),
  );
  world.kernel.removeAddress("eth0", "192.0.2.101/32");
  world.kernel.overrun();
  engine.turn();
  assertEquals(world.takeTrace(), []);
  assertEquals(snapshot(world, engine).counters.addressesRestored, 0);
});

Deno.test("Engine finds out by an inventory that its interface went while it could not look", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.removeLink("eth0");
  world.kernel.overrun();
  engine.turn();
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> FAULT: gateClosed",
    "VI_1 interfaceMissing",
  ]);
});

// Links that come and go.

Deno.test("Engine announces a master's addresses when their interface gets another hardware address", () => {
  const world = readyHost();
  world.kernel.addLink("eth4");
  const engine = startMasters(
    world,
    exampleRouter({
      virtualAddresses: [
        exampleAddress("192.0.2.100"),
        exampleAddress("192.0.2.101", { interface: "eth4" }),
      ],
    }),
  );
  world.kernel.setMac(
    "eth4",
    defined(parseMacAddress("02:00:00:00:00:77"), "a MAC"),
  );
  engine.turn();
  assertEquals(
    world.takeTrace(),
    Array(5).fill("announce 192.0.2.101 on eth4"),
  );
  world.kernel.setFlags("eth4", RUNNING);
  engine.turn();
  assertEquals(world.takeTrace(), []);
});

Deno.test("Engine leaves MASTER with priority 0 when the carrier goes, and is BACKUP when it comes back", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  assertEquals(world.takeTrace(), [
    "advert 51/0 to 224.0.0.18 on eth0",
    ...CLOSED,
    "remove 192.0.2.100/32 on eth0(1)",
  ]);
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> FAULT: gateClosed",
    "VI_1 noCarrier",
  ]);
  world.kernel.setFlags("eth0", RUNNING);
  engine.turn();
  assertEquals(world.takeTrace(), OPENED);
  assertEquals(story(world.takeNotices()), [
    "VI_1 opens",
    "VI_1 FAULT -> BACKUP: gateOpened",
  ]);
  const { counters } = snapshot(world, engine);
  assertEquals(counters.priorityZeroSent, 1);
  assertEquals(counters.becameMaster, 1);
  assertEquals(counters.releasedMaster, 1);
});

Deno.test("Engine counts a farewell that an interface which is down does not carry, and says nothing", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.setFlags("eth0", 0);
  engine.turn();
  assertEquals(
    world.takeNotices().filter(({ kind }) => kind === "systemError"),
    [],
  );
  assertEquals(snapshot(world, engine).counters.sendErrors, 1);
});

Deno.test("Engine opens new sockets when its interface is made anew in the same turn, and stays MASTER", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.removeLink("eth0");
  assertEquals(world.kernel.addLink("eth0"), 2);
  world.kernel.addAddress("eth0", OUR_ADDRESS);
  engine.turn();
  assertEquals(world.takeTrace(), [
    "open sender on eth0(2)",
    "open receiver 224.0.0.18 on eth0(2)",
    ...CLOSED,
    "add 192.0.2.100/32 on eth0(2)",
    "announce 192.0.2.100 on eth0",
  ]);
  runUntil(world, engine, world.clockNs + SECOND_NS);
  assertEquals(world.sent.at(-1)?.ifIndex, 2);
});

Deno.test("Engine loses an interface that is renamed, and runs on another that takes the name", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.renameLink("eth0", "lan0");
  engine.turn();
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> FAULT: gateClosed",
    "VI_1 interfaceMissing",
  ]);
  world.takeTrace();
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.12/24");
  engine.turn();
  assertEquals(world.takeTrace(), [
    "open sender on eth0(2)",
    "open receiver 224.0.0.18 on eth0(2)",
  ]);
  assertEquals(snapshot(world, engine).source, "192.0.2.12");
});

Deno.test("Engine sends from the address that is left when its source goes", () => {
  const world = readyHost();
  world.kernel.addAddress("eth0", "192.0.2.11/24");
  const engine = startMasters(world, exampleRouter());
  assertEquals(snapshot(world, engine).source, "192.0.2.10");
  world.kernel.isPromotingSecondaries = true;
  world.kernel.removeAddress("eth0", OUR_ADDRESS);
  engine.turn();
  assertEquals(story(world.takeNotices()), []);
  assertEquals(snapshot(world, engine).source, "192.0.2.11");
  runUntil(world, engine, world.clockNs + SECOND_NS);
  assertEquals(
    world.sent.at(-1)?.bytes.slice(12, 16),
    Uint8Array.of(192, 0, 2, 11),
  );
});

Deno.test("Engine keeps the routers of other interfaces undisturbed when one goes", () => {
  const world = readyHost();
  world.kernel.addLink("eth1");
  world.kernel.addAddress("eth1", "198.51.100.10/24");
  const engine = startMasters(
    world,
    exampleRouter(),
    exampleRouter({
      name: "VI_2",
      interface: "eth1",
      virtualAddresses: [exampleAddress("198.51.100.1", { interface: "eth1" })],
    }),
  );
  world.kernel.removeLink("eth0");
  engine.turn();
  assertEquals(
    snapshots(world, engine).map(({ state }) => state),
    ["FAULT", "MASTER"],
  );
  assertEquals(world.takeTrace(), CLOSED);
});

// Sockets.

Deno.test("Engine closes the gate with the reason when a socket is refused, and tries again after a second", () => {
  const world = readyHost();
  world.socketRefusal = "Cannot open a raw socket";
  const engine = startEngine(world, exampleRouter());
  const startNs = world.clockNs;
  assertEquals(world.takeNotices(), [
    {
      kind: "gate",
      router: "VI_1",
      reasons: [{ kind: "socketFailed", detail: "Cannot open a raw socket" }],
    },
    { kind: "started" },
  ]);
  engine.turn();
  assertEquals(world.clockNs, startNs + SECOND_NS);
  assertEquals(world.takeNotices(), []);
  world.socketRefusal = undefined;
  engine.turn();
  assertEquals(world.clockNs, startNs + 2 * SECOND_NS);
  assertEquals(story(world.takeNotices()), [
    "VI_1 opens",
    "VI_1 WAITING -> BACKUP: gateOpened",
  ]);
});

Deno.test("Engine gives the sender back when only the receiver is refused", () => {
  const world = readyHost();
  world.openReceiver = () => {
    throw new Error("Cannot join 224.0.0.18");
  };
  startEngine(world, exampleRouter());
  assertEquals(world.takeTrace(), [
    "open sender on eth0(1)",
    "close sender on eth0(1)",
  ]);
});

Deno.test("Engine shares one sender and one receiver between the routers of an interface", () => {
  const world = readyHost();
  const engine = startEngine(
    world,
    exampleRouter(),
    exampleRouter({ name: "VI_2", vrid: 52 }),
  );
  assertEquals(world.takeTrace(), OPENED);
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  assertEquals(world.takeTrace(), CLOSED);
});

// Stopping.

Deno.test("Engine stops with priority 0 and no address left, and says so last", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.command({ kind: "stop" });
  assertEquals(engine.turn(), false);
  assertEquals(world.takeTrace(), [
    "advert 51/0 to 224.0.0.18 on eth0",
    "remove 192.0.2.100/32 on eth0(1)",
  ]);
  assertEquals(world.kernel.addressesOf("eth0"), [OUR_ADDRESS]);
  const notices = world.takeNotices();
  assertEquals(story(notices), ["VI_1 MASTER -> STOPPED: stop"]);
  assertEquals(notices.at(-1), { kind: "stopped" });
});

Deno.test("Engine stops as well when the daemon is gone", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.abandon();
  assertEquals(engine.turn(), false);
  assertEquals(world.takeTrace()[0], "advert 51/0 to 224.0.0.18 on eth0");
});

Deno.test("Engine says nothing on the wire when a BACKUP stops", () => {
  const world = readyHost();
  const engine = startEngine(world, exampleRouter());
  world.takeTrace();
  world.command({ kind: "stop" });
  world.command({ kind: "stop" });
  assertEquals(engine.turn(), false);
  assertEquals(world.takeTrace(), []);
  assertEquals(
    world.takeNotices().filter(({ kind }) => kind === "stopped").length,
    1,
  );
});

Deno.test("Engine answers a ping", () => {
  const world = readyHost();
  const engine = startEngine(world, exampleRouter());
  world.takeNotices();
  world.command({ kind: "ping", id: 42 });
  engine.turn();
  assertEquals(world.takeNotices(), [{ kind: "pong", id: 42 }]);
});

// What it hears.

Deno.test("Engine hears waiting adverts before its timers count, however long it slept", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startEngine(world, config);
  world.takeTrace();
  world.arrive("eth0", advertOf(config, { priority: 150 }));
  world.clockNs += 60 * SECOND_NS;
  const wokenNs = world.clockNs;
  engine.turn();
  assertEquals(world.takeTrace(), []);
  const { state, master } = snapshot(world, engine);
  assertEquals(state, "BACKUP");
  assertEquals(master, { address: PEER, priority: 150 });
  // Without another one it is time again.
  engine.turn();
  assertEquals(
    world.clockNs,
    wokenNs + 3 * SECOND_NS + (156 / 256) * SECOND_NS,
  );
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("Engine tells by how much a timer was late", () => {
  const world = readyHost();
  const engine = startEngine(world, exampleRouter());
  world.takeNotices();
  world.command({ kind: "ping", id: 1 });
  world.clockNs += 10 * SECOND_NS;
  engine.turn();
  assertEquals(
    world.takeNotices().filter(({ kind }) => kind === "late"),
    [{ kind: "late", byNs: 6.390625e9 }],
  );
});

Deno.test("Engine yields to a higher priority and lets go of its addresses", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startMasters(world, config);
  world.arrive("eth0", advertOf(config, { priority: 101 }));
  engine.turn();
  assertEquals(world.takeTrace(), ["remove 192.0.2.100/32 on eth0(1)"]);
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> BACKUP: higherPriorityAdvert",
  ]);
  assertEquals(snapshot(world, engine).master, {
    address: PEER,
    priority: 101,
  });
});

Deno.test("Engine announces nothing that it let go of in the same turn", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startMasters(world, config);
  world.arrive("eth0", advertOf(config, { priority: 50 }));
  world.arrive("eth0", advertOf(config, { priority: 200 }));
  engine.turn();
  assertEquals(world.takeTrace(), [
    "advert 51/100 to 224.0.0.18 on eth0",
    "remove 192.0.2.100/32 on eth0(1)",
  ]);
});

Deno.test("Engine does not mind adverts of virtual routers that are not its own", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startEngine(world, config);
  const before = snapshot(world, engine);
  world.takeNotices();
  const foreign = advertOf({ ...config, vrid: 99 });
  world.arrive("eth0", foreign);
  world.arrive("eth0", { ...foreign, length: 21 });
  world.arrive("eth0", { ...foreign, length: 3 });
  engine.turn();
  assertEquals(world.takeNotices(), []);
  assertEquals(snapshot(world, engine), before);
});

Deno.test("Engine counts rejected adverts by reason and tells each once, with its sender's hardware address", () => {
  const world = readyHost();
  world.macs.set(PEER, PEER_MAC);
  const config = exampleRouter({
    authentication: { kind: "pass", password: "right" },
  });
  const engine = startEngine(world, config);
  world.takeNotices();
  const wrong: RouterConfig = {
    ...config,
    authentication: { kind: "pass", password: "wrong" },
  };
  for (let i = 0; i < 3; i++) world.arrive("eth0", advertOf(wrong));
  world.arrive("eth0", advertOf(config, { hopLimit: 254 }));
  engine.turn();
  const notices = world.takeNotices();
  assertEquals(
    notices.map((notice) =>
      notice.kind === "rejected"
        ? [notice.rejected.reason, notice.rejected.mac, notice.rejected.source]
        : [notice.kind]
    ),
    [["authFailure", PEER_MAC, PEER], ["ttlInvalid", PEER_MAC, PEER]],
  );
  const { counters } = snapshot(world, engine);
  assertEquals(counters.rejected.authFailure, 3);
  assertEquals(counters.rejected.ttlInvalid, 1);
  assertEquals(counters.advertsReceived, 0);
});

Deno.test("Engine tells a rejected advert again after a minute, with how many it kept quiet", () => {
  const world = readyHost();
  world.macs.set(PEER, PEER_MAC);
  const config = exampleRouter({ preempt: false });
  const engine = startMasters(world, config);
  const foreign = advertOf(config, { hopLimit: 1 });
  for (let i = 0; i < 61; i++) {
    world.arrive("eth0", foreign);
    engine.turn();
    runUntil(world, engine, world.clockNs + SECOND_NS);
  }
  assertEquals(
    world.takeNotices().flatMap((notice) =>
      notice.kind === "rejected" ? [notice.rejected.suppressed] : []
    ),
    [0, 59],
  );
});

Deno.test("Engine waits a while for a sender's hardware address, and tells without it", () => {
  const world = readyHost();
  const config = exampleRouter({ priority: 255 });
  const engine = startEngine(world, config);
  world.takeNotices();
  world.arrive("eth0", advertOf(config, { hopLimit: 1 }));
  engine.turn();
  assertEquals(world.takeNotices(), []);
  const heardNs = world.clockNs;
  runUntil(world, engine, heardNs + 2.5e9);
  assertEquals(
    world.takeNotices().map((notice) =>
      notice.kind === "rejected" ? notice.rejected.mac : notice.kind
    ),
    [undefined],
  );
});

Deno.test("Engine accepts an advert with another address list, counts it and tells it; it trusts a sender without differences", () => {
  const world = readyHost();
  world.macs.set(PEER, PEER_MAC);
  const config = exampleRouter();
  const engine = startEngine(world, config);
  world.takeNotices();
  world.arrive(
    "eth0",
    advertOf({ ...config, virtualAddresses: [exampleAddress("192.0.2.77")] }, {
      priority: 150,
    }),
  );
  engine.turn();
  const [differs] = world.takeNotices();
  assert(differs?.kind === "differs", "the difference is told first");
  assertEquals(differs.differs.difference, "addressListMismatch");
  assertEquals(differs.differs.mac, PEER_MAC);
  assertStringIncludes(differs.differs.theirs, "192.0.2.77");
  assertEquals(world.trusted, []);
  world.arrive("eth0", advertOf(config, { priority: 150 }));
  engine.turn();
  assertEquals(world.trusted, [PEER]);
  const { counters } = snapshot(world, engine);
  assertEquals(counters.tolerated.addressListMismatch, 1);
  assertEquals(counters.advertsReceived, 2);
});

Deno.test("Engine trusts the first two dozen senders, and has no list of all that were forged", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startMasters(world, config);
  for (let i = 1; i <= 200; i++) {
    const source = exampleIp(`203.0.113.${i}`);
    world.arrive("eth0", advertOf(config, { priority: 50, source }));
  }
  engine.turn();
  assertEquals(snapshot(world, engine).counters.advertsReceived, 200);
  assertEquals(world.trusted.length, 24);
});

Deno.test("Engine tells what the machine observed, with the hardware address where it helps", () => {
  const world = readyHost();
  world.macs.set(PEER, PEER_MAC);
  const config = exampleRouter();
  const engine = startMasters(world, config);
  world.arrive("eth0", advertOf(config, { priority: 50 }));
  engine.turn();
  assertEquals(world.takeNotices(), [
    { kind: "lowerPriorityHeard", router: "VI_1" },
    {
      kind: "observed",
      router: "VI_1",
      interface: "eth0",
      mac: PEER_MAC,
      observation: { kind: "lowerPriorityAdvert", source: PEER, priority: 50 },
      suppressed: 0,
    },
  ]);
  assertEquals(world.takeTrace()[0], "advert 51/100 to 224.0.0.18 on eth0");
});

Deno.test("Engine hears nothing for a router that waits", () => {
  const world = readyHost();
  const config = exampleRouter();
  const other = exampleRouter({
    name: "VI_2",
    vrid: 52,
    sourceAddress: exampleIp("192.0.2.99"),
  });
  const engine = startEngine(world, config, other);
  world.arrive("eth0", advertOf(other));
  engine.turn();
  assertEquals(snapshots(world, engine)[1]?.counters.advertsReceived, 0);
});

Deno.test("Engine tells an error of receiving, of announcing and of an address change once", () => {
  const world = readyHost();
  const engine = startEngine(world, exampleRouter());
  world.takeNotices();
  world.failReceiving("eth0", {
    doing: "receive adverts",
    call: "recvmmsg",
    errno: 12,
    name: "ENOMEM",
  });
  engine.turn();
  assertEquals(world.takeNotices(), [{
    kind: "systemError",
    router: undefined,
    doing: "receive adverts",
    call: "recvmmsg",
    errno: 12,
    name: "ENOMEM",
    suppressed: 0,
  }]);
  world.frameErrno = 105;
  world.addressErrno = 13;
  engine.turn();
  assertEquals(
    world.takeNotices().flatMap((notice) =>
      notice.kind === "systemError" ? [[notice.router, notice.doing]] : []
    ),
    [["VI_1", "add 192.0.2.100"], [undefined, "send an announcement"]],
  );
});

Deno.test("Engine tells that a MASTER's advert did not leave, and counts it", () => {
  const world = readyHost();
  // The own interface does not count for this one, so it stays MASTER without it.
  const engine = startMasters(world, exampleRouter({ trackPrimary: false }));
  world.kernel.setFlags("eth0", 0);
  runUntil(world, engine, world.clockNs + SECOND_NS);
  assertEquals(
    world.takeNotices().flatMap((notice) =>
      notice.kind === "systemError" ? [[notice.router, notice.errno]] : []
    ),
    [["VI_1", 101]],
  );
  assertEquals(snapshot(world, engine).counters.sendErrors, 1);
});

// Unicast.

Deno.test("Engine keeps two unicast routers of one vrid apart by their peers, and by the master each follows", () => {
  const world = readyHost();
  const otherPeer = exampleIp("192.0.2.30");
  const stranger = exampleIp("192.0.2.40");
  const ours = exampleIp("192.0.2.10");
  const common = { ttlMin: undefined, ttlMax: undefined };
  const first = exampleRouter({ unicastPeers: [{ address: PEER, ...common }] });
  const second = exampleRouter({
    name: "VI_2",
    unicastPeers: [{ address: otherPeer, ...common }],
    virtualAddresses: [exampleAddress("192.0.2.101")],
  });
  const engine = startEngine(world, first, second);
  assertEquals(world.takeTrace(), [
    "open sender on eth0(1)",
    "open receiver 192.0.2.10 on eth0(1)",
  ]);
  const hear = (config: RouterConfig, source: IpAddress, priority: number) =>
    world.arrive(
      "eth0",
      advertOf(config, { source, destination: ours, priority }),
    );
  hear(first, PEER, 150);
  hear(second, otherPeer, 160);
  hear(first, stranger, 170);
  engine.turn();
  assertEquals(
    snapshots(world, engine).map(({ master, counters }) => [
      master?.address,
      counters.advertsReceived,
    ]),
    [[PEER, 1], [otherPeer, 1]],
  );
});

Deno.test("Engine sends a unicast router's adverts to each peer, all with one identification, and its own TTL", () => {
  const world = readyHost();
  const otherPeer = exampleIp("192.0.2.30");
  const common = { ttlMin: undefined, ttlMax: undefined };
  const engine = startEngine(
    world,
    exampleRouter({
      unicastPeers: [{ address: PEER, ...common }, {
        address: otherPeer,
        ...common,
      }],
      unicastTtl: 9,
    }),
  );
  world.takeTrace();
  engine.turn();
  assertEquals(world.takeTrace().slice(0, 2), [
    "advert 51/100 to 192.0.2.20 on eth0",
    "advert 51/100 to 192.0.2.30 on eth0",
  ]);
  assertEquals(
    world.sent.map(({ bytes }) => [bytes[4], bytes[5], bytes[8]]),
    [[0, 1, 9], [0, 1, 9]],
  );
});

Deno.test("Engine announces a unicast router's own address when its interface comes back", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    exampleRouter({
      unicastPeers: [{ address: PEER, ttlMin: undefined, ttlMax: undefined }],
    }),
  );
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  world.takeTrace();
  world.kernel.setFlags("eth0", RUNNING);
  engine.turn();
  assertEquals(world.takeTrace(), [
    "open sender on eth0(1)",
    "open receiver 192.0.2.10 on eth0(1)",
    "announce 192.0.2.10 on eth0",
  ]);
});

// What it tells about itself.

Deno.test("Engine's snapshot tells a MASTER in full", () => {
  const world = readyHost();
  const engine = startEngine(
    world,
    exampleRouter({
      virtualAddresses: [
        exampleAddress("192.0.2.100", { label: "eth0:1", prefixLength: 24 }),
      ],
      excludedAddresses: [
        exampleAddress("192.0.2.200", { interface: "eth9", noTrack: true }),
      ],
    }),
  );
  engine.turn();
  const masterNs = world.clockNs;
  const { counters, ...rest } = snapshot(world, engine);
  assertEquals(rest, {
    name: "VI_1",
    vrid: 51,
    interface: "eth0",
    family: 4,
    version: 2,
    state: "MASTER",
    reasons: [],
    priority: 100,
    effectivePriority: 100,
    group: undefined,
    source: exampleIp("192.0.2.10"),
    master: { address: exampleIp("192.0.2.10"), priority: 100 },
    advertIntervalNs: SECOND_NS,
    masterDownIntervalNs: 3.609375e9,
    lastTransitionAtNs: masterNs,
    addresses: [
      {
        address: exampleIp("192.0.2.100"),
        prefixLength: 24,
        interface: "eth0",
        label: "eth0:1",
        excluded: false,
        held: true,
      },
      {
        address: exampleIp("192.0.2.200"),
        prefixLength: 32,
        interface: "eth9",
        label: undefined,
        excluded: true,
        held: false,
      },
    ],
  });
  assertEquals(counters.advertsSent, 1);
  assertEquals(counters.becameMaster, 1);
  // The address whose interface is missing is not announced.
  assertEquals(counters.announcementsSent, 5);
});

Deno.test("Engine's snapshot is a copy: counting on does not change it", () => {
  const world = readyHost();
  const config = exampleRouter();
  const engine = startEngine(world, config);
  const { counters } = snapshot(world, engine);
  world.arrive("eth0", advertOf(config, { hopLimit: 1 }));
  engine.turn();
  assertEquals(counters.rejected.ttlInvalid, 0);
});

Deno.test("Engine reckons a version 3 backup's patience from its master's interval", () => {
  const world = readyHost();
  const config = exampleRouter({ version: 3 });
  const engine = startEngine(world, config);
  world.arrive(
    "eth0",
    advertOf({ ...config, advertIntervalNs: 2 * SECOND_NS }, { priority: 150 }),
  );
  engine.turn();
  const { masterDownIntervalNs, advertIntervalNs } = snapshot(world, engine);
  assertEquals(advertIntervalNs, SECOND_NS);
  assertEquals(masterDownIntervalNs, (6 + 2 * 156 / 256) * SECOND_NS);
});
