/**
 * What the tests of BFD sessions share: a configuration, and two sessions that send each other packets over a lossy
 * line, in a time that jumps.
 * @module
 */
import { parseIpAddress } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import type { BfdPacket, BfdState } from "./packet.ts";
import {
  type BfdEvent,
  type BfdSession,
  type BfdTimer,
  newSession,
  stepBfd,
} from "./session.ts";
import type { BfdSessionConfig } from "./session_config.ts";

export const MS = 1e6;

/** A single-hop session with 50 ms both ways, three packets until it is down. */
export function exampleBfd(
  changes: Partial<BfdSessionConfig> = {},
): BfdSessionConfig {
  return {
    name: "peer",
    family: 4,
    neighbor: defined(parseIpAddress("192.0.2.2"), "an address"),
    source: undefined,
    isMultihop: false,
    isPassive: false,
    minRxNs: 50 * MS,
    minTxNs: 50 * MS,
    idleTxNs: 1000 * MS,
    multiplier: 3,
    hopLimit: 255,
    hopLimitMin: 255,
    ...changes,
  };
}

/** A packet from a neighbour that is configured as {@linkcode exampleBfd} is; our discriminator is 1, its own 2. */
export function examplePacket(changes: Partial<BfdPacket> = {}): BfdPacket {
  return {
    state: "up",
    diagnostic: 0,
    isPoll: false,
    isFinal: false,
    isDemand: false,
    multiplier: 3,
    myDiscriminator: 2,
    yourDiscriminator: 1,
    desiredMinTxNs: 50 * MS,
    requiredMinRxNs: 50 * MS,
    ...changes,
  };
}

/** One end of a line: a session, its timers, what it sent and became. */
export class BfdEnd {
  session: BfdSession;
  readonly timers: Record<BfdTimer, number> = {
    transmit: Infinity,
    detect: Infinity,
  };
  /** Not yet on the line. */
  outbox: BfdPacket[] = [];
  readonly sentAtNs: number[] = [];
  readonly became: { readonly state: BfdState; readonly atNs: number }[] = [];

  constructor(
    public config: BfdSessionConfig,
    discriminator: number,
    readonly random: () => number = () => 0.5,
  ) {
    this.session = newSession(config, discriminator);
  }

  get deadlineNs(): number {
    return Math.min(this.timers.transmit, this.timers.detect);
  }

  step(event: BfdEvent, nowNs: number): void {
    const { session, effects } = stepBfd(
      this.config,
      this.session,
      event,
      nowNs,
      this.random,
    );
    this.session = session;
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.outbox.push(effect.packet);
          this.sentAtNs.push(nowNs);
          break;
        case "setTimer":
          this.timers[effect.timer] = effect.atNs;
          break;
        case "changed":
          this.became.push({ state: session.state, atNs: nowNs });
      }
    }
  }

  fire(nowNs: number): void {
    for (const timer of ["detect", "transmit"] as const) {
      if (this.timers[timer] > nowNs) continue;
      this.timers[timer] = Infinity;
      this.step({ kind: "timer", timer }, nowNs);
    }
  }
}

interface OnTheWay {
  readonly to: BfdEnd;
  readonly packet: BfdPacket;
  readonly atNs: number;
}

/** Two ends and the line between them. */
export class BfdLine {
  nowNs = 0;
  /** Whether a packet from the end of that number (0 or 1) is lost. */
  isLost: (from: 0 | 1) => boolean = () => false;
  readonly #ends: readonly [BfdEnd, BfdEnd];
  #way: OnTheWay[] = [];

  constructor(a: BfdEnd, b: BfdEnd, readonly delayNs = 1 * MS) {
    this.#ends = [a, b];
  }

  start(): void {
    for (const end of this.#ends) end.step({ kind: "start" }, this.nowNs);
    this.collect();
  }

  /** Puts what both have to send on the line. */
  collect(): void {
    const [a, b] = this.#ends;
    for (const [i, from, to] of [[0, a, b], [1, b, a]] as const) {
      for (const packet of from.outbox) {
        if (this.isLost(i)) continue;
        this.#way.push({ to, packet, atNs: this.nowNs + this.delayNs });
      }
      from.outbox = [];
    }
  }

  runUntil(endNs: number): void {
    for (;;) {
      const nextNs = Math.min(
        ...this.#ends.map((end) => end.deadlineNs),
        ...this.#way.map(({ atNs }) => atNs),
      );
      if (nextNs > endNs) break;
      this.nowNs = Math.max(this.nowNs, nextNs);
      // As the engine: what came in counts before what is due.
      const arrived = this.#way.filter(({ atNs }) => atNs <= this.nowNs);
      this.#way = this.#way.filter(({ atNs }) => atNs > this.nowNs);
      for (const { to, packet } of arrived) {
        to.step({ kind: "packet", packet }, this.nowNs);
      }
      for (const end of this.#ends) end.fire(this.nowNs);
      this.collect();
    }
    this.nowNs = endNs;
  }
}
