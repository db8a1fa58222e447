/**
 * One router as the engine runs it: its machine's state, its sockets' share, its counters.
 *
 * A holder of values; what happens to them is in engine.ts.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import { emptyCounters, type MutableRouterCounters } from "../vrrp/counters.ts";
import type { Gate } from "../vrrp/gate.ts";
import { stampWindowNs } from "../vrrp/advert_hmac.ts";
import { nextStamp } from "../vrrp/advert_stamp.ts";
import { overtakenAfterNs } from "../vrrp/intervals.ts";
import { prepareReceive, type ReceiveContext } from "../vrrp/receive.ts";
import type { RouterConfig, VirtualAddress } from "../vrrp/router_config.ts";
import { INITIAL_STATE, type RouterState } from "../vrrp/router_state.ts";
import type { TrackerLink } from "../vrrp/tracking.ts";
import { policiesByKey, type Policy } from "../vrrp/virtual_route.ts";
import type { TrailerStamp } from "../wire/vrrp_trailer.ts";
import { PolicyKnowledge } from "../route/route_plan.ts";
import type { AdvertPackets } from "./advert_packets.ts";
import { Announcements } from "./announcements.ts";
import type { ReceiverShare, SenderShare } from "./socket_pool.ts";
import type { SyncGroup } from "./sync_group.ts";

/** keepalived's peers take no higher one. */
const SEQUENCE_MAX = 0xfffffffd;

/** What a router has while its gate is open. */
export interface OpenSockets {
  readonly ifIndex: number;
  readonly source: IpAddress;
  readonly sender: SenderShare;
  readonly receivers: readonly ReceiverShare[];
  readonly packets: AdvertPackets;
  readonly sourceAnnouncement: Announcements;
}

export class RouterRuntime {
  readonly receiveContext: ReceiveContext;
  counters: MutableRouterCounters = emptyCounters();
  /** All addresses to hold, advertised ones first. */
  readonly addresses: readonly VirtualAddress[];
  readonly announcements: Announcements;
  /** What `garp_extra_if` repeats. */
  readonly extraAnnouncements: Announcements;
  /** What is known of the routes and rules in the kernel. */
  readonly policyKnowledge = new PolicyKnowledge();
  /** Routes and rules by the key under which netlink tells of them. */
  readonly #policyByKey: ReadonlyMap<string, Policy>;
  state: RouterState = INITIAL_STATE;
  /** Whether it can run, its sync group included; undefined before the first look. */
  gate: Gate | undefined;
  /** Whether it can run as far as it goes by itself. */
  own: Gate | undefined;
  group: SyncGroup | undefined;
  /** What it follows: its own links and those of its group. */
  links: readonly TrackerLink[];
  /** What its trackers make of the configured priority, 1..255. */
  trackedPriority: number;
  /** The one of which its machine knows. */
  shownPriority: number;
  sockets: OpenSockets | undefined;
  /** Those of the router that it replaces, for as long as it has none itself. */
  formerSockets: OpenSockets | undefined;
  /** The kernel is to hold the addresses. */
  isHolding = false;
  /** Index of the link on which each address is to be held: names may change under it. */
  readonly heldOn = new Map<VirtualAddress, number>();
  /** `no_track` addresses that somebody removed while we held them, and the index of their link. */
  readonly leftAlone = new Map<VirtualAddress, number>();
  /** Identification of the last advert, 1..65535. */
  identification = 0;
  /** When the last signed advert said that it was sent. */
  #stamp: TrailerStamp | undefined;
  /** When the last advert left. */
  sentAtNs = Infinity;
  /** From when on after that another router has taken over; undefined where that is not asked for. */
  readonly #overtakenAfterNs: number | undefined;
  lastTransitionAtNs: number | undefined;

  /** `row` is the router's own in the timer table. */
  constructor(readonly config: RouterConfig, readonly row: number) {
    this.receiveContext = prepareReceive(config);
    this.#overtakenAfterNs = overtakenAfterNs(config);
    this.links = config.links;
    this.trackedPriority = this.shownPriority = config.priority;
    this.addresses = [...config.virtualAddresses, ...config.excludedAddresses];
    this.announcements = new Announcements(this.addresses);
    this.extraAnnouncements = new Announcements(
      firstOn(config.gratuitousArp.extraInterfaces, this.addresses),
    );
    this.#policyByKey = policiesByKey(config.policies);
  }

  /** The route or rule that netlink means by `key`. */
  policyOf(key: string): Policy | undefined {
    return this.#policyByKey.get(key) ?? this.policyKnowledge.inVrf(key);
  }

  /** Sequence number of the next advert's authentication header; it stops short of what would begin anew. */
  nextSequence(): number {
    if (this.receiveContext.sequence < SEQUENCE_MAX) {
      this.receiveContext.sequence++;
    }
    return this.receiveContext.sequence;
  }

  /** Whether it is a MASTER that was held up until another has taken over. */
  isOvertaken(nowNs: number): boolean {
    return this.#overtakenAfterNs !== undefined &&
      this.state.kind === "master" &&
      nowNs >= this.sentAtNs + this.#overtakenAfterNs;
  }

  /** Sequence number of the next signed advert; undefined where adverts are not signed. */
  nextStamp(utcNs: () => number): TrailerStamp | undefined {
    const { advertHmac } = this.config;
    if (advertHmac === undefined) return undefined;
    return this.#stamp = nextStamp(
      this.#stamp,
      utcNs(),
      stampWindowNs(advertHmac),
    );
  }

  /** Goes on where `old` is, under our own configuration; sockets are not shared. */
  takeOver(old: RouterRuntime): void {
    this.state = old.state;
    this.gate = old.gate;
    this.own = old.own;
    this.isHolding = old.isHolding;
    this.identification = old.identification;
    this.lastTransitionAtNs = old.lastTransitionAtNs;
    this.sentAtNs = old.sentAtNs;
    this.counters = old.counters;
    this.receiveContext.sequence = old.receiveContext.sequence;
    this.#stamp = old.#stamp;
    const marks = old.receiveContext.hmac?.marks ?? [];
    for (const [source, stamp] of marks) {
      this.receiveContext.hmac?.marks.set(source, stamp);
    }
  }
}

/** One address is enough for switches to learn where an interface is. */
function firstOn(
  interfaces: readonly string[],
  addresses: readonly VirtualAddress[],
): readonly VirtualAddress[] {
  return interfaces.flatMap((name) =>
    addresses.find((address) => address.interface === name) ?? []
  );
}
