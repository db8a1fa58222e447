/**
 * Who leads whom and when, in clusters of real engines: rules that no invariant of the seeds pins down, because they
 * speak of an order of events.
 */
import { assertEquals } from "@std/assert";
import type { EnginePlan } from "../../lib/engine/port.ts";
import {
  exampleAddress,
  exampleRouter,
} from "../../lib/vrrp/example_router.ts";
import type { TrackerLink } from "../../lib/vrrp/tracking.ts";
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
  WIRE_NS,
} from "./cluster.ts";
import { SCRIPT } from "./scenario.ts";
import type { Simulation } from "./simulation.ts";

/** What a process may oversleep, and a packet travel. */
const SLACK_NS = 1e6 + WIRE_NS;
const SCRIPT_LINK: TrackerLink = {
  kind: "script",
  tracker: SCRIPT,
  weight: 0,
  reverse: false,
};

/** Runs in steps until `isThere`; how long that took, in nanoseconds. */
function timeUntil(simulation: Simulation, isThere: () => boolean): number {
  const startNs = simulation.nowNs;
  while (!isThere() && simulation.nowNs < startNs + 60 * SECOND_NS) {
    simulation.run(1e6);
  }
  return simulation.nowNs - startNs;
}

function assertBetween(value: number, from: number, to: number): void {
  assertEquals(
    value >= from && value <= to,
    true,
    `${value / 1e6} ms is not in ${from / 1e6} to ${to / 1e6} ms`,
  );
}

Deno.test("of two masters of equal priority the one with the higher address stays, whoever is heard first", () => {
  for (const heardFirst of [0, 1]) {
    const simulation = running([planOf(), planOf()]);
    simulation.lan(0).cut([0, 1]);
    simulation.run(2 * PATIENCE_NS);
    assertStates(simulation, ["MASTER", "MASTER"]);
    simulation.lan(0).block(1 - heardFirst, heardFirst);
    simulation.lan(0).cut([0, 0]);
    simulation.run(1.2 * SECOND_NS);
    simulation.lan(0).unblock();
    simulation.run(2 * SECOND_NS);
    assertStates(simulation, ["BACKUP", "MASTER"]);
  }
});

