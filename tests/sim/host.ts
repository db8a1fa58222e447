/**
 * One host of the simulation: a kernel's link and addresses, and a VRRP process with the real machine, gate, timers,
 * codec and receive checks, which can be killed, stopped, frozen and started again.
 *
 * A turn is as the engine's: take in all packets that wait, judge the gate, and only then fire what is due.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
} from "../../lib/addr/ip_address.ts";
import {
  byPlace,
  LINK_RUNNING,
  LINK_UP,
  type ObservedAddress,
  type ObservedLink,
} from "../../lib/route/observed_link.ts";
import {
  emptyCounters,
  type MutableRouterCounters,
} from "../../lib/vrrp/counters.ts";
import { equalReasons, type Gate, judgeGate } from "../../lib/vrrp/gate.ts";
import { stepRouter } from "../../lib/vrrp/machine.ts";
import {
  INITIAL_STATE,
  type RouterState,
  stateName,
} from "../../lib/vrrp/router_state.ts";
import {
  checkAdvert,
  intervalOnWire,
  passwordBytes,
  prepareReceive,
  type ReceiveContext,
  type ReceivedDatagram,
} from "../../lib/vrrp/receive.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import type { RouterEffect, RouterEvent } from "../../lib/vrrp/router_io.ts";
import { TimerTable } from "../../lib/vrrp/timer_table.ts";
import {
  encodeIpv4Header,
  IPV4_HEADER_LENGTH,
} from "../../lib/wire/ip_header.ts";
import {
  type AdvertFields,
  advertLength,
  encodeAdvert,
} from "../../lib/wire/vrrp.ts";

/** A receive buffer holds so many datagrams; the rest is lost. */
const INBOX_MAX = 64;

/** What a host does to the world outside. */
export interface Surroundings {
  /** One advert to one destination: a group, or a peer. */
  transmit(host: Host, datagram: ReceivedDatagram): void;
  note(host: Host, what: string): void;
}

/** The process is not there, held up, or well. */
export type ProcessState = "gone" | "frozen" | "running";

export class Host {
  readonly receiveContext: ReceiveContext;
  counters: MutableRouterCounters = emptyCounters();
  state: RouterState = INITIAL_STATE;
  process: ProcessState = "gone";
  /** The kernel holds the virtual addresses: they stay when the process is killed. */
  isHolding = false;
  /** When the last advert left; undefined before the first as MASTER. */
  lastAdvertNs: number | undefined;
  lastTransitionNs = -Infinity;
  #isLinkUp = true;
  #hasAddress = true;
  #timers = new TimerTable(1);
  #gate: Gate | undefined;
  #inbox: ReceivedDatagram[] = [];
  /** What was sent before, by destination and priority; nobody changes a datagram. */
  readonly #written = new Map<string, ReceivedDatagram>();

  constructor(
    readonly index: number,
    readonly config: RouterConfig,
    readonly source: IpAddress,
    readonly surroundings: Surroundings,
  ) {
    this.receiveContext = prepareReceive(config);
  }

  /** Whether it runs and could be MASTER. */
  get isAble(): boolean {
    return this.process === "running" && this.#isLinkUp && this.#hasAddress;
  }

  get isMaster(): boolean {
    return this.state.kind === "master";
  }

  get deadlineNs(): number {
    return this.process === "running" ? this.#timers.earliestNs : Infinity;
  }

  start(nowNs: number): void {
    if (this.process !== "gone") return;
    this.process = "running";
    this.state = INITIAL_STATE;
    this.#timers = new TimerTable(1);
    this.#gate = undefined;
    this.#inbox = [];
    this.lastAdvertNs = undefined;
    this.surroundings.note(this, "starts");
    this.turn(nowNs);
  }

  /** SIGKILL: no word to anybody, and the kernel keeps the addresses. */
  kill(): void {
    if (this.process === "gone") return;
    this.surroundings.note(this, "is killed");
    this.process = "gone";
  }

  /** SIGTERM. */
  stop(nowNs: number): void {
    if (this.process !== "running") return;
    this.#step({ kind: "stop" }, nowNs);
    this.process = "gone";
  }

  /** SIGSTOP. */
  freeze(): void {
    if (this.process !== "running") return;
    this.surroundings.note(this, "freezes");
    this.process = "frozen";
  }

  /** SIGCONT. */
  thaw(nowNs: number): void {
    if (this.process !== "frozen") return;
    this.surroundings.note(this, "thaws");
    this.process = "running";
    this.lastAdvertNs = undefined;
    this.turn(nowNs);
  }

  setLink(isUp: boolean, nowNs: number): void {
    this.#isLinkUp = isUp;
    this.surroundings.note(
      this,
      isUp ? "has its link up" : "has its link down",
    );
    this.turn(nowNs);
  }

  setAddress(isThere: boolean, nowNs: number): void {
    this.#hasAddress = isThere;
    this.surroundings.note(
      this,
      isThere ? "gets its address" : "loses its address",
    );
    this.turn(nowNs);
  }

