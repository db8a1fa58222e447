import { assertEquals } from "@std/assert";
import { virtualRouterMac } from "../addr/mac_address.ts";
import { LINK_UP } from "../route/observed_link.ts";
import {
  exampleAddress,
  exampleIpvlan,
  exampleMacvlan,
  exampleRouter,
} from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import {
  readyHost,
  runUntil,
  SECOND_NS,
  snapshot,
  startEngine,
  startMasters,
  story,
} from "./engine_lab.ts";

const MAC = virtualRouterMac(4, 51);
const MADE = ["make vrrp.51 on eth0", `set up vrrp.51 with ${MAC}`];

function withVmac(advertsByParent = false): RouterConfig {
  return exampleRouter({
    ownLink: { link: exampleMacvlan("vrrp.51"), advertsByParent },
    virtualAddresses: [
      exampleAddress("192.0.2.100", { interface: "vrrp.51" }),
    ],
  });
}

Deno.test("a router with a virtual MAC address makes its link before it runs, and speaks there", () => {
  const world = readyHost();
  startEngine(world, withVmac());
  assertEquals(world.takeTrace(), [
    ...MADE,
    "open sender on vrrp.51(2)",
    "open receiver 224.0.0.18 on vrrp.51(2)",
  ]);
  assertEquals(story(world.takeNotices()), [
    "VI_1 WAITING -> BACKUP: gateOpened",
  ]);
});

Deno.test("with vmac_xmit_base it speaks on the interface itself, and its addresses are on the link", () => {
  const world = readyHost();
  const engine = startEngine(world, withVmac(true));
  assertEquals(world.takeTrace(), [
    ...MADE,
    "open sender on eth0(1)",
    "open receiver 224.0.0.18 on eth0(1)",
  ]);
  runUntil(world, engine, world.clockNs + 4 * SECOND_NS);
  assertEquals(world.takeTrace().slice(0, 3), [
    "advert 51/100 to 224.0.0.18 on eth0",
    "add 192.0.2.100/32 on vrrp.51(2)",
    "announce 192.0.2.100 on vrrp.51",
  ]);
});

/** A router of IPv6, whose link has its parent's link-local address. */
const LENT_TO = exampleRouter({
  family: 6,
  ownLink: {
    link: exampleMacvlan("vrrp.51", { family: 6 }),
    advertsByParent: false,
  },
  virtualAddresses: [exampleAddress("fe80::64", { interface: "vrrp.51" })],
});

Deno.test("its link has the parent's new link-local address when the old one goes", () => {
  const world = readyHost();
  world.kernel.addAddress("eth0", "fe80::10/64");
  const engine = startEngine(
    world,
    LENT_TO,
  );
  engine.turn();
  world.kernel.addAddress("eth0", "fe80::20/64");
  engine.turn();
  world.takeTrace();
  world.kernel.removeAddress("eth0", "fe80::10/64");
  engine.turn();
  assertEquals(
    world.takeTrace().includes("add fe80::20/64 on vrrp.51(2)"),
    true,
  );
});

Deno.test("a link that a killed daemon left is taken over, with the address that it ought to have", () => {
  const world = readyHost();
  world.kernel.addLink("vrrp.51", { parentIndex: 1, flags: 0 });
  startEngine(world, withVmac());
  assertEquals(world.takeTrace()[0], MADE[1]);
});

Deno.test("a macvlan of another parent is made anew, and what is none is left alone with a word", () => {
  const world = readyHost();
  world.kernel.addLink("vrrp.51", { parentIndex: 77 });
  startEngine(world, withVmac());
  assertEquals(world.takeTrace().slice(0, 3), [
    "remove link vrrp.51",
    ...MADE,
  ]);

  const other = readyHost();
  other.kernel.addLink("vrrp.51");
  const engine = startEngine(other, withVmac());
  assertEquals(
    other.takeNotices().flatMap((notice) =>
      notice.kind === "systemError" ? [notice.doing] : []
    ),
    ["make vrrp.51, which is there and is hardware, no macvlan"],
  );
  other.kernel.removeLink("vrrp.51");
  engine.turn();
  assertEquals(snapshot(other, engine).state, "BACKUP");
});

