/**
 * What to ask of the kernel so that it holds a router's routes and rules, or none of them.
 *
 * Level-triggered, without a copy of the kernel's tables, which may have a million routes: for each route and rule it
 * is known to be there, known to be gone, or not known. Whatever may have changed it makes it unknown, and asking for
 * what is there already, or removing what is not, does no harm.
 * @module
 */
import {
  interfacesOfPolicy,
  keyOfPolicy,
  type Policy,
  type VirtualRoute,
} from "../vrrp/virtual_route.ts";
import type { ObservedLink } from "./observed_link.ts";

/** One change. */
export interface PolicyChange {
  readonly present: boolean;
  /** With the number of its table. */
  readonly policy: Policy;
  /** As the configuration has it. */
  readonly origin: Policy;
  /** The index of each interface that a route names: its own, then those of its next hops; 0 where it names none. */
  readonly indexes: readonly number[];
}

const RULE_INDEXES: readonly number[] = [];

/** What is known of a router's routes and rules in the kernel. */
export class PolicyKnowledge {
  readonly #present = new Map<Policy, boolean>();
  /** Routes of VRFs, by the keys that netlink tells of them with. */
  readonly #inVrf = new Map<string, Policy>();

  /** Nothing is known any more. */
  forgetAll(): void {
    this.#present.clear();
  }

  forget(policy: Policy): void {
    this.#present.delete(policy);
  }

  /** The route of a VRF that netlink means by `key`. */
  inVrf(key: string): Policy | undefined {
    return this.#inVrf.get(key);
  }

  /** Changes that make `isHeld` true of `policies`; a route whose interface is not there has to wait for it. */
  plan(
    policies: readonly Policy[],
    isHeld: boolean,
    linkNamed: (name: string) => ObservedLink | undefined,
  ): readonly PolicyChange[] {
    const changes: PolicyChange[] = [];
    // Rules refer to tables: they come last and go first.
    for (const policy of isHeld ? policies : policies.toReversed()) {
      if (this.#present.get(policy) === isHeld) continue;
      const change = policyChange(isHeld, policy, linkNamed);
      if (change === undefined) {
        // The kernel removed it with its interface.
        this.#present.set(policy, false);
        continue;
      }
      this.#present.set(policy, isHeld);
      if (change.policy !== policy) {
        this.#inVrf.set(keyOfPolicy(change.policy), policy);
      }
      changes.push(change);
    }
    return changes;
  }
}

/** What to ask for; undefined while an interface or the VRF of a route is missing. */
export function policyChange(
  present: boolean,
  origin: Policy,
  linkNamed: (name: string) => ObservedLink | undefined,
): PolicyChange | undefined {
  const policy = inItsTable(origin, linkNamed);
  const indexes = linkIndexes(origin, linkNamed);
  return policy === undefined || indexes === undefined
    ? undefined
    : { present, policy, origin, indexes };
}

/** The same object for the same table, so that what was written for it serves again. */
const inTables = new WeakMap<VirtualRoute, VirtualRoute>();

function inItsTable(
  policy: Policy,
  linkNamed: (name: string) => ObservedLink | undefined,
): Policy | undefined {
  if (policy.kind === "rule" || policy.vrf === undefined) return policy;
  const table = linkNamed(policy.vrf)?.vrfTable;
  if (table === undefined) return undefined;
  const known = inTables.get(policy);
  if (known?.table === table) return known;
  const route = { ...policy, table };
  inTables.set(policy, route);
  return route;
}

/** The indexes of a route's interfaces; undefined while one of them is missing. */
function linkIndexes(
  policy: Policy,
  linkNamed: (name: string) => ObservedLink | undefined,
): readonly number[] | undefined {
  // A rule names its interfaces by name, there or not.
  if (policy.kind === "rule") return RULE_INDEXES;
  for (const name of interfacesOfPolicy(policy)) {
    if (linkNamed(name) === undefined) return undefined;
  }
  return namesOf(policy).map((name) =>
    name === undefined ? 0 : linkNamed(name)?.index ?? 0
  );
}

function namesOf(route: VirtualRoute): readonly (string | undefined)[] {
  return [route.interface, ...route.nextHops.map((hop) => hop.interface)];
}
