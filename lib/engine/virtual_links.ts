/**
 * The links that carry virtual MAC addresses: there as long as their router and its interface are.
 *
 * Level-triggered: desired against what netlink told. Whoever removes or changes one finds it put back.
 *
 * Units:   nanoseconds, monotonic.
 * @module
 */
import { isLinkLocal } from "../addr/ip_address.ts";
import {
  ADDRESS_DAD_FAILED,
  ADDRESS_TENTATIVE,
  LINK_UP,
  type ObservedLink,
} from "../route/observed_link.ts";
import type { RouterConfig, VirtualAddress } from "../vrrp/router_config.ts";
import type { VirtualMac } from "../vrrp/virtual_mac.ts";
import type {
  EngineSink,
  EngineWorld,
  MacvlanOrder,
  SystemFailure,
} from "../world/engine_world.ts";
import { ADDRESS_FLAG } from "../wire/rtnetlink.ts";
import type { LinkTable } from "./link_table.ts";
import type { RouterRoster } from "./router_roster.ts";

/** No event tells when the kernel would grant what it refused. */
const RETRY_NS = 1e9;
const LINK_LOCAL_PREFIX = 64;
const SCOPE_LINK = 253;
const EEXIST = 17;
const ENODEV = 19;
const PASSES_MAX = 4;

export class VirtualLinks {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #roster: RouterRoster;
  readonly #sink: EngineSink;
  readonly #failed: (router: string, failure: SystemFailure) => void;
  /** Routers whose links are to be looked at. */
  #isDoubted = true;
  #hasMade = false;
  /** When what was refused is tried again; Infinity if nothing was. */
  retryAtNs = Infinity;

  /** `failed` is told what the kernel refused. */
  constructor(
    world: EngineWorld,
    links: LinkTable,
    roster: RouterRoster,
    sink: EngineSink,
    failed: (router: string, failure: SystemFailure) => void,
  ) {
    this.#world = world;
    this.#links = links;
    this.#roster = roster;
    this.#sink = sink;
    this.#failed = failed;
  }

  /** Links, their parents, or the routers changed. */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** Makes whatever is missing; the table of links knows it afterwards. */
  repair(nowNs: number): void {
    if (nowNs >= this.retryAtNs) this.#isDoubted = true;
    // What is repaired changes, and what changes may have gone meanwhile.
    for (let pass = 0; this.#isDoubted && pass < PASSES_MAX; pass++) {
      this.#isDoubted = false;
      this.retryAtNs = Infinity;
      this.#repairAll(nowNs);
    }
  }

  #repairAll(nowNs: number): void {
    for (const { config } of this.#roster.withVirtualMac) {
      const failure = this.#ensure(config);
      if (failure === undefined) continue;
      this.retryAtNs = nowNs + RETRY_NS;
      this.#failed(config.name, failure);
    }
  }

  /** Removes the links of `gone`, but those that another router has. */
  remove(gone: readonly RouterConfig[]): void {
    for (const { virtualMac } of gone) {
      if (virtualMac === undefined) continue;
      const isShared = this.#roster.withVirtualMac.some(({ config }) =>
        config.virtualMac?.link === virtualMac.link
      );
      const link = this.#links.named(virtualMac.link);
      if (isShared || link === undefined || link.kind !== "macvlan") continue;
      this.#world.removeLink(link.index, this.#sink);
    }
  }

  /** The daemon stops: everything of ours goes, and the host is as it was. */
  removeAll(): void {
    for (const { config } of this.#roster.withVirtualMac) {
      const link = this.#links.named(config.virtualMac?.link ?? "");
      if (link?.kind !== "macvlan") continue;
      this.#world.removeLink(link.index, this.#sink);
    }
    if (this.#hasMade) this.#world.restoreHost();
  }

  #ensure(config: RouterConfig): SystemFailure | undefined {
    const { virtualMac, family } = config;
    const parent = this.#links.named(config.interface);
    if (virtualMac === undefined || parent === undefined) return undefined;
    const there = this.#links.named(virtualMac.link);
    if (there === undefined || !isAsWanted(there, parent, virtualMac)) {
      const addresses = [
        ...config.virtualAddresses,
        ...config.excludedAddresses,
      ];
      const failure = this.#order(
        {
          name: virtualMac.link,
          mac: virtualMac.mac,
          parentIndex: parent.index,
          parentName: parent.name,
          family,
          hasIpv6: family === 6 ||
            addresses.some(({ address, interface: name }) =>
              name === virtualMac.link && address.includes(":")
            ),
        },
        parent,
        there,
      );
      if (failure !== undefined) return failure;
    }
    if (family === 6 && !virtualMac.advertsByParent) {
      this.#lendLinkLocal(virtualMac, parent);
    }
    return undefined;
  }

  #order(
    order: MacvlanOrder,
    parent: ObservedLink,
    there: ObservedLink | undefined,
  ): SystemFailure | undefined {
    if (there !== undefined && there.kind !== "macvlan") {
      const kind = there.kind ?? "hardware";
      return {
        doing: `make ${order.name}, which is there and is ${kind}, no macvlan`,
        call: "RTM_NEWLINK",
        errno: EEXIST,
        name: "EEXIST",
      };
    }
    if (there !== undefined && there.parentIndex !== indexBelow(parent)) {
      const failure = this.#world.removeLink(there.index, this.#sink);
      if (failure !== undefined) return failure;
    }
    if (this.#links.named(order.name) === undefined) {
      const failure = this.#world.makeMacvlan(order, this.#sink);
      if (failure !== undefined) return failure;
    }
    const link = this.#links.named(order.name);
    // Removed in the very moment: the event that told so makes it again.
    if (link === undefined) return undefined;
    this.#hasMade = true;
    const failure = this.#world.setUpMacvlan(order, link.index, this.#sink);
    return failure?.errno === ENODEV ? undefined : failure;
  }

  /** Neighbours of IPv6 know a router by a link-local address; it is the parent's, never one of the virtual MAC. */
  #lendLinkLocal({ link: name }: VirtualMac, parent: ObservedLink): void {
    const link = this.#links.named(name);
    const usable = parent.addresses.values().find(({ address, flags }) =>
      isLinkLocal(address) &&
      (flags & (ADDRESS_TENTATIVE | ADDRESS_DAD_FAILED)) === 0
    );
    if (link === undefined || usable === undefined) return;
    const isThere = link.addresses.values().some(({ address }) =>
      address === usable.address
    );
    if (isThere) return;
    const address: VirtualAddress = {
      address: usable.address,
      prefixLength: LINK_LOCAL_PREFIX,
      interface: name,
      label: undefined,
      scope: SCOPE_LINK,
      broadcast: undefined,
      peer: undefined,
      noTrack: true,
      flags: ADDRESS_FLAG.noDad,
      preferredSeconds: undefined,
    };
    this.#world.queueAddress({ present: true, ifIndex: link.index, address });
  }
}

/** What a macvlan made on `parent` is told to be on: on a macvlan, as containers have it, that is the link below. */
function indexBelow({ kind, index, parentIndex }: ObservedLink): number {
  const isMacvlan = kind === "macvlan" || kind === "macvtap";
  return isMacvlan ? parentIndex ?? index : index;
}

function isAsWanted(
  link: ObservedLink,
  parent: ObservedLink,
  { mac }: VirtualMac,
): boolean {
  return link.kind === "macvlan" && link.parentIndex === indexBelow(parent) &&
    link.mac === mac && (link.flags & LINK_UP) !== 0;
}
