import { assertEquals } from "@std/assert";
import { defined } from "../assert.ts";
import { LINK_RUNNING, LINK_UP } from "../route/observed_link.ts";
import {
  exampleAddress,
  exampleMacvlan,
  exampleRouter,
} from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { Engine } from "./engine.ts";
import { advertOf } from "./engine_lab.ts";
import { MemoryWorld } from "./memory_world.ts";
import type { RouterSnapshot } from "./port.ts";

const ONE = exampleRouter();
const TWO = exampleRouter({
  name: "VI_2",
  vrid: 52,
  virtualAddresses: [exampleAddress("192.0.2.101")],
});

/** A host whose eth0 is up, and an engine that has just begun there. */
function start(...routers: RouterConfig[]): Replanned {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  world.kernel.addLink("eth1");
  world.kernel.addAddress("eth0", "192.0.2.10/24");
  const engine = new Engine(world, { routers });
  engine.start();
  return new Replanned(world, engine);
}

/** The same when all routers have become MASTER. */
function startMasters(...routers: RouterConfig[]): Replanned {
  const replanned = start(...routers);
  for (let turn = 0; turn < 100; turn++) replanned.engine.turn();
  assertEquals(
    replanned.states(),
    routers.map(({ name }) => `${name} MASTER`),
  );
  return replanned;
}

class Replanned {
  constructor(readonly world: MemoryWorld, readonly engine: Engine) {}

  /** What the engine does at once on a `replan`, and what it says. Nothing turns it before if `renamed` is given. */
  replan(
    remove: readonly string[],
    put: readonly RouterConfig[],
    renamed?: string,
  ) {
    this.world.takeTrace();
    this.world.takeNotices();
    const running = new Set(
      renamed === undefined ? this.snapshots().map(({ name }) => name) : [],
    );
    this.world.takeTrace();
    this.world.command({
      kind: "replan",
      id: 9,
      remove,
      put: put.map((router) => ({
        router,
        replaces: renamed ??
          (running.has(router.name) && !remove.includes(router.name)
            ? router.name
            : undefined),
      })),
    });
    this.engine.turn();
    const notices = this.world.takeNotices().map((notice) =>
      notice.kind === "transition"
        ? `${notice.transition.router} -> ${notice.transition.to}: ${notice.transition.cause}`
        : notice.kind
    );
    return { done: this.world.takeTrace(), notices };
  }

  snapshots(): readonly RouterSnapshot[] {
    this.world.takeNotices();
    this.world.command({ kind: "snapshot", id: 7 });
    this.engine.turn();
    const answer = defined(
      this.world.takeNotices().find(({ kind }) => kind === "snapshot"),
      "a snapshot",
    );
    return answer.kind === "snapshot" ? answer.routers : [];
  }

  states(): readonly string[] {
    return this.snapshots().map(({ name, state }) => `${name} ${state}`);
  }
}

Deno.test("a replan that names nobody does nothing but answer", () => {
  const { done, notices } = startMasters(ONE, TWO).replan([], []);
  assertEquals([done, notices], [[], ["replanned"]]);
});

Deno.test("a removed router says farewell, lets go of its addresses and is gone", () => {
  const lab = startMasters(ONE, TWO);
  const { done, notices } = lab.replan(["VI_2"], []);
  assertEquals(done, [
    "advert 52/0 to 224.0.0.18 on eth0",
    "remove 192.0.2.101/32 on eth0(1)",
  ]);
  assertEquals(notices, ["VI_2 -> STOPPED: removed", "replanned"]);
  assertEquals(lab.states(), ["VI_1 MASTER"]);
  assertEquals(lab.world.kernel.addressesOf("eth0"), [
    "192.0.2.10/24",
    "192.0.2.100/32",
  ]);
});

Deno.test("an added router begins as at a start, and takes the timers' row of one that is gone", () => {
  const lab = startMasters(ONE, TWO);
  lab.replan(["VI_1"], []);
  const { notices } = lab.replan([], [
    exampleRouter({ name: "VI_3", vrid: 53 }),
    exampleRouter({ name: "VI_4", vrid: 54 }),
  ]);
  assertEquals(notices, [
    "replanned",
    "VI_3 -> BACKUP: gateOpened",
    "VI_4 -> BACKUP: gateOpened",
  ]);
  for (let turn = 0; turn < 100; turn++) lab.engine.turn();
  assertEquals(lab.states(), ["VI_3 MASTER", "VI_2 MASTER", "VI_4 MASTER"]);
});

