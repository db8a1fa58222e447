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
  type Policy,
  type VirtualRoute,
} from "../vrrp/virtual_route.ts";
import type { ObservedLink } from "./observed_link.ts";

/** One change. */
export interface PolicyChange {
  readonly present: boolean;
  readonly policy: Policy;
  /** The index of each interface that a route names: its own, then those of its next hops; 0 where it names none. */
  readonly indexes: readonly number[];
}

const RULE_INDEXES: readonly number[] = [];

/** What is known of a router's routes and rules in the kernel. */
export class PolicyKnowledge {
  readonly #present = new Map<Policy, boolean>();

  /** Nothing is known any more. */
  forgetAll(): void {
    this.#present.clear();
  }

  forget(policy: Policy): void {
    this.#present.delete(policy);
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
      const indexes = linkIndexes(policy, linkNamed);
      if (indexes === undefined) {
        // The kernel removed it with its interface.
        this.#present.set(policy, false);
        continue;
      }
      this.#present.set(policy, isHeld);
      changes.push({ present: isHeld, policy, indexes });
    }
    return changes;
  }
}

/** The indexes of a route's interfaces; undefined while one of them is missing. */
export function linkIndexes(
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