Deno.test("on a macvlan, whose own macvlans Linux makes on the link below, the link is made once", () => {
  const world = readyHost();
  world.kernel.addLink("macvlan0", { parentIndex: 1 });
  world.kernel.addAddress("macvlan0", "192.0.2.20/24");
  const engine = startMasters(world, {
    ...withVmac(),
    interface: "macvlan0",
    ownLink: {
      link: exampleMacvlan("vrrp.51", { parent: "macvlan0" }),
      advertsByParent: false,
    },
  });
  world.takeTrace();
  runUntil(world, engine, world.clockNs + 2 * SECOND_NS);
  assertEquals(
    world.takeTrace().filter((line) => line.includes("link vrrp.51")),
    [],
  );
  assertEquals(snapshot(world, engine).counters.addressesRestored, 0);
});

Deno.test("a master whose link somebody removes has it back, with its addresses, in the same turn", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.kernel.removeLink("vrrp.51");
  engine.turn();
  const trace = world.takeTrace();
  assertEquals(trace.slice(0, 2), MADE);
  assertEquals(trace.includes("add 192.0.2.100/32 on vrrp.51(3)"), true);
  assertEquals(trace.includes("announce 192.0.2.100 on vrrp.51"), true);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("a link that somebody sets down is set up again", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.kernel.setFlags("vrrp.51", 0);
  engine.turn();
  assertEquals(world.takeTrace()[0], MADE[1]);
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("a link that the kernel refuses is tried again each second, and the router says what it waits for", () => {
  const world = readyHost();
  world.linkErrno = 1;
  const engine = startEngine(world, withVmac());
  assertEquals(snapshot(world, engine).reasons, [
    { kind: "interfaceMissing", interface: "vrrp.51" },
  ]);
  world.linkErrno = undefined;
  runUntil(world, engine, world.clockNs + 1.1 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("an interface that goes takes its link along, and brings it back", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.kernel.removeLink("vrrp.51");
  world.kernel.removeLink("eth0");
  engine.turn();
  assertEquals(snapshot(world, engine).state, "FAULT");
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.10/24");
  engine.turn();
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("the parent's carrier counts as the router's own", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.kernel.setFlags("eth0", LINK_UP);
  engine.turn();
  assertEquals(snapshot(world, engine).reasons, [
    { kind: "noCarrier", interface: "eth0" },
    { kind: "noCarrier", interface: "vrrp.51" },
  ]);
});

Deno.test("an IPv6 router lends its link the parent's link-local address", () => {
  const world = readyHost();
  world.kernel.addAddress("eth0", "fe80::7/64");
  startEngine(
    world,
    LENT_TO,
  );
  assertEquals(world.kernel.addressesOf("vrrp.51"), ["fe80::7/64"]);
});

Deno.test("who stops, or is removed by a reload, removes its link after its farewell", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.command({ kind: "stop" });
  engine.turn();
  assertEquals(world.takeTrace(), [
    "advert 51/0 to 224.0.0.18 on vrrp.51",
    "remove 192.0.2.100/32 on vrrp.51(2)",
    "remove link vrrp.51",
    "restore the host's settings",
  ]);

  const reloaded = readyHost();
  const running = startMasters(reloaded, withVmac());
  reloaded.command({ kind: "replan", id: 1, remove: ["VI_1"], put: [] });
  running.turn();
  const trace = reloaded.takeTrace();
  assertEquals(trace[0], "advert 51/0 to 224.0.0.18 on vrrp.51");
  assertEquals(trace.includes("remove link vrrp.51"), true);
});

Deno.test("a router with an ipvlan speaks there from the ipvlan's address, which is put back, and its addresses stay on the interface", () => {
  const world = readyHost();
  const address = exampleAddress("192.0.2.70", {
    interface: "ipv",
    prefixLength: 24,
  });
  const engine = startMasters(
    world,
    exampleRouter({
      ownLink: {
        link: exampleIpvlan("ipv", { address }),
        advertsByParent: false,
      },
      sourceAddress: address.address,
    }),
  );
  assertEquals(world.kernel.addressesOf("ipv"), ["192.0.2.70/24"]);
  assertEquals(
    world.kernel.addressesOf("eth0").includes("192.0.2.100/32"),
    true,
  );
  world.takeTrace();
  world.takeNotices();
  world.kernel.removeAddress("ipv", "192.0.2.70/24");
  engine.turn();
  assertEquals(world.kernel.addressesOf("ipv"), ["192.0.2.70/24"]);
  world.kernel.removeLink("ipv");
  engine.turn();
  engine.turn();
  assertEquals(world.kernel.addressesOf("ipv"), ["192.0.2.70/24"]);
  assertEquals(
    world.takeNotices().filter(({ kind }) => kind === "transition"),
    [],
    "it is MASTER all the time",
  );
});

Deno.test("what is no ipvlan is left alone with a word", () => {
  const world = readyHost();
  world.kernel.addLink("ipv", { parentIndex: 1, kind: "macvtap" });
  startEngine(
    world,
    exampleRouter({
      ownLink: { link: exampleIpvlan("ipv"), advertsByParent: false },
    }),
  );
  assertEquals(
    world.takeNotices().flatMap((notice) =>
      notice.kind === "systemError" ? [notice.doing] : []
    ),
    ["make ipv, which is there and is macvtap, no ipvlan"],
  );
});

Deno.test("a link is in its parent's VRF, whatever becomes of that, and has its group", () => {
  const world = readyHost();
  const vrf = world.kernel.addLink("blue", { kind: "vrf" });
  world.kernel.setVrf("eth0", vrf);
  const engine = startMasters(world, withVmac());
  const inVrf = `set up vrrp.51 with ${MAC} in VRF ${vrf}`;
  assertEquals(world.kernel.masterOf("vrrp.51"), vrf);
  world.takeTrace();
  world.kernel.setVrf("eth0", 0);
  engine.turn();
  assertEquals(world.takeTrace()[0], MADE[1]);
  world.kernel.setVrf("eth0", vrf);
  engine.turn();
  assertEquals(world.takeTrace()[0], inVrf);
});

Deno.test("a reload that takes an address link away removes it, and leaves the others", () => {
  const world = readyHost();
  const beside = exampleMacvlan("vrrp1.51");
  const router = { ...withVmac(), addressLinks: [beside] };
  const engine = startMasters(world, router);
  assertEquals(world.kernel.hasLink("vrrp1.51"), true);
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{ router: withVmac(), replaces: "VI_1" }],
  });
  engine.turn();
  assertEquals(world.kernel.hasLink("vrrp1.51"), false);
  assertEquals(world.kernel.hasLink("vrrp.51"), true);
});

Deno.test("a router whose link another daemon has is held, touches nothing, and goes on when the name is free", () => {
  const world = readyHost();
  world.linkHolders.set("vrrp.51", { pid: 77 });
  world.kernel.addLink("vrrp.51", { parentIndex: 1 });
  world.kernel.addAddress("vrrp.51", "192.0.2.100/32");
  const engine = startEngine(world, withVmac());
  assertEquals(world.takeTrace(), []);
  assertEquals(
    snapshot(world, engine).reasons,
    [{ kind: "linkTaken", interface: "vrrp.51", pid: 77 }],
  );
  world.takeNotices();
  world.linkHolders.set("vrrp.51", { pid: 78 });
  runUntil(world, engine, world.clockNs + 3 * SECOND_NS);
  assertEquals(
    world.takeNotices().map((notice) =>
      notice.kind === "gate" ? notice.reasons : notice.kind
    ),
    [[{ kind: "linkTaken", interface: "vrrp.51", pid: 78 }]],
  );
  world.linkHolders.clear();
  runUntil(world, engine, world.clockNs + 2 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "BACKUP");
  assertEquals(world.released, []);
});

Deno.test("a router that never had its link leaves what is there to the daemon that has it when it stops", () => {
  const world = readyHost();
  world.linkHolders.set("vrrp.51", { pid: undefined });
  world.kernel.addLink("vrrp.51", { parentIndex: 1 });
  world.kernel.addAddress("vrrp.51", "192.0.2.100/32");
  const engine = startEngine(world, withVmac());
  world.command({ kind: "stop" });
  engine.turn();
  assertEquals(world.takeTrace(), []);
  assertEquals(world.released, ["vrrp.51"]);
});

Deno.test("the name of a link is given up after the link is gone", () => {
  const world = readyHost();
  const engine = startMasters(world, withVmac());
  world.command({ kind: "stop" });
  assertEquals(engine.turn(), false);
  assertEquals(world.kernel.nameOf(2), undefined);
  assertEquals(world.released, ["vrrp.51"]);
});