Deno.test("a master whose priority changes stays master, and says so at once", () => {
  const lab = startMasters(ONE, TWO);
  const { done, notices } = lab.replan([], [{ ...TWO, priority: 42 }]);
  assertEquals(done, ["advert 52/42 to 224.0.0.18 on eth0"]);
  assertEquals(notices, ["replanned"]);
  const changed = lab.snapshots()[1];
  assertEquals(
    [changed?.state, changed?.effectivePriority, changed?.priority],
    ["MASTER", 42, 42],
  );
  assertEquals((changed?.counters.becameMaster ?? 0) > 0, true);
});

Deno.test("a master whose addresses change keeps those that stay", () => {
  const lab = startMasters(exampleRouter({
    virtualAddresses: [
      exampleAddress("192.0.2.100"),
      exampleAddress("192.0.2.101"),
    ],
  }));
  const { done } = lab.replan([], [exampleRouter({
    virtualAddresses: [
      exampleAddress("192.0.2.100"),
      exampleAddress("192.0.2.102"),
    ],
  })]);
  assertEquals(done.filter((line) => !line.startsWith("announce")), [
    "advert 51/100 to 224.0.0.18 on eth0",
    "remove 192.0.2.101/32 on eth0(1)",
    "add 192.0.2.102/32 on eth0(1)",
  ]);
  assertEquals(done.includes("announce 192.0.2.102 on eth0"), true);
});

Deno.test("an address that moves from one router to another is never away for good", () => {
  const lab = startMasters(ONE, TWO);
  const both = [exampleAddress("192.0.2.101"), exampleAddress("192.0.2.100")];
  lab.replan(["VI_1"], [{ ...TWO, virtualAddresses: both }]);
  for (let turn = 0; turn < 4; turn++) lab.engine.turn();
  assertEquals(lab.world.kernel.addressesOf("eth0").toSorted(), [
    "192.0.2.10/24",
    "192.0.2.100/32",
    "192.0.2.101/32",
  ]);
});

Deno.test("an address that moves from one master to another is not away for a moment", () => {
  const lab = startMasters(ONE, TWO);
  const both = [exampleAddress("192.0.2.101"), exampleAddress("192.0.2.100")];
  const { done } = lab.replan([], [
    { ...TWO, virtualAddresses: both },
    { ...ONE, virtualAddresses: [exampleAddress("192.0.2.102")] },
  ]);
  assertEquals(done.filter((one) => one.startsWith("remove")), []);
});

Deno.test("a router that becomes another virtual router resigns as the old one", () => {
  const other = { ...ONE, vrid: 77 };
  const { done, notices } = startMasters(ONE).replan(["VI_1"], [other]);
  assertEquals(done[0], "advert 51/0 to 224.0.0.18 on eth0");
  assertEquals(notices, [
    "VI_1 -> STOPPED: removed",
    "replanned",
    "VI_1 -> BACKUP: gateOpened",
  ]);
});

Deno.test("a router that only gets another name goes on as MASTER", () => {
  const lab = startMasters(ONE, TWO);
  const renamed = { ...ONE, name: "office" };
  assertEquals(lab.replan([], [renamed], "VI_1").notices, ["replanned"]);
  assertEquals(lab.states(), ["office MASTER", "VI_2 MASTER"]);
});

Deno.test("a master whose new configuration cannot run says farewell first", () => {
  const lab = startMasters(ONE);
  const { done, notices } = lab.replan([], [{
    ...ONE,
    virtualAddresses: [
      exampleAddress("192.0.2.100", { interface: "eth9" }),
    ],
  }]);
  assertEquals(done[0], "advert 51/0 to 224.0.0.18 on eth0");
  assertEquals(notices.includes("VI_1 -> FAULT: gateClosed"), true);
  assertEquals(lab.world.kernel.addressesOf("eth0"), ["192.0.2.10/24"]);
});

Deno.test("a backup whose advert interval changes waits as long as the new one says, from the reload on", () => {
  const lab = start(exampleRouter({ advertIntervalNs: 60e9 }));
  lab.replan([], [exampleRouter({ advertIntervalNs: 1e9 })]);
  const fromNs = lab.world.clockNs;
  assertEquals(lab.states(), ["VI_1 BACKUP"]);
  lab.engine.turn();
  assertEquals(lab.states(), ["VI_1 MASTER"]);
  assertEquals(lab.world.clockNs - fromNs, 3_609_375_000);
});