Deno.test("a router with preempt_delay takes over from a lower priority when the delay and its patience are over, no sooner", () => {
  const simulation = running([
    planOf({ priority: 150, preemptDelayNs: 20 * SECOND_NS }),
    planOf(),
  ]);
  const first = simulation.host(0);
  simulation.act(first, () => first.stop());
  simulation.run(PATIENCE_NS);
  simulation.act(first, () => first.start());
  const tookNs = timeUntil(simulation, () => hostsWith(simulation)[0] === 0);
  // From the first advert heard on; then three intervals and a skew from the last one that counted.
  assertBetween(tookNs, 20 * SECOND_NS, 25 * SECOND_NS);
  simulation.run(SECOND_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
});

Deno.test("a router that does not preempt leaves a lower priority alone, and takes over when that one goes", () => {
  const simulation = running([
    planOf({ priority: 150, preempt: false }),
    planOf(),
  ]);
  const first = simulation.host(0);
  const second = simulation.host(1);
  simulation.act(first, () => first.stop());
  simulation.run(PATIENCE_NS);
  simulation.act(first, () => first.start());
  simulation.run(60 * SECOND_NS);
  assertStates(simulation, ["BACKUP", "MASTER"]);
  simulation.act(second, () => second.stop());
  simulation.run(SECOND_NS);
  assertEquals(states(simulation)[0], "MASTER");
});

Deno.test("after a crash a backup waits three intervals and its skew time, after a farewell its skew time alone", () => {
  for (const version of [2, 3] as const) {
    for (const [priority, interval] of [[100, 1], [1, 1], [200, 3]] as const) {
      const shared = { version, advertIntervalNs: interval * SECOND_NS };
      const skewNs = (256 - priority) / 256 *
        (version === 2 ? SECOND_NS : interval * SECOND_NS);
      for (const isGraceful of [true, false]) {
        const simulation = running([
          planOf({ ...shared, priority: 250 }),
          planOf({ ...shared, priority }),
        ]);
        simulation.run(20 * SECOND_NS);
        assertStates(simulation, ["MASTER", "BACKUP"]);
        const sent = simulation.host(0).advertsSent;
        // The wait begins with the last advert.
        timeUntil(simulation, () => simulation.host(0).advertsSent > sent);
        const first = simulation.host(0);
        simulation.act(first, () => isGraceful ? first.stop() : first.kill());
        const tookNs = timeUntil(
          simulation,
          () => simulation.host(1).snapshots[0]?.state === "MASTER",
        );
        const waitNs = isGraceful ? skewNs : skewNs + 3 * interval * SECOND_NS;
        assertBetween(tookNs, waitNs - 2e6, waitNs + 2 * SLACK_NS);
      }
    }
  }
});

Deno.test("an engine that dies and is started anew goes on as MASTER, and nobody else notices", () => {
  const simulation = running(PAIR);
  const first = simulation.host(0);
  const other = simulation.host(1);
  const before = other.transitions;
  for (let i = 0; i < 5; i++) {
    simulation.act(first, () => first.crash());
    simulation.run(0.2 * SECOND_NS);
    assertEquals(hostsWith(simulation), [0]);
    simulation.act(first, () => first.resume());
    assertStates(simulation, ["MASTER", "BACKUP"]);
    simulation.run(3 * SECOND_NS);
  }
  assertEquals(other.transitions, before);
});

Deno.test("a daemon that starts after it was killed waits like any other, and its addresses serve meanwhile", () => {
  const simulation = running([planOf()]);
  const host = simulation.host(0);
  simulation.act(host, () => host.kill());
  simulation.act(host, () => host.start());
  assertStates(simulation, ["BACKUP"]);
  assertEquals(hostsWith(simulation), [0]);
  const tookNs = timeUntil(
    simulation,
    () => states(simulation)[0] === "MASTER",
  );
  assertBetween(tookNs, 3.6 * SECOND_NS, 3.62 * SECOND_NS);
  assertEquals(hostsWith(simulation), [0]);
});

Deno.test("a router that a script fails says farewell, so that the other one waits for its skew time alone", () => {
  const simulation = running([
    planOf({ priority: 150, links: [SCRIPT_LINK] }),
    planOf(),
  ]);
  const first = simulation.host(0);
  simulation.act(first, () => first.setScript(SCRIPT, false));
  simulation.run((156 / 256) * SECOND_NS + SLACK_NS);
  assertStates(simulation, ["FAULT", "MASTER"]);
});

Deno.test("a master that hears a farewell answers it, so that no other backup takes over", () => {
  const simulation = running([...PAIR, planOf({ priority: 50 })]);
  // The second one calls itself MASTER for a while, heard by nobody.
  simulation.lan(0).cut([0, 1, 0]);
  simulation.run(2 * PATIENCE_NS);
  assertStates(simulation, ["MASTER", "MASTER", "BACKUP"]);
  const third = simulation.host(2);
  const before = third.transitions;
  const second = simulation.host(1);
  simulation.lan(0).cut([0, 0, 0]);
  simulation.act(second, () => second.stop());
  simulation.run(3 * SECOND_NS);
  assertStates(simulation, ["MASTER", "", "BACKUP"]);
  assertEquals(third.transitions, before);
});

Deno.test("a master that hears a lower priority says so at once, and the other one yields within the wire's delay", () => {
  const simulation = running(PAIR);
  const [first, other] = [simulation.host(0), simulation.host(1)];
  simulation.lan(0).block(0, 1);
  simulation.run(2 * PATIENCE_NS);
  assertStates(simulation, ["MASTER", "MASTER"]);
  const said = first.advertsSent;
  timeUntil(simulation, () => first.advertsSent > said);
  simulation.run(2 * SLACK_NS);
  simulation.lan(0).unblock();
  // Its advert comes before the first one's own next one.
  const sent = other.advertsSent;
  const tookNs = timeUntil(simulation, () => other.advertsSent > sent);
  assertBetween(tookNs, 0, SECOND_NS);
  simulation.run(4 * SLACK_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
});

Deno.test("a master whose priority changes says so in the same moment", () => {
  const simulation = running([
    planOf({ priority: 150, links: [{ ...SCRIPT_LINK, weight: -20 }] }),
    planOf(),
  ]);
  const first = simulation.host(0);
  for (const isUp of [false, true]) {
    const before = first.advertsSent;
    simulation.act(first, () => first.setScript(SCRIPT, isUp));
    assertEquals(first.advertsSent, before + 1);
    simulation.run(3.3 * SECOND_NS);
  }
  assertStates(simulation, ["MASTER", "BACKUP"]);
});

Deno.test("a backup whose priority changes while it waits waits as if it had always had the new one", () => {
  const simulation = running([
    planOf({ priority: 250 }),
    planOf({ priority: 200, links: [{ ...SCRIPT_LINK, weight: -199 }] }),
  ]);
  const [first, other] = [simulation.host(0), simulation.host(1)];
  const sent = first.advertsSent;
  timeUntil(simulation, () => first.advertsSent > sent);
  simulation.act(first, () => first.kill());
  simulation.run(SECOND_NS);
  simulation.act(other, () => other.setScript(SCRIPT, false));
  const tookNs = timeUntil(
    simulation,
    () => other.snapshots[0]?.state === "MASTER",
  );
  const waitNs = (2 + 255 / 256) * SECOND_NS;
  assertBetween(tookNs, waitNs - 2e6, waitNs + 2 * SLACK_NS);
});

Deno.test("an owner is MASTER the moment it starts, and the moment its cable is back", () => {
  const simulation = running([
    planOf({ priority: 255 }),
    planOf({ priority: 254 }),
  ]);
  const owner = simulation.host(0);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  simulation.act(owner, () => owner.stop());
  simulation.run(PATIENCE_NS);
  simulation.act(owner, () => owner.start());
  assertStates(simulation, ["MASTER", "MASTER"]);
  simulation.run(SLACK_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
  simulation.act(owner, () => owner.setFlags("eth0", 0));
  simulation.run(PATIENCE_NS);
  simulation.act(owner, () => owner.mend("eth0"));
  simulation.run(SLACK_NS);
  assertStates(simulation, ["MASTER", "BACKUP"]);
});

Deno.test("an address that somebody removed is announced again where it is put back", () => {
  const simulation = running(PAIR);
  const master = simulation.host(0);
  simulation.run(20 * SECOND_NS);
  simulation.act(master, () => master.strip("eth0"));
  assertEquals(master.announcedAtNs.get(VIP), simulation.nowNs);
});

Deno.test("adverts keep to their beat for an hour, although each leaves a little late", () => {
  const simulation = running([planOf({ version: 3 })]);
  const host = simulation.host(0);
  const before = host.advertsSent;
  simulation.run(3600 * SECOND_NS);
  assertBetween(host.advertsSent - before, 3600, 3600);
});

/** Two routers of a group, each on a link of its own. */
function groupPlan(priority: number): EnginePlan {
  return {
    routers: [0, 1].map((i) =>
      exampleRouter({
        name: `VI_${i}`,
        vrid: 51 + i,
        interface: `eth${i}`,
        priority,
        virtualAddresses: [
          exampleAddress(i === 0 ? "192.0.2.100" : "198.51.100.100", {
            interface: `eth${i}`,
          }),
        ],
      })
    ),
    groups: [{ name: "G", members: ["VI_0", "VI_1"], links: [] }],
  };
}

Deno.test("a group whose master is silent on one link alone takes nothing: no address is on two hosts", () => {
  const simulation = running([groupPlan(150), groupPlan(100)]);
  assertStates(simulation, ["MASTER MASTER", "BACKUP BACKUP"]);
  const before = transitionsOf(simulation);
  simulation.lan(1).cut([0, 1]);
  for (let i = 0; i < 60; i++) {
    simulation.run(SECOND_NS);
    assertEquals(hostsWith(simulation), [0]);
    assertEquals(
      simulation.host(1).kernel.addressesOf("eth1"),
      ["198.51.100.11/24"],
    );
  }
  assertEquals(transitionsOf(simulation), before);
});

Deno.test("all masters of a group tell the neighbours again when one of them hears a lower priority", () => {
  const simulation = running([groupPlan(150), groupPlan(100)]);
  const first = simulation.host(0);
  const [own, other] = ["192.0.2.100", "198.51.100.100"].map((text) =>
    exampleAddress(text).address
  );
  for (const lan of simulation.lans) lan.cut([0, 1]);
  simulation.run(2 * PATIENCE_NS);
  assertStates(simulation, ["MASTER MASTER", "MASTER MASTER"]);
  const healedNs = simulation.nowNs;
  // Only one of the links is whole again.
  simulation.lan(0).cut([0, 0]);
  simulation.lan(0).block(0, 1);
  simulation.run(2 * SECOND_NS);
  for (const address of [own, other]) {
    const atNs = address === undefined ? 0 : first.announcedAtNs.get(address);
    assertEquals((atNs ?? 0) > healedNs, true, `${address}`);
  }
});
