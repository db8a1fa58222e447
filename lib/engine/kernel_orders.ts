/**
 * Orders to the kernel that make addresses, routes and rules held or gone, queued for the next flush.
 *
 * Level-triggered: what is desired against what netlink told, whatever happened in between.
 * @module
 */
import { planAddresses } from "../route/address_plan.ts";
import type { ObservedLink } from "../route/observed_link.ts";
import type { PolicyKnowledge } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { Policy } from "../vrrp/virtual_route.ts";
import type { EngineWorld } from "../world/engine_world.ts";

const NONE_LEFT_ALONE: ReadonlyMap<VirtualAddress, number> = new Map();

export class KernelOrders {
  readonly #world: EngineWorld;
  readonly #linkNamed: (name: string) => ObservedLink | undefined;

  constructor(
    world: EngineWorld,
    linkNamed: (name: string) => ObservedLink | undefined,
  ) {
    this.#world = world;
    this.#linkNamed = linkNamed;
  }

  /** `leftAlone` as {@linkcode planAddresses} takes it. */
  addresses(
    addresses: readonly VirtualAddress[],
    isHeld: boolean,
    leftAlone = NONE_LEFT_ALONE,
  ): void {
    const changes = planAddresses(
      addresses,
      isHeld,
      leftAlone,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queueAddress(change);
  }

  /** `knowledge` is what is known of these routes and rules. */
  policies(
    policies: readonly Policy[],
    isHeld: boolean,
    knowledge: PolicyKnowledge,
  ): void {
    const changes = knowledge.plan(policies, isHeld, this.#linkNamed);
    for (const change of changes) this.#world.queuePolicy(change);
  }
}

/** Those of `all` that say something else than each of `others`. */
export function without<T>(
  all: readonly T[],
  others: readonly T[],
): readonly T[] {
  const texts = new Set(others.map((one) => JSON.stringify(one)));
  return all.filter((one) => !texts.has(JSON.stringify(one)));
}