  /** A datagram arrives at the kernel. */
  receive(datagram: ReceivedDatagram): void {
    if (this.process === "gone" || !this.#isLinkUp) return;
    if (this.#inbox.length < INBOX_MAX) this.#inbox.push(datagram);
  }

  /** Everything that can be done at `nowNs`. */
  turn(nowNs: number): void {
    if (this.process !== "running") return;
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const datagram of inbox) this.#hear(datagram, nowNs);
    this.#judge(nowNs);
    for (;;) {
      const due = this.#timers.popDue(nowNs);
      if (due === undefined) return;
      this.#step({ kind: "timer", timer: due.timer }, nowNs);
    }
  }

  #hear(datagram: ReceivedDatagram, nowNs: number): void {
    const { state } = this;
    if (state.kind !== "backup" && state.kind !== "master") return;
    const verdict = checkAdvert(this.receiveContext, {
      effectivePriority: state.effectivePriority,
      isMaster: this.isMaster,
      master: state.kind === "backup" ? state.master?.address : undefined,
    }, datagram);
    if (verdict.kind === "rejected") {
      this.counters.rejected[verdict.reason]++;
      this.surroundings.note(
        this,
        `rejects ${datagram.source}: ${verdict.reason}`,
      );
      return;
    }
    this.counters.advertsReceived++;
    this.surroundings.note(
      this,
      `hears ${verdict.advert.priority} from ${datagram.source}`,
    );
    this.#step({ kind: "advert", advert: verdict.advert }, nowNs);
  }

  #judge(nowNs: number): void {
    const link = this.#link();
    const gate = judgeGate(this.config, () => link);
    const before = this.#gate;
    this.#gate = gate;
    if (gate.kind === "open") {
      if (before?.kind === "open") return;
      this.#step({ kind: "gateOpened", source: gate.source }, nowNs);
    } else if (
      before?.kind !== "closed" || !equalReasons(before.reasons, gate.reasons)
    ) this.#step({ kind: "gateClosed", reasons: gate.reasons }, nowNs);
  }

  #link(): ObservedLink {
    const { config } = this;
    // Held addresses stand first, where a careless gate would find them.
    const texts = [
      ...(this.isHolding
        ? config.virtualAddresses.map(({ address }) => address)
        : []),
      ...(this.#hasAddress ? [this.source] : []),
    ];
    return {
      index: 1,
      name: config.interface,
      flags: this.#isLinkUp ? LINK_UP | LINK_RUNNING : LINK_UP,
      mac: undefined,
      mtu: 1500,
      addresses: byPlace(texts.map((address): ObservedAddress => ({
        address,
        family: familyOf(address),
        prefixLength: 24,
        scope: 0,
        flags: 0,
      }))),
    };
  }

  #step(event: RouterEvent, nowNs: number): void {
    const { state, effects } = stepRouter(
      this.config,
      this.state,
      event,
      nowNs,
    );
    this.state = state;
    for (const effect of effects) this.#apply(effect, nowNs);
  }

  #apply(effect: RouterEffect, nowNs: number): void {
    switch (effect.kind) {
      case "setTimer":
        this.#timers.set(0, effect.timer, effect.atNs);
        break;
      case "clearTimer":
        this.#timers.clear(0, effect.timer);
        break;
      case "sendAdvert":
        this.#sendAdvert(effect.priority, nowNs);
        break;
      case "holdAddresses":
        this.isHolding = effect.held;
        break;
      case "announce":
        this.counters.announcementsSent += effect.rounds;
        break;
      case "transition":
        this.lastTransitionNs = nowNs;
        if (effect.to !== "MASTER") this.lastAdvertNs = undefined;
        this.surroundings.note(
          this,
          `${effect.from} -> ${effect.to}: ${effect.cause}`,
        );
        break;
      case "announceSource":
      case "observe":
        break;
    }
  }

  #sendAdvert(priority: number, nowNs: number): void {
    this.counters.advertsSent++;
    if (priority !== 0) this.lastAdvertNs = nowNs;
    // An interface that is down or has no address of ours sends nothing.
    if (!this.#isLinkUp || !this.#hasAddress) return;
    const { unicastPeers, multicastGroup } = this.config;
    this.surroundings.note(this, `sends ${priority}`);
    const destinations = unicastPeers?.map(({ address }) => address) ??
      [multicastGroup];
    for (const destination of destinations) {
      this.surroundings.transmit(this, this.#datagram(priority, destination));
    }
  }

  #datagram(priority: number, destination: IpAddress): ReceivedDatagram {
    const key = `${priority} ${destination}`;
    const written = this.#written.get(key) ??
      this.#write(priority, destination);
    this.#written.set(key, written);
    return written;
  }

  #write(priority: number, destination: IpAddress): ReceivedDatagram {
    const { config, source } = this;
    const { version, family, authentication, vrid } = config;
    const password = authentication.kind === "pass"
      ? authentication.password
      : "";
    const fields: AdvertFields = {
      version,
      family,
      vrid,
      priority,
      addresses: this.receiveContext.addresses,
      authType: authentication.kind === "pass" ? 1 : 0,
      authentication: passwordBytes(password),
      interval: intervalOnWire(config),
      isSumWithoutPseudoHeader: config.v3ChecksumAsV2,
    };
    const from = ipAddressBytes(source);
    const to = ipAddressBytes(destination);
    const header = family === 4 ? IPV4_HEADER_LENGTH : 0;
    const length = header +
      advertLength(version, family, config.virtualAddresses.length);
    const bytes = new Uint8Array(length);
    encodeAdvert(fields, from, to, bytes, header);
    if (family === 4) encodeIpv4Header(from, to, 255, length - header, bytes);
    return {
      bytes,
      start: 0,
      length,
      source,
      destination,
      hopLimit: 255,
      isTruncated: false,
    };
  }

  /** One line for a failure's report. */
  describe(): string {
    const { priority, preempt, advertIntervalNs } = this.config;
    return `host ${this.index} (${this.source}, priority ${priority}${
      preempt ? "" : ", nopreempt"
    }, every ${advertIntervalNs / 1e6} ms): process ${this.process}, ${
      this.isAble ? "able" : "not able"
    }, ${stateName(this.state)}, ${this.isHolding ? "holding" : "not holding"}`;
  }
}
