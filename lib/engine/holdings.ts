/**
 * What the kernel is to hold for the routers: orders that bring it there, queued for the next flush.
 *
 * Level-triggered: what is desired against what netlink told, whatever happened in between.
 * @module
 */
import { planAddresses } from "../route/address_plan.ts";
import type { ObservedLink } from "../route/observed_link.ts";
import { PolicyKnowledge } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { Policy } from "../vrrp/virtual_route.ts";
import type { EngineWorld } from "../world/engine_world.ts";
import type { LinkTable } from "./link_table.ts";
import type { RouterRoster } from "./router_roster.ts";
import type { RouterRuntime } from "./router_runtime.ts";

const NONE_LEFT_ALONE: ReadonlyMap<VirtualAddress, number> = new Map();

export class Holdings {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #roster: RouterRoster;
  readonly #linkNamed = (name: string): ObservedLink | undefined =>
    this.#links.named(name);

  constructor(world: EngineWorld, links: LinkTable, roster: RouterRoster) {
    this.#world = world;
    this.#links = links;
    this.#roster = roster;
  }

  /** Orders whatever is missing of what `router` holds, or still there of what it does not. */
  plan(router: RouterRuntime): void {
    const changes = planAddresses(
      router.addresses,
      router.isHolding,
      router.leftAlone,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queueAddress(change);
    this.#leaveRenamedLinks(router);
    const { policies } = router.config;
    if (policies.length === 0) return;
    const routes = router.policyKnowledge.plan(
      policies,
      router.isHolding,
      this.#linkNamed,
    );
    for (const change of routes) this.#world.queuePolicy(change);
  }

  /** Removes all of a router that is gone, but what another one holds. */
  removeAll({ addresses, config }: RouterRuntime): void {
    this.#removeAddresses(addresses);
    this.#removePolicies(config.policies);
  }

  /** Removes what `old` held and its successor does not have. */
  removeDropped(old: RouterRuntime, successor: RouterRuntime): void {
    this.#removeAddresses(without(old.addresses, successor.addresses));
    this.#removePolicies(
      without(old.config.policies, successor.config.policies),
    );
  }

  /** A link that got another name still has what was put there. */
  #leaveRenamedLinks({ addresses, heldOn, isHolding }: RouterRuntime): void {
    for (const address of addresses) {
      const index = this.#links.named(address.interface)?.index;
      const before = heldOn.get(address);
      if (
        before !== undefined && before !== index &&
        this.#links.at(before) !== undefined
      ) {
        this.#world.queueAddress({ present: false, ifIndex: before, address });
      }
      if (isHolding && index !== undefined) heldOn.set(address, index);
      else heldOn.delete(address);
    }
  }

  #removeAddresses(addresses: readonly VirtualAddress[]): void {
    if (addresses.length === 0) return;
    const held = this.#roster.all.filter(({ isHolding }) => isHolding)
      .flatMap((router) => router.addresses);
    const changes = planAddresses(
      without(addresses, held),
      false,
      NONE_LEFT_ALONE,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queueAddress(change);
  }

  #removePolicies(policies: readonly Policy[]): void {
    if (policies.length === 0) return;
    const held = this.#roster.withPolicies.filter(({ isHolding }) => isHolding)
      .flatMap(({ config }) => config.policies);
    const changes = new PolicyKnowledge().plan(
      without(policies, held),
      false,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queuePolicy(change);
  }
}

/** Those of `all` that say something else than each of `others`. */
function without<T>(all: readonly T[], others: readonly T[]): readonly T[] {
  const texts = new Set(others.map((one) => JSON.stringify(one)));
  return all.filter((one) => !texts.has(JSON.stringify(one)));
}