Deno.test("an advert interval that changes counts from the reload on", () => {
  const lab = startMasters(exampleRouter({ version: 3 }));
  lab.replan([], [exampleRouter({ version: 3, advertIntervalNs: 1e8 })]);
  const fromNs = lab.world.clockNs;
  lab.engine.turn();
  lab.engine.turn();
  assertEquals(lab.world.clockNs - fromNs, 2e8);
});

Deno.test("an engine that follows one that died goes on as MASTER, and touches no address", () => {
  const lab = startMasters(ONE, TWO);
  const engine = new Engine(lab.world, { routers: [ONE, TWO] }, ["VI_1"]);
  lab.world.takeTrace();
  lab.world.takeNotices();
  engine.start();
  const trace = lab.world.takeTrace();
  assertEquals(
    trace.filter((line) => line.startsWith("add") || line.startsWith("remove")),
    [],
  );
  assertEquals(trace.includes("advert 51/100 to 224.0.0.18 on eth0"), true);
  const next = new Replanned(lab.world, engine);
  assertEquals(next.states(), ["VI_1 MASTER", "VI_2 BACKUP"]);
});

Deno.test("a reload between the loss of a carrier and its return leaves nobody in FAULT", () => {
  const lab = startMasters(ONE);
  const { world, engine } = lab;
  const wait = world.wait.bind(world);
  // All of it is there when the engine looks.
  world.wait = (_deadlineNs, sink) => {
    world.kernel.setFlags("eth0", LINK_UP);
    world.kernel.drain(sink);
    sink.commanded({
      kind: "replan",
      id: 1,
      remove: [],
      put: [{ router: { ...ONE, priority: 42 }, replaces: "VI_1" }],
    });
    world.kernel.setFlags("eth0", LINK_UP | LINK_RUNNING);
    world.kernel.drain(sink);
  };
  engine.turn();
  world.wait = wait;
  assertEquals(lab.states(), ["VI_1 BACKUP"]);
});

Deno.test("a reload makes the link of a virtual MAC address anew that somebody just removed", () => {
  const router = exampleRouter({
    ownLink: { link: exampleMacvlan("vrrp.51"), advertsByParent: false },
  });
  const lab = startMasters(router);
  lab.world.kernel.removeLink("vrrp.51");
  const { notices } = lab.replan([], [{ ...router, priority: 42 }]);
  assertEquals(notices.includes("VI_1 -> FAULT: gateClosed"), false);
  assertEquals(lab.states(), ["VI_1 MASTER"]);
});

Deno.test("an address that a killed predecessor left goes when a reload drops it, though nobody is MASTER yet", () => {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.10/24");
  world.kernel.addAddress("eth0", "192.0.2.100/32");
  world.kernel.addAddress("eth0", "192.0.2.101/32");
  const both = exampleRouter({
    virtualAddresses: [
      exampleAddress("192.0.2.100"),
      exampleAddress("192.0.2.101"),
    ],
  });
  const engine = new Engine(world, { routers: [both] });
  engine.start();
  const lab = new Replanned(world, engine);
  assertEquals(lab.states(), ["VI_1 BACKUP"]);
  lab.replan([], [ONE]);
  assertEquals(world.kernel.addressesOf("eth0"), [
    "192.0.2.10/24",
    "192.0.2.100/32",
  ]);
});

Deno.test("who yields in the turn of a reload lets go of its addresses", () => {
  const lab = startMasters(ONE);
  lab.world.arrive("eth0", advertOf(ONE, { priority: 200 }));
  const { notices } = lab.replan([], [{ ...ONE, preempt: false }], "VI_1");
  assertEquals(notices[0], "VI_1 -> BACKUP: higherPriorityAdvert");
  assertEquals(lab.world.kernel.addressesOf("eth0"), ["192.0.2.10/24"]);
});

Deno.test("an address that somebody removes in the turn of a reload is put back, unless the reload drops it", () => {
  const [first, second] = ["192.0.2.100", "192.0.2.101"] as const;
  const both = exampleRouter({
    virtualAddresses: [exampleAddress(first), exampleAddress(second)],
  });
  const lab = startMasters(both);
  lab.world.kernel.removeAddress("eth0", `${first}/32`);
  lab.world.kernel.removeAddress("eth0", `${second}/32`);
  const wanted = exampleRouter({ virtualAddresses: [exampleAddress(second)] });
  const { done, notices } = lab.replan([], [wanted], "VI_1");
  assertEquals(
    notices.filter((one) => one === "addressRestored"),
    ["addressRestored"],
  );
  assertEquals(done.includes(`announce ${second} on eth0`), true);
  assertEquals(done.includes(`announce ${first} on eth0`), false);
});
