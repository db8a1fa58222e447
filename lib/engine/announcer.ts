/**
 * When announcements leave: the first round of a take-over at once, repeats when nothing more urgent is due, and on
 * interfaces with a limit one frame after the other.
 *
 * On such an interface every address is announced once before any is repeated, whoever asked first. Announcements of a
 * router that no longer holds its addresses are dropped.
 *
 * Says:    keepalived's `vrrp_garp_interval`, `vrrp_gna_interval` and `garp_group`.
 * Units:   nanoseconds, monotonic.
 * Cost:    without limits nothing but a list of what was asked for.
 * @module
 */
import { familyOf } from "../addr/ip_address.ts";
import type { ObservedLink } from "../route/observed_link.ts";
import type { AnnouncementLimit } from "../vrrp/announcement_limit.ts";
import type { EngineSink, EngineWorld } from "../world/engine_world.ts";
import { type AnnouncedAddress, Announcements } from "./announcements.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** What a router asked for. */
interface Request {
  readonly announcements: Announcements;
  readonly router: RouterRuntime;
  readonly rounds: number;
}

/** One address in the queue of a limited interface. */
interface Ticket {
  announcements: Announcements;
  router: RouterRuntime;
  index: number;
  /** How often it is still to be announced. */
  rounds: number;
}

/** The budget of one kind of frame on one interface, or on several that share it. */
interface Lane {
  readonly intervalNs: number;
  nextAtNs: number;
  /** A frame is queued and has not left. */
  isLeaving: boolean;
  /** Not announced yet. */
  fresh: Ticket[];
  /** Announced, and to be announced again. */
  again: Ticket[];
}

export class Announcer {
  readonly #world: EngineWorld;
  readonly #sink: EngineSink;
  readonly #linkNamed: (name: string) => ObservedLink | undefined;
  #limits: readonly AnnouncementLimit[] = [];
  /** By kind of frame and by interface or limit; undefined where there is no limit. */
  #lanes = new Map<string, Lane | undefined>();
  #requests: Request[] = [];
  /** Announced once already; their further rounds are still to come. */
  #repeats: Request[] = [];

  constructor(
    world: EngineWorld,
    sink: EngineSink,
    linkNamed: (name: string) => ObservedLink | undefined,
    limits: readonly AnnouncementLimit[] = [],
  ) {
    this.#world = world;
    this.#sink = sink;
    this.#linkNamed = linkNamed;
    this.#limits = limits;
  }

  /** Rounds without a limit wait for {@linkcode Announcer.repeat}. */
  get hasRepeats(): boolean {
    return this.#repeats.length > 0;
  }

