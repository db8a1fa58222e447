/**
 * What made operators of other implementations lose their addresses, each as a scenario with the real engine.
 *
 * The invariants of every simulated host count all the time: addresses are where MASTER is, adverts are on time,
 * members of a sync group move together, farewells are said.
 */
import { assertEquals } from "@std/assert";
import { virtualRouterMac } from "../../lib/addr/mac_address.ts";
import type { EnginePlan } from "../../lib/engine/port.ts";
import {
  ADDRESS_TENTATIVE,
  LINK_RUNNING,
  LINK_UP,
} from "../../lib/route/observed_link.ts";
import {
  exampleAddress,
  exampleIp,
  exampleMacvlan,
  exampleRouter,
} from "../../lib/vrrp/example_router.ts";
import {
  assertStates,
  hostsWith,
  PAIR,
  PATIENCE_NS,
  planOf,
  running,
  SECOND_NS,
  states,
  transitionsOf,
  VIP,
  wire,
  WIRE_NS,
} from "./cluster.ts";
import type { Host } from "./host.ts";
import { intruderAdvert } from "./intruder.ts";

Deno.test("keepalived#2514, #1847, #2237: a host whose address comes late at boot runs from that moment, in 200 cold boots", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const simulation = wire(
      [
        planOf({ priority: 150, sourceAddress: exampleIp("192.0.2.10") }),
        planOf(),
      ],
      4,
      seed,
    );
    const { random } = simulation;
    for (const host of simulation.hosts) {
      host.setFlags("eth0", 0);
      host.removeOwn("eth0");
      const startNs = random.between(0, 5 * SECOND_NS);
      const linkNs = random.between(0, 5 * SECOND_NS);
      const addressNs = random.between(0, 20 * SECOND_NS);
      simulation.actAfter(startNs, host, () => host.start());
      simulation.actAfter(
        linkNs,
        host,
        () => host.setFlags("eth0", LINK_UP | LINK_RUNNING),
      );
      simulation.actAfter(addressNs, host, () => host.addOwn("eth0"));
    }
    simulation.run(20 * SECOND_NS + PATIENCE_NS);
    assertStates(simulation, ["MASTER", "BACKUP"]);
  }
});

Deno.test("keepalived#2570: a sync group of IPv4 and IPv6 with virtual MAC addresses waits for duplicate address detection, and then runs", () => {
  const routers = ([4, 6] as const).map((family) =>
    exampleRouter({
      name: `v${family}`,
      vrid: 50 + family,
      family,
      version: 3,
      ownLink: {
        link: exampleMacvlan(`vrrp.5${family}`, {
          family,
          mac: virtualRouterMac(family, 50 + family),
        }),
        advertsByParent: false,
      },
      virtualAddresses: [
        exampleAddress(family === 4 ? "192.0.2.100" : "fe80::64", {
          interface: `vrrp.5${family}`,
        }),
      ],
    })
  );
  const simulation = wire([{
    routers,
    groups: [{ name: "G", members: ["v4", "v6"], links: [] }],
  }], 6);
  const host = simulation.host(0);
  host.removeOwn("eth0");
  simulation.act(host, () => host.start());
  simulation.run(SECOND_NS);
  assertStates(simulation, ["WAITING WAITING"]);
  host.kernel.addAddress("eth0", "192.0.2.10/24");
  simulation.act(host, () => host.addOwn("eth0", ADDRESS_TENTATIVE));
  simulation.run(SECOND_NS);
  assertStates(simulation, ["WAITING WAITING"]);
  simulation.act(host, () => host.addOwn("eth0"));
  assertStates(simulation, ["BACKUP BACKUP"]);
  simulation.run(2 * PATIENCE_NS);
  assertStates(simulation, ["MASTER MASTER"]);
});

Deno.test("keepalived#2695: a static address is there before anybody asks whether the interface has one", () => {
  const own = exampleAddress("192.0.2.10");
  const simulation = wire([{
    ...planOf(),
    statics: { addresses: [{ ...own, prefixLength: 24 }], policies: [] },
  }]);
  const host = simulation.host(0);
  host.removeOwn("eth0");
  simulation.act(host, () => host.start());
  assertStates(simulation, ["BACKUP"]);
  simulation.run(PATIENCE_NS);
  assertStates(simulation, ["MASTER"]);
  assertEquals(host.snapshots[0]?.source, own.address);
});

