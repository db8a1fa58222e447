/**
 * Addresses, routes and rules that the kernel is to hold as long as the daemon runs, whatever state routers are in.
 *
 * Level-triggered, as what routers hold. What somebody removes is put back, unless it is `no_track`.
 *
 * Says:    keepalived's `static_ipaddress`, `static_routes` and `static_rules`.
 * @module
 */
import { planAddresses } from "../route/address_plan.ts";
import type { ObservedAddress, ObservedLink } from "../route/observed_link.ts";
import { LINK_UP } from "../route/observed_link.ts";
import { PolicyKnowledge } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { keyOfPolicy, type Policy } from "../vrrp/virtual_route.ts";
import type { EngineWorld } from "../world/engine_world.ts";
import type { StaticPlan } from "./port.ts";

const NONE_LEFT_ALONE: ReadonlyMap<VirtualAddress, number> = new Map();

export class StaticHoldings {
  readonly #world: EngineWorld;
  readonly #linkNamed: (name: string) => ObservedLink | undefined;
  #plan: StaticPlan = { addresses: [], policies: [] };
  #policyByKey: ReadonlyMap<string, Policy> = new Map();
  #knowledge = new PolicyKnowledge();
  /** `no_track` addresses that somebody removed, and the index of their link. */
  readonly #leftAlone = new Map<VirtualAddress, number>();
  #isDoubted = false;

  constructor(
    world: EngineWorld,
    linkNamed: (name: string) => ObservedLink | undefined,
  ) {
    this.#world = world;
    this.#linkNamed = linkNamed;
  }

  /** These from now on; what is no longer among them goes. */
  replace(plan: StaticPlan): void {
    const before = this.#plan;
    if (JSON.stringify(before) === JSON.stringify(plan)) return;
    this.#plan = plan;
    this.#policyByKey = new Map(
      plan.policies.map((policy) => [keyOfPolicy(policy), policy]),
    );
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
    this.#remove(plan);
  }

  /** Links or addresses changed, and with them routes may have gone. */
  doubt(): void {
    this.#isDoubted = true;
    this.#knowledge.forgetAll();
  }

  /** Somebody, or we, removed an address from a link of that name. */
  addressGone(
    interfaceName: string,
    index: number,
    gone: ObservedAddress,
    byUs: boolean,
  ): void {
    this.doubt();
    if (byUs) return;
    const isUp = ((this.#linkNamed(interfaceName)?.flags ?? 0) & LINK_UP) !== 0;
    for (const address of this.#plan.addresses) {
      const isSame = address.noTrack && address.interface === interfaceName &&
        address.address === gone.address;
      // A link that goes down loses addresses by itself.
      if (isSame && isUp) this.#leftAlone.set(address, index);
    }
  }

  policyGone(key: string, byUs: boolean): void {
    const policy = this.#policyByKey.get(key);
    if (policy === undefined || (policy.noTrack && !byUs)) return;
    this.#knowledge.forget(policy);
    this.#isDoubted = true;
  }

  /** Orders whatever is missing. */
  repair(): void {
    if (!this.#isDoubted) return;
    this.#isDoubted = false;
    const { addresses, policies } = this.#plan;
    const changes = planAddresses(
      addresses,
      true,
      this.#leftAlone,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queueAddress(change);
    const routes = this.#knowledge.plan(policies, true, this.#linkNamed);
    for (const change of routes) this.#world.queuePolicy(change);
  }

  #remove({ addresses, policies }: StaticPlan): void {
    const routes = new PolicyKnowledge().plan(policies, false, this.#linkNamed);
    for (const change of routes) this.#world.queuePolicy(change);
    const changes = planAddresses(
      addresses,
      false,
      NONE_LEFT_ALONE,
      this.#linkNamed,
    );
    for (const change of changes) this.#world.queueAddress(change);
  }
}

/** Those of `all` that say something else than each of `others`. */
function without<T>(all: readonly T[], others: readonly T[]): readonly T[] {
  const texts = new Set(others.map((one) => JSON.stringify(one)));
  return all.filter((one) => !texts.has(JSON.stringify(one)));
}
