/**
 * Addresses, routes and rules that the kernel is to hold as long as the daemon runs, whatever state routers are in.
 *
 * Level-triggered, as what routers hold. What somebody removes is put back, unless it is `no_track`.
 *
 * Says:    keepalived's `static_ipaddress`, `static_routes` and `static_rules`.
 * @module
 */
import type { ObservedAddress, ObservedLink } from "../route/observed_link.ts";
import { LINK_UP } from "../route/observed_link.ts";
import { isObserved } from "../route/address_plan.ts";
import { PolicyKnowledge } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import {
  policiesByKey,
  type Policy,
  textOfPolicy,
} from "../vrrp/virtual_route.ts";
import type { EngineWorld } from "../world/engine_world.ts";
import { KernelOrders, without } from "./kernel_orders.ts";
import type { StaticPlan } from "./port.ts";

export class StaticHoldings {
  readonly #orders: KernelOrders;
  readonly #linkNamed: (name: string) => ObservedLink | undefined;
  #plan: StaticPlan = { addresses: [], policies: [] };
  #policyByKey: ReadonlyMap<string, Policy> = new Map();
  #knowledge = new PolicyKnowledge();
  /** `no_track` addresses that somebody removed, and the index of their link. */
  readonly #leftAlone = new Map<VirtualAddress, number>();
  #isDoubted = false;
  readonly #tellRestored: (what: string) => void;
  /** What somebody else removed and is put back, in this turn. */
  readonly #lost = new Set<string>();
  /** How often something was put back. */
  restored = 0;

  /** `tellRestored` hears what was put back, as an operator would call it. */
  constructor(
    world: EngineWorld,
    linkNamed: (name: string) => ObservedLink | undefined,
    tellRestored: (what: string) => void,
  ) {
    this.#tellRestored = tellRestored;
    this.#orders = new KernelOrders(world, linkNamed);
    this.#linkNamed = linkNamed;
  }

  /** These from now on; what is no longer among them goes. */
  replace(plan: StaticPlan): void {
    const before = this.#plan;
    if (JSON.stringify(before) === JSON.stringify(plan)) return;
    this.#plan = plan;
    this.#policyByKey = policiesByKey(plan.policies);
    this.#knowledge = new PolicyKnowledge();
    this.#leftAlone.clear();
    this.#remove({
      addresses: without(before.addresses, plan.addresses),
      policies: without(before.policies, plan.policies),
    });
    this.#isDoubted = true;
  }

  /** The daemon stops. */
  removeAll(): void {
    const plan = this.#plan;
    this.#plan = { addresses: [], policies: [] };
    this.#isDoubted = false;
    this.#lost.clear();
    this.#remove(plan);
  }

  /** Links or addresses changed, and with them routes may have gone. */
  doubt(): void {
    this.#isDoubted = true;
    this.#knowledge.forgetAll();
  }

  /** Somebody, or we, removed an address from a link of that name; whoever tells it has doubted, too. */
  addressGone(
    interfaceName: string,
    index: number,
    gone: ObservedAddress,
    byUs: boolean,
  ): void {
    if (byUs) return;
    const link = this.#linkNamed(interfaceName);
    const isUp = ((link?.flags ?? 0) & LINK_UP) !== 0;
    // A link that goes down loses addresses by itself.
    if (!isUp) return;
    for (const address of this.#plan.addresses) {
      const isSame = address.interface === interfaceName &&
        address.address === gone.address;
      if (!isSame) continue;
      if (address.noTrack) this.#leftAlone.set(address, index);
      else if (link !== undefined && !isObserved(link, address)) {
        const { prefixLength } = address;
        this.#lost.add(`${gone.address}/${prefixLength} from ${interfaceName}`);
      }
    }
  }

  policyGone(key: string, byUs: boolean): void {
    const policy = this.#policyByKey.get(key) ?? this.#knowledge.inVrf(key);
    if (policy === undefined || (policy.noTrack && !byUs)) return;
    this.#knowledge.forget(policy);
    this.#isDoubted = true;
    if (!byUs) this.#lost.add(textOfPolicy(policy));
  }

  /** Orders whatever is missing. */
  repair(): void {
    if (!this.#isDoubted) return;
    this.#isDoubted = false;
    const { addresses, policies } = this.#plan;
    this.#orders.addresses(addresses, true, this.#leftAlone);
    this.#orders.policies(policies, true, this.#knowledge);
    for (const what of this.#lost) {
      this.restored++;
      this.#tellRestored(what);
    }
    this.#lost.clear();
  }

  #remove({ addresses, policies }: StaticPlan): void {
    this.#orders.policies(policies, false, new PolicyKnowledge());
    this.#orders.addresses(addresses, false);
  }
}