Deno.test("keepalived#1143, #2178: a switch that carries nothing for 30 s after a link came up costs one advert, not an address for good", () => {
  const simulation = running(PAIR);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  const backup = simulation.host(1);
  simulation.act(backup, () => backup.setFlags("eth0", LINK_UP));
  simulation.lan(0).cut([0, 1]);
  simulation.run(SECOND_NS);
  simulation.act(
    backup,
    () => backup.setFlags("eth0", LINK_UP | LINK_RUNNING),
  );
  simulation.run(30 * SECOND_NS);
  simulation.lan(0).cut([0, 0]);
  simulation.run(SECOND_NS + 1e6 + WIRE_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(hostsWith(simulation), [0]);
});

Deno.test("keepalived#1385, #836, #2479: virtual addresses that a network manager removes are back in the same moment", () => {
  const simulation = running(PAIR);
  const master = simulation.host(0);
  const before = transitionsOf(simulation);
  for (let i = 0; i < 20; i++) {
    simulation.act(master, () => master.strip("eth0"));
    assertEquals(hostsWith(simulation), [0]);
    simulation.run(0.3 * SECOND_NS);
  }
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(transitionsOf(simulation), before);
});

Deno.test("keepalived#2564: a connection that is activated anew loses all its addresses, and somebody has the virtual one", () => {
  const simulation = running(PAIR);
  const master = simulation.host(0);
  simulation.act(master, () => {
    master.kernel.removeAddress("eth0", "192.0.2.10/24");
    master.strip("eth0");
  });
  simulation.actAfter(0.05 * SECOND_NS, master, () => master.addOwn("eth0"));
  // Its farewell: the other one takes over after the skew time.
  simulation.run(SECOND_NS);
  assertEquals(hostsWith(simulation), [1]);
  simulation.run(PATIENCE_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(hostsWith(simulation), [0]);
});

Deno.test("keepalived#2387: nobody is deaf after booting at the same time as the others and being reloaded meanwhile", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const simulation = wire(PAIR, 4, seed);
    const { random } = simulation;
    for (const host of simulation.hosts) {
      simulation.actAfter(
        random.between(0, 5e6),
        host,
        () => host.start(),
      );
      for (let i = 0; i < 3; i++) {
        simulation.actAfter(random.between(0, 20e6), host, () => {
          const [router] = host.plan.routers;
          if (router === undefined) return;
          const preempt = random.chance(0.5);
          host.reload({ ...host.plan, routers: [{ ...router, preempt }] });
        });
      }
    }
    simulation.run(3 * PATIENCE_NS);
    assertEquals(simulation.failure, undefined);
    assertEquals(states(simulation).toSorted(), ["BACKUP", "MASTER"]);
  }
});

