/**
 * The links that routers make for themselves: there as long as their router and the link's parent are.
 *
 * Level-triggered: desired against what netlink told. Whoever removes or changes one finds it put back. Another daemon
 * of ours that has a link of the same name keeps it.
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
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { type VirtualLink, virtualLinksOf } from "../vrrp/virtual_link.ts";
import type {
  EngineSink,
  EngineWorld,
  LinkOrder,
  NameHolder,
  SystemFailure,
} from "../world/engine_world.ts";
import { ADDRESS_FLAG } from "../wire/rtnetlink.ts";
import type { LinkTable } from "./link_table.ts";
import type { RouterRoster } from "./router_roster.ts";
import type { RouterRuntime } from "./router_runtime.ts";

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
  readonly #doubtRouter: (router: RouterRuntime) => void;
  readonly #failed: (router: string, failure: SystemFailure) => void;
  /** Names that no other daemon has. */
  readonly #claimed = new Set<string>();
  /** Who has the others. */
  readonly #holders = new Map<string, NameHolder>();
  /** Links that are ours, by name: their indexes. */
  readonly #ours = new Map<string, number>();
  /** Those that were set up: indexes. */
  readonly #ready = new Set<number>();
  /** Addresses that were asked for since the last look, as "index address". */
  readonly #asked = new Set<string>();
  #isDoubted = true;
  /** When what was refused is tried again; Infinity if nothing was. */
  retryAtNs = Infinity;

  /** `doubtRouter` is told of routers one of whose links another daemon has, or has no longer; `failed` what the kernel refused. */
  constructor(
    world: EngineWorld,
    links: LinkTable,
    roster: RouterRoster,
    sink: EngineSink,
    doubtRouter: (router: RouterRuntime) => void,
    failed: (router: string, failure: SystemFailure) => void,
  ) {
    this.#world = world;
    this.#links = links;
    this.#roster = roster;
    this.#sink = sink;
    this.#doubtRouter = doubtRouter;
    this.#failed = failed;
  }

  /** Links, their parents, or the routers changed. */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** The other daemon that has a link; undefined if it is ours, or nobody asked for it yet. */
  holderOf(link: string): NameHolder | undefined {
    return this.#holders.get(link);
  }

  /** An address went from a link. */
  addressGone(link: string): void {
    if (this.#ours.has(link)) this.#isDoubted = true;
  }

  /** Makes whatever is missing; the table of links knows it afterwards. */
  repair(nowNs: number): void {
    if (nowNs >= this.retryAtNs) this.#isDoubted = true;
    this.#asked.clear();
    // What is repaired changes, and what changes may have gone meanwhile.
    for (let pass = 0; this.#isDoubted && pass < PASSES_MAX; pass++) {
      this.#isDoubted = false;
      this.retryAtNs = Infinity;
      this.#repairAll(nowNs);
    }
  }

  #repairAll(nowNs: number): void {
    for (const { config } of this.#roster.withVirtualLinks) {
      for (const link of virtualLinksOf(config)) {
        if (!this.#hasClaimed(link)) {
          this.retryAtNs = nowNs + RETRY_NS;
          continue;
        }
        const failure = this.#ensure(link);
        if (failure === undefined) continue;
        this.retryAtNs = nowNs + RETRY_NS;
        this.#failed(config.name, failure);
      }
    }
  }

  /** Whether some link of ours is no router's any more. */
  get hasUnused(): boolean {
    return this.#unused().length > 0;
  }

  /** Removes the links that are no router's any more. */
  removeUnused(): void {
    for (const name of this.#unused()) this.#remove(name);
    if (this.#ours.size === 0) this.#world.restoreHost();
  }

  /** The daemon stops: everything of ours goes, and the host is as it was. */
  removeAll(): void {
    const hadLinks = this.#ours.size > 0;
    for (const name of this.#known()) this.#remove(name);
    if (hadLinks) this.#world.restoreHost();
  }

  #unused(): readonly string[] {
    const known = this.#known();
    if (known.length === 0) return known;
    const wanted = new Set(
      this.#roster.withVirtualLinks.flatMap(({ config }) =>
        virtualLinksOf(config).map(({ name }) => name)
      ),
    );
    return known.filter((name) => !wanted.has(name));
  }

  /** Names that are ours, or that we wait for. */
  #known(): readonly string[] {
    return [...this.#claimed, ...this.#holders.keys()];
  }

  #remove(name: string): void {
    const index = this.#ours.get(name);
    this.#ours.delete(name);
    if (index !== undefined && this.#links.named(name)?.index === index) {
      this.#ready.delete(index);
      this.#world.removeLink(index, this.#sink);
    }
    // Whoever waits for the name is not to find our link there.
    this.#claimed.delete(name);
    this.#holders.delete(name);
    this.#world.releaseLink(name);
  }

  /** Whether the name of a link is ours among all daemons here; where its parent is missing nobody needs it. */
  #hasClaimed({ name, parent }: VirtualLink): boolean {
    if (this.#claimed.has(name)) return true;
    if (this.#links.named(parent) === undefined) return true;
    const before = this.#holders.get(name);
    const holder = this.#world.claimLink(name);
    if (holder === undefined) {
      this.#claimed.add(name);
      this.#holders.delete(name);
    } else this.#holders.set(name, holder);
    const isNews = (before === undefined) !== (holder === undefined) ||
      before?.pid !== holder?.pid;
    if (isNews) this.#doubtUsers(name);
    return holder === undefined;
  }

  #doubtUsers(link: string): void {
    for (const router of this.#roster.withVirtualLinks) {
      const isUser = virtualLinksOf(router.config)
        .some(({ name }) => name === link);
      if (isUser) this.#doubtRouter(router);
    }
  }

  #ensure(link: VirtualLink): SystemFailure | undefined {
    const parent = this.#links.named(link.parent);
    if (parent === undefined) return undefined;
    const there = this.#links.named(link.name);
    const order: LinkOrder = {
      link,
      parentIndex: parent.index,
      group: link.group ?? parent.group ?? 0,
      vrfIndex: this.#vrfOf(parent),
    };
    if (
      there === undefined || !this.#ready.has(there.index) ||
      !this.#isAsOrdered(there, parent, order)
    ) {
      const failure = this.#carryOut(order, parent, there);
      if (failure !== undefined) return failure;
    }
    if (link.kind === "macvlan" && link.lendsLinkLocal) {
      this.#lendLinkLocal(link.name, parent);
    }
    return undefined;
  }

  #carryOut(
    order: LinkOrder,
    parent: ObservedLink,
    there: ObservedLink | undefined,
  ): SystemFailure | undefined {
    const { name } = order.link;
    const stranger = there && strangeness(there, order.link);
    if (stranger !== undefined) {
      return {
        doing: `make ${name}, which is there and is ${stranger}`,
        call: "RTM_NEWLINK",
        errno: EEXIST,
        name: "EEXIST",
      };
    }
    if (
      there !== undefined && there.parentIndex !== indexBelow(parent, there)
    ) {
      const failure = this.#world.removeLink(there.index, this.#sink);
      if (failure !== undefined) return failure;
    }
    if (this.#links.named(name) === undefined) {
      const failure = this.#world.makeLink(order, this.#sink);
      if (failure !== undefined) return failure;
    }
    const link = this.#links.named(name);
    // Removed in the very moment: the event that told so makes it again.
    if (link === undefined) return undefined;
    this.#ours.set(name, link.index);
    const failure = this.#world.setUpLink(order, link.index, this.#sink);
    if (failure === undefined) this.#ready.add(link.index);
    return failure?.errno === ENODEV ? undefined : failure;
  }

  #isAsOrdered(
    there: ObservedLink,
    parent: ObservedLink,
    { link, group, vrfIndex }: LinkOrder,
  ): boolean {
    return there.kind === link.kind &&
      there.parentIndex === indexBelow(parent, there) &&
      (link.kind === "ipvlan" || there.mac === link.mac) &&
      (there.group ?? 0) === group && (there.masterIndex ?? 0) === vrfIndex &&
      (link.kind === "macvlan" || link.address === undefined ||
        has(there, link.address)) &&
      (there.flags & LINK_UP) !== 0;
  }

  /** A link belongs where its parent's packets go; 0 where that is no VRF. */
  #vrfOf({ masterIndex }: ObservedLink): number {
    if (masterIndex === undefined) return 0;
    return this.#links.at(masterIndex)?.kind === "vrf" ? masterIndex : 0;
  }

  #lendLinkLocal(name: string, parent: ObservedLink): void {
    const usable = parent.addresses.values().find(({ address, flags }) =>
      isLinkLocal(address) &&
      (flags & (ADDRESS_TENTATIVE | ADDRESS_DAD_FAILED)) === 0
    );
    if (usable === undefined) return;
    this.#hold(name, {
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
    });
  }

  #hold(name: string, address: VirtualAddress): void {
    const link = this.#links.named(name);
    if (link === undefined) return;
    const place = `${link.index} ${address.address}`;
    if (has(link, address) || this.#asked.has(place)) return;
    this.#asked.add(place);
    this.#world.queueAddress({ present: true, ifIndex: link.index, address });
  }
}

function has(link: ObservedLink, { address }: VirtualAddress): boolean {
  return link.addresses.values().some((one) => one.address === address);
}

/** What a link is that is not ours to take, though it has our link's name. */
function strangeness(
  there: ObservedLink,
  wanted: VirtualLink,
): string | undefined {
  if (there.kind !== wanted.kind) {
    return `${there.kind ?? "hardware"}, no ${wanted.kind}`;
  }
  return (there.mode ?? 0) === 0 ? undefined : "no ipvlan in L2 mode";
}

/** What a link made on `parent` is told to be on: on its like, as containers have it, that is the link below. */
function indexBelow(
  { kind, index, parentIndex }: ObservedLink,
  made: ObservedLink,
): number {
  const isLike = made.kind === "ipvlan"
    ? kind === "ipvlan" || kind === "ipvtap"
    : kind === "macvlan" || kind === "macvtap";
  return isLike ? parentIndex ?? index : index;
}
