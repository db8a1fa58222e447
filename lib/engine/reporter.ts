/**
 * Turns what the engine saw into notices, each kind at most once a minute, with the sender's hardware address.
 *
 * VRRP's sockets do not tell hardware addresses, but the world keeps adverts of senders that it does not trust. For a
 * sender that was trusted until now a report waits at most {@linkcode MAC_PATIENCE_NS}: adverts repeat.
 *
 * Units:   nanoseconds, monotonic.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Difference, RejectReason } from "../vrrp/receive.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { RouterObservation } from "../vrrp/router_io.ts";
import type {
  EngineWorld,
  SocketHandle,
  SystemFailure,
} from "../world/engine_world.ts";
import type { EngineNotice } from "./port.ts";
import { RateLimiter } from "./rate_limiter.ts";

const REPORT_PERIOD_NS = 60e9;
/** Scripts and FIFOs are told of each advert of lower priority, but not of a flood. */
const LOWER_PRIORITY_PERIOD_NS = 100e6;
const REPORT_KEYS_MAX = 2048;
/** Enough for every instance of a large configuration to speak up, too few to fill a disk. */
const REPORTS_MAX = 500;
/** v2 adverts may be 255 s apart, but a report must not wait for ever. */
const MAC_PATIENCE_NS = 2.5e9;
/** More senders than this at once are reported without their hardware addresses. */
const PENDING_MAX = 16;

interface PendingReport {
  readonly receiver: SocketHandle;
  readonly source: IpAddress;
  readonly deadlineNs: number;
  readonly compose: (mac: string | undefined) => EngineNotice;
}

export class Reporter {
  readonly #world: EngineWorld;
  readonly #limiter = new RateLimiter(
    REPORT_PERIOD_NS,
    REPORT_KEYS_MAX,
    REPORTS_MAX,
  );
  readonly #lowerPriorityLimiter = new RateLimiter(
    LOWER_PRIORITY_PERIOD_NS,
    REPORT_KEYS_MAX,
    REPORTS_MAX,
  );
  #pending: PendingReport[] = [];

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** An advert was dropped. `receiver` is where it came in. */
  rejected(
    config: RouterConfig,
    receiver: SocketHandle,
    source: IpAddress,
    reason: RejectReason,
    ours: string | undefined,
    theirs: string | undefined,
    nowNs: number,
  ): void {
    const suppressed = this.#limiter.admit(
      `${config.name}\0${reason}\0${source}`,
      nowNs,
    );
    if (suppressed === undefined) return;
    this.#withMac(receiver, source, nowNs, (mac) => ({
      kind: "rejected",
      rejected: {
        router: config.name,
        vrid: config.vrid,
        interface: config.interface,
        source,
        mac,
        reason,
        ours,
        theirs,
        suppressed,
      },
    }));
  }

  /** An advert was accepted in spite of a difference. */
  differs(
    config: RouterConfig,
    receiver: SocketHandle,
    source: IpAddress,
    difference: Difference,
    nowNs: number,
  ): void {
    const { kind, ours, theirs } = difference;
    const suppressed = this.#limiter.admit(
      `${config.name}\0${kind}\0${source}`,
      nowNs,
    );
    if (suppressed === undefined) return;
    this.#withMac(receiver, source, nowNs, (mac) => ({
      kind: "differs",
      differs: {
        router: config.name,
        vrid: config.vrid,
        interface: config.interface,
        source,
        mac,
        difference: kind,
        ours,
        theirs,
        suppressed,
      },
    }));
  }

  /** An advert of a virtual router that nobody here has. */
  unknownVrid(
    interfaceName: string,
    receiver: SocketHandle,
    source: IpAddress,
    vrid: number,
    nowNs: number,
  ): void {
    const key = `${interfaceName}\0unknown ${vrid}\0${source}`;
    const suppressed = this.#limiter.admit(key, nowNs);
    if (suppressed === undefined) return;
    this.#withMac(receiver, source, nowNs, (mac) => ({
      kind: "unknownVrid",
      interface: interfaceName,
      vrid,
      source,
      mac,
      suppressed,
    }));
  }

  /** The machine saw something worth telling. */
  observed(
    config: RouterConfig,
    receiver: SocketHandle | undefined,
    observation: RouterObservation,
    nowNs: number,
  ): void {
    const { kind, source } = observation;
    if (kind === "lowerPriorityAdvert") {
      this.#lowerPriorityHeard(config.name, nowNs);
    }
    const suppressed = this.#limiter.admit(
      `${config.name}\0${kind}\0${source}`,
      nowNs,
    );
    if (suppressed === undefined) return;
    const compose = (mac: string | undefined): EngineNotice => ({
      kind: "observed",
      router: config.name,
      interface: config.interface,
      mac,
      observation,
      suppressed,
    });
    if (receiver === undefined || !isWorthHunting(observation)) {
      this.#world.post(compose(undefined));
    } else this.#withMac(receiver, source, nowNs, compose);
  }

  #lowerPriorityHeard(router: string, nowNs: number): void {
    if (this.#lowerPriorityLimiter.admit(router, nowNs) === undefined) return;
    this.#world.post({ kind: "lowerPriorityHeard", router });
  }

  systemError(
    router: string | undefined,
    failure: SystemFailure,
    nowNs: number,
  ): void {
    const key = `${
      router ?? ""
    }\0${failure.call}\0${failure.errno}\0${failure.doing}`;
    const suppressed = this.#limiter.admit(key, nowNs);
    if (suppressed === undefined) return;
    this.#world.post({ kind: "systemError", router, ...failure, suppressed });
  }

  /** A state change makes old complaints news again. */
  rearm(router: string): void {
    this.#limiter.rearm(`${router}\0`);
  }

  /** Sends the reports whose patience is over. */
  expire(nowNs: number): void {
    if (this.#pending.length === 0) return;
    for (
      const report of this.#pending.filter((pending) =>
        pending.deadlineNs <= nowNs
      )
    ) {
      this.#finish(report);
    }
  }

  /** When {@linkcode Reporter.expire} next has something to do; Infinity if nothing waits. */
  get deadlineNs(): number {
    let earliest = Infinity;
    for (const { deadlineNs } of this.#pending) {
      earliest = Math.min(earliest, deadlineNs);
    }
    return earliest;
  }

  #withMac(
    receiver: SocketHandle,
    source: IpAddress,
    nowNs: number,
    compose: (mac: string | undefined) => EngineNotice,
  ): void {
    const mac = this.#world.senderMac(receiver, source);
    if (mac !== undefined || this.#pending.length >= PENDING_MAX) {
      this.#world.post(compose(mac));
      return;
    }
    this.#pending.push({
      receiver,
      source,
      deadlineNs: nowNs + MAC_PATIENCE_NS,
      compose,
    });
  }

  #finish(report: PendingReport): void {
    this.#pending = this.#pending.filter((pending) => pending !== report);
    this.#world.post(
      report.compose(this.#world.senderMac(report.receiver, report.source)),
    );
  }
}

/** Only what an operator may have to hunt down needs a hardware address. */
function isWorthHunting(observation: RouterObservation): boolean {
  switch (observation.kind) {
    case "lowerPriorityAdvert":
    case "ownAddressAdvert":
    case "rogueOwner":
      return true;
    case "lowerPriorityDiscarded":
    case "masterChanged":
    case "masterResigned":
      return false;
  }
}