Deno.test("keepalived#166, #20, #1884: the true MASTER tells the neighbours again after there were two", () => {
  const simulation = running(PAIR);
  simulation.lan(0).cut([0, 1]);
  simulation.run(2 * PATIENCE_NS);
  assertStates(simulation, ["MASTER", "MASTER"]);
  const healedNs = simulation.nowNs;
  // The other one is heard first.
  simulation.lan(0).block(0, 1);
  simulation.lan(0).cut([0, 0]);
  simulation.run(1.1 * SECOND_NS);
  simulation.lan(0).unblock();
  simulation.run(1.1 * SECOND_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  const announcedNs = simulation.host(0).announcedAtNs.get(VIP) ?? 0;
  assertEquals(announcedNs > healedNs, true);
  const other = simulation.host(1).announcedAtNs.get(VIP) ?? 0;
  assertEquals(announcedNs > other, true);
});

Deno.test("keepalived#2649: two MASTERs that could not hear each other, in either direction, are one as soon as they can", () => {
  for (const [from, to] of [[0, 1], [1, 0]] as const) {
    const simulation = running(PAIR);
    simulation.lan(0).block(from, to);
    simulation.run(60 * SECOND_NS);
    simulation.lan(0).unblock();
    simulation.run(SECOND_NS + 1e6 + 2 * WIRE_NS);
    assertStates(simulation, ["MASTER", "BACKUP"]);
  }
});

Deno.test("keepalived#2066, #2238, #1955: a process that was held up for 6 s hears what waited before it acts", () => {
  for (const [held, during] of [[1, "BACKUP"], [0, "MASTER"]] as const) {
    const simulation = running(PAIR);
    const host = simulation.host(held);
    assertEquals(states(simulation)[held], during);
    const before = host.transitions;
    simulation.act(host, () => host.freeze());
    simulation.run(6 * SECOND_NS);
    simulation.act(host, () => host.thaw());
    simulation.run(PATIENCE_NS);
    assertStates(simulation, ["MASTER", "BACKUP"]);
    // It stayed what it was; when it was the MASTER, it heard a lower priority and said so.
    assertEquals(host.transitions, before);
  }
});

Deno.test("kube-vip#1418, #996, #665: who is MASTER no more holds nothing, whatever made it so", () => {
  const simulation = running(PAIR);
  const [first, second] = [simulation.host(0), simulation.host(1)];
  const causes: (() => void)[] = [
    () => first.setFlags("eth0", LINK_UP),
    () => first.removeOwn("eth0"),
    () => first.stop(),
  ];
  for (const cause of causes) {
    simulation.act(first, cause);
    simulation.run(PATIENCE_NS);
    assertEquals(hostsWith(simulation), [1]);
    simulation.act(first, () => first.mend("eth0"));
    simulation.act(first, () => first.start());
    simulation.run(PATIENCE_NS);
    assertEquals(hostsWith(simulation), [0]);
  }
  assertEquals(second.kernel.addressesOf("eth0"), ["192.0.2.11/24"]);
});

Deno.test("keepalived#2444, #2175, kubeasz#126: a foreign cluster with the same vrid and another version moves nobody, and is told", () => {
  const simulation = running(PAIR);
  const before = transitionsOf(simulation);
  const { random, hosts } = simulation;
  const foreign = exampleRouter({ version: 3, priority: 255 });
  for (let i = 0; i < 60; i++) {
    simulation.after(i * 0.5 * SECOND_NS, () => {
      const { datagrams } = intruderAdvert(random, foreign, hosts, 3);
      for (const datagram of datagrams) simulation.inject(0, datagram);
    });
  }
  simulation.run(40 * SECOND_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(transitionsOf(simulation), before);
  // Once each, however many there were.
  assertEquals(hosts.map(({ rejected }) => rejected), [1, 1]);
});

Deno.test("keepalived#1603: a virtual address that is added on one node first makes no second MASTER", () => {
  const simulation = running(PAIR);
  const before = transitionsOf(simulation);
  for (const host of simulation.hosts) {
    simulation.act(host, () => {
      const [router] = host.plan.routers;
      if (router === undefined) return;
      const virtualAddresses = [
        ...router.virtualAddresses,
        exampleAddress("192.0.2.101"),
      ];
      host.reload({ routers: [{ ...router, virtualAddresses }] });
    });
    simulation.run(10 * SECOND_NS);
  }
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(transitionsOf(simulation), before);
  assertEquals(
    simulation.host(0).kernel.holds("eth0", exampleIp("192.0.2.101")),
    true,
  );
});

Deno.test("keepalived#1643: a cluster that goes from multicast to unicast, node by node, has one MASTER when the last one has", () => {
  const simulation = running(PAIR);
  simulation.hosts.forEach((host, i) => {
    simulation.act(host, () => {
      const [router] = host.plan.routers;
      if (router === undefined) return;
      const peer = exampleIp(`192.0.2.${11 - i}`);
      const unicastPeers = [
        { address: peer, ttlMin: undefined, ttlMax: undefined },
      ];
      host.reload({ routers: [{ ...router, unicastPeers }] });
    });
    simulation.run(10 * SECOND_NS);
  });
  assertStates(simulation, ["MASTER", "BACKUP"]);
});

Deno.test("keepalived#2121: a router without addresses elects its MASTER all the same", () => {
  const simulation = running([
    planOf({ priority: 150, virtualAddresses: [] }),
    planOf({ virtualAddresses: [] }),
  ]);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  const first = simulation.host(0);
  simulation.act(first, () => first.stop());
  simulation.run(SECOND_NS);
  assertStates(simulation, ["", "MASTER"]);
});

Deno.test("keepalived#1760, #1653: announcing 80 addresses one at a time delays no advert, and leaves none out", () => {
  const virtualAddresses = Array.from(
    { length: 80 },
    (_, i) => exampleAddress(`192.0.2.${100 + i}`),
  );
  const plan = (priority: number): EnginePlan => ({
    ...planOf({ priority, virtualAddresses }),
    announcementLimits: [{
      interfaces: undefined,
      arpIntervalNs: 0.05 * SECOND_NS,
      neighborIntervalNs: 0,
    }],
  });
  const simulation = running([plan(150), plan(100)]);
  simulation.run(20 * SECOND_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  const [first, second] = simulation.hosts;
  assertEquals([first?.announcedAtNs.size, second?.announcedAtNs.size], [
    80,
    0,
  ]);
});

Deno.test("keepalived#2159, #349: a reload that removes one instance touches no address of the others", () => {
  const others = [1, 2, 3].map((i) =>
    exampleRouter({
      name: `VI_${i}`,
      vrid: 60 + i,
      virtualAddresses: [exampleAddress(`192.0.2.${200 + i}`)],
    })
  );
  const simulation = running([{ routers: others }]);
  assertStates(simulation, ["MASTER MASTER MASTER"]);
  const host = simulation.host(0);
  const { orders, transitions } = host;
  simulation.act(host, () => host.reload({ routers: others.slice(1) }));
  simulation.run(PATIENCE_NS);
  assertStates(simulation, ["MASTER MASTER"]);
  assertEquals([host.orders - orders, host.transitions - transitions], [1, 1]);
});

Deno.test("keepalived#2693, #2576, #2604: the link of a virtual MAC address that a killed daemon left behind, down, is used again", () => {
  const plan = planOf({
    ownLink: { link: exampleMacvlan("vrrp.51"), advertsByParent: false },
    virtualAddresses: [exampleAddress("192.0.2.100", { interface: "vrrp.51" })],
  });
  const simulation = running([plan]);
  const host = simulation.host(0);
  simulation.act(host, () => host.kill());
  host.kernel.setFlags("vrrp.51", 0);
  simulation.act(host, () => host.start());
  assertStates(simulation, ["BACKUP"]);
  simulation.run(PATIENCE_NS);
  assertStates(simulation, ["MASTER"]);
});

Deno.test("keepalived#2599, #2379, #942: a script without a weight moves the address though nobody preempts, and nobody takes it back", () => {
  const links = [
    { kind: "script", tracker: "chk", weight: 0, reverse: false } as const,
  ];
  const plan = (priority: number) =>
    planOf({ priority, links, preempt: false });
  const simulation = running([plan(150), plan(100)]);
  const master = simulation.hosts.find(({ snapshots }) =>
    snapshots[0]?.state === "MASTER"
  );
  const other = simulation.hosts.find((host) => host !== master);
  const stateOf = (host: Host | undefined) => host?.snapshots[0]?.state;
  simulation.act(
    simulation.host(master?.index ?? 0),
    () => master?.setScript("chk", false),
  );
  simulation.run(SECOND_NS);
  assertEquals([stateOf(master), stateOf(other)], ["FAULT", "MASTER"]);
  simulation.act(
    simulation.host(master?.index ?? 0),
    () => master?.setScript("chk", true),
  );
  simulation.run(3 * PATIENCE_NS);
  assertEquals([stateOf(master), stateOf(other)], ["BACKUP", "MASTER"]);
  assertEquals(simulation.failure, undefined);
});

Deno.test("keepalived#2685: a sync group that is cut on one of its segments is in step all the time, and whole afterwards", () => {
  const plan = (priority: number): EnginePlan => ({
    routers: [0, 1].map((i) =>
      exampleRouter({
        name: `VI_${i}`,
        vrid: 51 + i,
        priority,
        interface: `eth${i}`,
        virtualAddresses: [
          exampleAddress(i === 0 ? "192.0.2.100" : "198.51.100.100", {
            interface: `eth${i}`,
          }),
        ],
      })
    ),
    groups: [{ name: "G", members: ["VI_0", "VI_1"], links: [] }],
  });
  const simulation = running([plan(150), plan(100)]);
  for (const segment of [0, 1]) {
    simulation.lan(segment).cut([0, 1]);
    simulation.run(30 * SECOND_NS);
    assertEquals(simulation.hosts.map(({ incoherentNs }) => incoherentNs), [
      0,
      0,
    ]);
    simulation.lan(segment).cut([0, 0]);
    simulation.run(PATIENCE_NS);
    assertStates(simulation, ["MASTER MASTER", "BACKUP BACKUP"]);
  }
});

Deno.test("keepalived#672: what a killed daemon left in the kernel goes when its successor hears another MASTER", () => {
  const simulation = running(PAIR);
  const first = simulation.host(0);
  simulation.act(first, () => first.kill());
  simulation.run(PATIENCE_NS);
  assertEquals(hostsWith(simulation), [0, 1]);
  simulation.act(first, () => {
    const [router] = first.plan.routers;
    if (router === undefined) return;
    first.reload({ routers: [{ ...router, priority: 50 }] });
    first.start();
  });
  simulation.run(SECOND_NS + 1e6 + WIRE_NS);
  assertStates(simulation, ["BACKUP", "MASTER"]);
  assertEquals(hostsWith(simulation), [1]);
});

Deno.test("keepalived#1419, #1770: a link-local virtual address is never the source of adverts", () => {
  const plan = (priority: number) => planOf({ family: 6, priority });
  const simulation = running([plan(150), plan(100)], 6);
  const master = simulation.host(0);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  // Its own address goes and comes back, behind the virtual one.
  simulation.act(master, () => master.removeOwn("eth0"));
  simulation.run(PATIENCE_NS);
  simulation.act(master, () => master.addOwn("eth0"));
  simulation.run(PATIENCE_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  assertEquals(master.snapshots[0]?.source, exampleIp("fe80::1"));
});