  /** When the next frame may leave a limited interface; Infinity when none waits. */
  get deadlineNs(): number {
    let deadlineNs = Infinity;
    if (this.#lanes.size === 0) return deadlineNs;
    for (const lane of this.#lanes.values()) {
      if (lane === undefined || isEmpty(lane)) continue;
      deadlineNs = Math.min(deadlineNs, lane.nextAtNs);
    }
    return deadlineNs;
  }

  /** `rounds` announcements of each address. */
  request(
    announcements: Announcements,
    router: RouterRuntime,
    rounds: number,
  ): void {
    this.#requests.push({ announcements, router, rounds });
  }

  /** An interface has another hardware address: what `routers` hold there is announced as after a take-over. */
  renew(interfaceName: string, routers: readonly RouterRuntime[]): void {
    for (const router of routers) {
      if (!router.isHolding) continue;
      const there = router.addresses.filter((one) =>
        one.interface === interfaceName
      );
      if (there.length === 0) continue;
      const { masterRepeat } = router.config.gratuitousArp;
      this.request(new Announcements(there), router, masterRepeat);
    }
  }

  /** Other limits from now on; what waits goes on under them. */
  limit(limits: readonly AnnouncementLimit[]): void {
    if (JSON.stringify(limits) === JSON.stringify(this.#limits)) return;
    const waiting = this.#tickets();
    this.#limits = limits;
    this.#lanes = new Map();
    for (const { announcements, router, index, rounds } of waiting) {
      const address = announcements.at(index);
      if (address === undefined) continue;
      const lane = this.#laneOf(address);
      if (lane === undefined) this.#queue(announcements, router, index);
      else enter(lane, announcements, router, index, rounds);
    }
  }

  /** Queues the first round of whatever was asked for, and what the limits allow by now. */
  announce(nowNs: number): void {
    if (this.#requests.length > 0) {
      const requests = this.#requests;
      this.#requests = [];
      for (const request of requests) {
        const isLimited = this.#announceOnce(request);
        if (request.rounds > 1 && !isLimited) this.#repeats.push(request);
      }
    }
    if (this.#lanes.size > 0) this.#serve(nowNs);
  }

  /** What was queued has left: intervals count from now on, for a flush may do much before it sends frames. */
  flushed(): void {
    for (const lane of this.#lanes.values()) {
      if (lane === undefined || !lane.isLeaving) continue;
      lane.isLeaving = false;
      lane.nextAtNs = this.#world.nowNs() + lane.intervalNs;
    }
  }

  /** Queues all further rounds that no limit holds back. */
  repeat(): void {
    const repeats = this.#repeats;
    this.#repeats = [];
    let roundsMax = 0;
    for (const { rounds } of repeats) roundsMax = Math.max(roundsMax, rounds);
    for (let round = 1; round < roundsMax; round++) {
      for (const { announcements, router, rounds } of repeats) {
        if (round >= rounds) continue;
        for (let i = 0; i < announcements.length; i++) {
          const address = announcements.at(i);
          if (address === undefined || this.#laneOf(address) !== undefined) {
            continue;
          }
          this.#queue(announcements, router, i);
        }
      }
    }
  }

  /** `router` holds its addresses no longer. */
  drop(router: RouterRuntime): void {
    if (this.#repeats.length > 0) {
      this.#repeats = this.#repeats.filter((one) => one.router !== router);
    }
    for (const lane of this.#lanes.values()) {
      if (lane === undefined) continue;
      lane.fresh = lane.fresh.filter((one) => one.router !== router);
      lane.again = lane.again.filter((one) => one.router !== router);
    }
  }

  /** `successor` goes on where `router` was: what waits of the addresses that both have is announced for it. */
  handOver(router: RouterRuntime, successor: RouterRuntime): void {
    const { announcements } = successor;
    const inherit = (one: Request): Request =>
      one.announcements === router.announcements
        ? { ...one, router: successor, announcements }
        : one;
    this.#requests = this.#requests.map(inherit)
      .filter((one) => one.router !== router);
    this.#repeats = this.#repeats.map(inherit);
    for (const ticket of this.#tickets()) {
      if (ticket.router !== router) continue;
      const old = ticket.announcements.at(ticket.index);
      const index = old === undefined ? -1 : announcements.indexOf(old);
      if (index < 0) continue;
      ticket.router = successor;
      ticket.announcements = announcements;
      ticket.index = index;
    }
    this.drop(router);
  }

  /** Whether all of it is subject to limits. */
  #announceOnce({ announcements, router, rounds }: Request): boolean {
    let isLimited = true;
    for (let i = 0; i < announcements.length; i++) {
      const address = announcements.at(i);
      if (address === undefined) continue;
      const lane = this.#laneOf(address);
      if (lane === undefined) {
        isLimited = false;
        this.#queue(announcements, router, i);
      } else enter(lane, announcements, router, i, rounds);
    }
    return isLimited;
  }

  /** One frame of each budget that is not spent. */
  #serve(nowNs: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane === undefined || nowNs < lane.nextAtNs) continue;
      for (;;) {
        const ticket = lane.fresh.shift() ?? lane.again.shift();
        if (ticket === undefined) break;
        const { announcements, router, index } = ticket;
        // What could not be announced costs nothing, and is not tried again.
        if (!this.#queue(announcements, router, index)) continue;
        if (--ticket.rounds > 0) lane.again.push(ticket);
        lane.nextAtNs = nowNs + lane.intervalNs;
        lane.isLeaving = true;
        break;
      }
    }
  }

  /** False where there is nothing to announce, or nowhere. */
  #queue(
    announcements: Announcements,
    router: RouterRuntime,
    index: number,
  ): boolean {
    const isOfSource = announcements === router.sockets?.sourceAnnouncement;
    if (!router.isHolding && !isOfSource) return false;
    const frame = announcements.frame(this.#world, index, this.#linkNamed);
    if (frame === undefined) return false;
    this.#world.queueFrame(frame, this.#sink);
    router.counters.announcementsSent++;
    return true;
  }

  #tickets(): readonly Ticket[] {
    // Interfaces that share a budget have the same lane.
    return [...new Set(this.#lanes.values())].flatMap((lane) =>
      lane === undefined ? [] : [...lane.fresh, ...lane.again]
    );
  }

  #laneOf(address: AnnouncedAddress): Lane | undefined {
    if (this.#limits.length === 0) return undefined;
    const isIpv6 = familyOf(address.address) === 6;
    const kind = isIpv6 ? "neighbor" : "arp";
    const key = `${kind} ${address.interface}`;
    if (this.#lanes.has(key)) return this.#lanes.get(key);
    const place = this.#limits.findIndex(({ interfaces }) =>
      interfaces?.includes(address.interface) === true
    );
    const limit = this.#limits[place] ??
      this.#limits.find(({ interfaces }) => interfaces === undefined);
    const intervalNs =
      (isIpv6 ? limit?.neighborIntervalNs : limit?.arpIntervalNs) ?? 0;
    // Interfaces of one limit find the same lane.
    const shared = `${kind} of limit ${place}`;
    const lane = place < 0 ? undefined : this.#lanes.get(shared);
    const found = lane ??
      (intervalNs === 0 ? undefined : {
        intervalNs,
        nextAtNs: -Infinity,
        isLeaving: false,
        fresh: [],
        again: [],
      });
    this.#lanes.set(key, found);
    if (place >= 0) this.#lanes.set(shared, found);
    return found;
  }
}

function isEmpty({ fresh, again }: Lane): boolean {
  return fresh.length === 0 && again.length === 0;
}

/** Asks for an address that waits already: it is announced as often as the larger of both. */
function enter(
  { fresh, again }: Lane,
  announcements: Announcements,
  router: RouterRuntime,
  index: number,
  rounds: number,
): void {
  const isSame = (ticket: Ticket) =>
    ticket.announcements === announcements && ticket.index === index;
  const waiting = fresh.find(isSame) ?? again.find(isSame);
  if (waiting === undefined) {
    fresh.push({ announcements, router, index, rounds });
  } else waiting.rounds = Math.max(waiting.rounds, rounds);
}
