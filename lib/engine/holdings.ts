/**
 * What the kernel is to hold for the routers, and what it is to hold no longer.
 * @module
 */
import { PolicyKnowledge } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { Policy } from "../vrrp/virtual_route.ts";
import type { EngineWorld } from "../world/engine_world.ts";
import { KernelOrders, without } from "./kernel_orders.ts";
import type { LinkTable } from "./link_table.ts";
import type { RouterRoster } from "./router_roster.ts";
import type { RouterRuntime } from "./router_runtime.ts";

export class Holdings {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #roster: RouterRoster;
  readonly #orders: KernelOrders;

  /** Links that `isForeign` are none of our business. */
  constructor(
    world: EngineWorld,
    links: LinkTable,
    roster: RouterRoster,
    isForeign: (link: string) => boolean,
  ) {
    this.#world = world;
    this.#links = links;
    this.#roster = roster;
    this.#orders = new KernelOrders(
      world,
      (name) => isForeign(name) ? undefined : links.named(name),
    );
  }

  /** Orders whatever is missing of what `router` holds, or still there of what it does not. */
  plan(router: RouterRuntime): void {
    const { addresses, config, isHolding, leftAlone } = router;
    this.#orders.addresses(addresses, isHolding, leftAlone);
    this.#leaveRenamedLinks(router);
    if (config.policies.length === 0) return;
    this.#orders.policies(config.policies, isHolding, router.policyKnowledge);
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
    this.#orders.addresses(without(addresses, held), false);
  }

  #removePolicies(policies: readonly Policy[]): void {
    if (policies.length === 0) return;
    const held = this.#roster.withPolicies.filter(({ isHolding }) => isHolding)
      .flatMap(({ config }) => config.policies);
    this.#orders.policies(
      without(policies, held),
      false,
      new PolicyKnowledge(),
    );
  }
}
