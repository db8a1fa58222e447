/**
 * Clusters whose members are written down, for scenarios that happen in an order: a calm network, nothing by chance.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { EnginePlan } from "../../lib/engine/port.ts";
import { exampleIp, exampleRouter } from "../../lib/vrrp/example_router.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import type { Port } from "./host.ts";
import { Random } from "./random.ts";
import { Simulation } from "./simulation.ts";

export const SECOND_NS = 1e9;
export const VIP = exampleIp("192.0.2.100");
/** Longer than any wait of a router that knows its master, or none. */
export const PATIENCE_NS = 4.5 * SECOND_NS;
export const WIRE_NS = 0.2e6;

/** One router on eth0. */
export function planOf(changes: Partial<RouterConfig> = {}): EnginePlan {
  return { routers: [exampleRouter(changes)] };
}

function portsOf(index: number, family: 4 | 6 = 4): readonly Port[] {
  return [
    {
      link: "eth0",
      segment: 0,
      address: family === 4
        ? `192.0.2.${10 + index}/24`
        : `fe80::${1 + index}/64`,
    },
    { link: "eth1", segment: 1, address: `198.51.100.${10 + index}/24` },
  ];
}

/** A host for each plan, on two calm segments; nobody is started. */
export function wire(
  plans: readonly EnginePlan[],
  family: 4 | 6 = 4,
  seed = 1,
): Simulation {
  return new Simulation(
    new Random(seed),
    plans.map((plan, i) => ({
      plan,
      ports: portsOf(i, family),
      isPromotingSecondaries: false,
    })),
    2,
    {
      loss: 0,
      duplication: 0,
      damage: 0,
      delayMinNs: WIRE_NS,
      delayMaxNs: WIRE_NS,
    },
    true,
  );
}

/** All hosts run, and have had the time to find their MASTER. */
export function running(
  plans: readonly EnginePlan[],
  family: 4 | 6 = 4,
  seed = 1,
): Simulation {
  const simulation = wire(plans, family, seed);
  for (const host of simulation.hosts) simulation.act(host, () => host.start());
  simulation.run(3 * PATIENCE_NS);
  return simulation;
}

/** The state of each host's routers. */
export function states({ hosts }: Simulation): string[] {
  return hosts.map(({ snapshots }) =>
    snapshots.map(({ state }) => state).join(" ")
  );
}

/** States, and that nothing was wrong on the way. */
export function assertStates(simulation: Simulation, expected: string[]): void {
  assertEquals(simulation.failure, undefined, simulation.trace.join("\n"));
  assertEquals(states(simulation), expected, simulation.trace.join("\n"));
}

export function hostsWith({ hosts }: Simulation): number[] {
  return hosts.filter(({ kernel }) => kernel.holds("eth0", VIP))
    .map(({ index }) => index);
}

export function transitionsOf({ hosts }: Simulation): number {
  return hosts.reduce((sum, { transitions }) => sum + transitions, 0);
}

export const PAIR: readonly EnginePlan[] = [
  planOf({ priority: 150 }),
  planOf({ priority: 100 }),
];
