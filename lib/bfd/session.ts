/**
 * One BFD session: `(config, state, event, now) -> (state, effects)`.
 *
 * Says:    RFC 5880 §6.2 (states), §6.5 (Poll Sequences), §6.8.2–6.8.7 (timers, reception, transmission), §6.8.16
 *          (administrative control). Asynchronous mode; no echo, no authentication. We never ask for demand mode; a
 *          neighbour that does is left in peace while both are Up (§6.8.7).
 * Deviates: the neighbour's AdminDown brings the session down and not what follows it (RFC 5882 §3.2, and keepalived):
 *          `isForwarding` stays.
 * Units:   nanoseconds, monotonic. `random` gives 0 <= r < 1.
 * Checks:  nothing of packets; packet.ts has judged them, and whoever found the session.
 * @module
 */
import { unreachable } from "../assert.ts";
import { type BfdPacket, type BfdState, DIAGNOSTIC } from "./packet.ts";
import type { BfdSessionConfig } from "./session_config.ts";

/** What the neighbour's last packet said. */
export interface BfdRemote {
  readonly state: BfdState;
  readonly diagnostic: number;
  /** 0: not known, or not heard for a detection time. */
  readonly discriminator: number;
  readonly multiplier: number;
  readonly desiredMinTxNs: number;
  readonly requiredMinRxNs: number;
  readonly isDemand: boolean;
}

/** A session at a moment; plain data, so that it can be kept for an engine that follows. */
export interface BfdSession {
  readonly state: BfdState;
  /** Why the state is what it is; {@linkcode DIAGNOSTIC}. */
  readonly diagnostic: number;
  /** Whether those who follow the session may take the path for good. */
  readonly isForwarding: boolean;
  /** 1..4294967295, unique among the sessions of an engine. */
  readonly discriminator: number;
  readonly remote: BfdRemote;
  /** The intervals that the neighbour confirmed, by a packet with F or because none was asked for. */
  readonly settledTxNs: number;
  readonly settledRxNs: number;
  /** A Poll Sequence is under way. */
  readonly isPolling: boolean;
  /** When the last packet left; undefined before the first. */
  readonly sentAtNs: number | undefined;
}

export type BfdTimer = "transmit" | "detect";

export type BfdEvent =
  | { readonly kind: "start" }
  /** A packet for this session. */
  | { readonly kind: "packet"; readonly packet: BfdPacket }
  | { readonly kind: "timer"; readonly timer: BfdTimer }
  /** The configuration is another than before; see `isSameSession`. */
  | { readonly kind: "reconfigured"; readonly before: BfdSessionConfig }
  /** An engine before this one died; the neighbour may not have noticed. */
  | { readonly kind: "resume" }
  /** For good. */
  | { readonly kind: "stop" };

export type BfdEffect =
  | { readonly kind: "send"; readonly packet: BfdPacket }
  /** Sets or moves a timer; Infinity clears it. */
  | {
    readonly kind: "setTimer";
    readonly timer: BfdTimer;
    readonly atNs: number;
  }
  /** After the state; `before` is the session as it was. */
  | { readonly kind: "changed"; readonly before: BfdSession }
  /** The neighbour confirmed the intervals: `detectionTime` and `transmitInterval` have new values. */
  | { readonly kind: "settled" };

export interface BfdStep {
  readonly session: BfdSession;
  /** In the order in which they are to be carried out. */
  readonly effects: readonly BfdEffect[];
}

/** RFC 5880 §6.8.1: before anything was heard of the neighbour, it takes a packet each microsecond. */
const UNKNOWN_REMOTE: BfdRemote = {
  state: "down",
  diagnostic: DIAGNOSTIC.none,
  discriminator: 0,
  multiplier: 0,
  desiredMinTxNs: 0,
  requiredMinRxNs: 1000,
  isDemand: false,
};

/** A session that has not begun. */
export function newSession(
  config: BfdSessionConfig,
  discriminator: number,
): BfdSession {
  return {
    state: "down",
    diagnostic: DIAGNOSTIC.none,
    isForwarding: false,
    discriminator,
    remote: UNKNOWN_REMOTE,
    settledTxNs: config.idleTxNs,
    settledRxNs: config.minRxNs,
    isPolling: false,
    sentAtNs: undefined,
  };
}

/** What we say that we would like to send at (bfd.DesiredMinTxInterval). */
export function desiredMinTx(
  { minTxNs, idleTxNs }: BfdSessionConfig,
  { state }: BfdSession,
): number {
  return state === "up" ? minTxNs : idleTxNs;
}

/** The interval between our packets, before jitter; Infinity while none may be sent (RFC 5880 §6.8.7). */
export function transmitInterval(
  config: BfdSessionConfig,
  session: BfdSession,
): number {
  const { state, remote, isPolling, settledTxNs } = session;
  if (config.isPassive && remote.discriminator === 0) return Infinity;
  if (remote.requiredMinRxNs === 0) return Infinity;
  const bothUp = state === "up" && remote.state === "up";
  if (remote.isDemand && bothUp && !isPolling) return Infinity;
  const desired = desiredMinTx(config, session);
  // §6.8.3: a longer interval counts when the neighbour knows of it.
  const ours = isPolling ? Math.min(desired, settledTxNs) : desired;
  return Math.max(ours, remote.requiredMinRxNs);
}

/** How long nothing may be heard (RFC 5880 §6.8.4); 0 while nothing was heard at all. */
export function detectionTime(
  { minRxNs }: BfdSessionConfig,
  { remote, isPolling, settledRxNs }: BfdSession,
): number {
  // §6.8.3: a shorter interval counts when the neighbour knows of it.
  const ours = isPolling ? Math.max(minRxNs, settledRxNs) : minRxNs;
  return remote.multiplier * Math.max(ours, remote.desiredMinTxNs);
}

/** Steps a session. */
export function stepBfd(
  config: BfdSessionConfig,
  session: BfdSession,
  event: BfdEvent,
  nowNs: number,
  random: () => number,
): BfdStep {
  const turn = new Turn(config, session, nowNs, random);
  switch (event.kind) {
    case "start":
      turn.schedule();
      break;
    case "packet":
      turn.receive(event.packet);
      break;
    case "timer":
      if (event.timer === "transmit") turn.send(false);
      else turn.expire();
      break;
    case "reconfigured":
      turn.reconfigure(event.before);
      break;
    case "resume":
      turn.resume();
      break;
    case "stop":
      turn.stop();
      break;
    default:
      return unreachable(event);
  }
  return { session: turn.session, effects: turn.effects };
}

/** One step: the session as it becomes, and what is to be done. */
class Turn {
  readonly effects: BfdEffect[] = [];
  readonly #config: BfdSessionConfig;
  readonly #nowNs: number;
  readonly #random: () => number;

  constructor(
    config: BfdSessionConfig,
    public session: BfdSession,
    nowNs: number,
    random: () => number,
  ) {
    this.#config = config;
    this.#nowNs = nowNs;
    this.#random = random;
  }

  /** RFC 5880 §6.8.6, from where the session is known. */
  receive(packet: BfdPacket): void {
    const before = this.session;
    const intervalBefore = transmitInterval(this.#config, before);
    this.#set({
      remote: {
        state: packet.state,
        diagnostic: packet.diagnostic,
        discriminator: packet.myDiscriminator,
        multiplier: packet.multiplier,
        desiredMinTxNs: packet.desiredMinTxNs,
        requiredMinRxNs: packet.requiredMinRxNs,
        isDemand: packet.isDemand,
      },
    });
    if (packet.isFinal && before.isPolling) this.#settle();
    if (before.state === "adminDown") return;
    this.#follow(packet.state);
    this.#armDetection();
    if (packet.isPoll) this.#emit(true);
    if (this.session.state !== before.state) {
      // §6.8.7: what is new is told at once.
      this.send(false);
    } else if (
      transmitInterval(this.#config, this.session) !== intervalBefore
    ) this.schedule();
  }

  /** RFC 5880 §6.2, and the state table of §6.8.6. */
  #follow(remote: BfdState): void {
    const { state } = this.session;
    if (remote === "adminDown") {
      if (state !== "down") this.#fall(DIAGNOSTIC.neighborDown);
      return;
    }
    switch (state) {
      case "down":
        if (remote === "down") this.#enter("init", DIAGNOSTIC.none);
        else if (remote === "init") this.#rise();
        break;
      case "init":
        if (remote !== "down") this.#rise();
        break;
      case "up":
        if (remote === "down") this.#fall(DIAGNOSTIC.neighborDown);
        break;
    }
  }

  #rise(): void {
    const { idleTxNs, minTxNs } = this.#config;
    this.#enter("up", DIAGNOSTIC.none);
    if (idleTxNs !== minTxNs) this.#poll(idleTxNs, this.#config.minRxNs);
  }

  #fall(diagnostic: number): void {
    this.#set({ isPolling: false });
    this.#enter("down", diagnostic);
  }

  #enter(state: BfdState, diagnostic: number): void {
    const before = this.session;
    const isKept = before.remote.state === "adminDown";
    this.#set({
      state,
      diagnostic,
      isForwarding: state === "up" ||
        (before.isForwarding && (isKept || state === "init")),
      settledTxNs: state === "up" ? before.settledTxNs : this.#config.idleTxNs,
    });
    this.effects.push({ kind: "changed", before });
  }

  /** Tells the neighbour of new intervals; the old ones hold until it says that it knows. */
  #poll(settledTxNs: number, settledRxNs: number): void {
    this.#set({ isPolling: true, settledTxNs, settledRxNs });
  }

  #settle(): void {
    this.#set({
      isPolling: false,
      settledTxNs: desiredMinTx(this.#config, this.session),
      settledRxNs: this.#config.minRxNs,
    });
    this.effects.push({ kind: "settled" });
  }

  /** Nothing was heard for the detection time. */
  expire(): void {
    const { state } = this.session;
    // §6.8.1: whoever is silent for a detection time may come back with another discriminator.
    this.#set({ remote: UNKNOWN_REMOTE });
    this.#setTimer("detect", Infinity);
    if (state === "up" || state === "init") {
      this.#fall(DIAGNOSTIC.timeExpired);
      this.send(false);
    } else this.schedule();
  }

  reconfigure(before: BfdSessionConfig): void {
    const { minTxNs, minRxNs, multiplier } = this.#config;
    const { state, isPolling, settledTxNs, settledRxNs } = this.session;
    const isChanged = minTxNs !== before.minTxNs ||
      minRxNs !== before.minRxNs || multiplier !== before.multiplier;
    if (state === "up" && isChanged) {
      // What a poll before this one has not settled is not settled now.
      this.#poll(
        isPolling ? settledTxNs : before.minTxNs,
        isPolling ? settledRxNs : before.minRxNs,
      );
    } else if (state !== "up") this.#set({ settledRxNs: minRxNs });
    this.#armDetection();
    this.send(false);
  }

  resume(): void {
    this.#armDetection();
    this.send(false);
  }

  /** RFC 5880 §6.8.16: says why it will be silent. */
  stop(): void {
    if (this.session.state === "adminDown") return;
    this.#set({ isPolling: false });
    this.#enter("adminDown", DIAGNOSTIC.administrativelyDown);
    this.send(false);
    this.#setTimer("transmit", Infinity);
    this.#setTimer("detect", Infinity);
  }

  /** Sends a packet if one may be sent, and sets the time of the next. */
  send(isFinal: boolean): void {
    if (transmitInterval(this.#config, this.session) !== Infinity) {
      this.#emit(isFinal);
    }
    this.schedule();
  }

  #emit(isFinal: boolean): void {
    const { session } = this;
    const { state, diagnostic, discriminator, remote, isPolling } = session;
    const { multiplier, minRxNs } = this.#config;
    const desiredMinTxNs = desiredMinTx(this.#config, session);
    const packet: BfdPacket = {
      state,
      diagnostic,
      isPoll: isPolling && !isFinal,
      isFinal,
      isDemand: false,
      multiplier,
      myDiscriminator: discriminator,
      yourDiscriminator: remote.discriminator,
      desiredMinTxNs,
      requiredMinRxNs: minRxNs,
    };
    this.#set({ sentAtNs: this.#nowNs });
    this.effects.push({ kind: "send", packet });
  }

  /** RFC 5880 §6.8.7: the next packet, an interval less jitter after the last. */
  schedule(): void {
    const intervalNs = transmitInterval(this.#config, this.session);
    const { sentAtNs } = this.session;
    const share = this.#config.multiplier === 1
      ? 0.75 + 0.15 * this.#random()
      : 0.75 + 0.25 * this.#random();
    const dueNs = sentAtNs === undefined
      ? this.#nowNs
      : sentAtNs + intervalNs * share;
    this.#setTimer(
      "transmit",
      intervalNs === Infinity ? Infinity : Math.max(dueNs, this.#nowNs),
    );
  }

  #armDetection(): void {
    const timeNs = detectionTime(this.#config, this.session);
    if (timeNs > 0) this.#setTimer("detect", this.#nowNs + timeNs);
  }

  #set(change: Partial<BfdSession>): void {
    this.session = { ...this.session, ...change };
  }

  #setTimer(timer: BfdTimer, atNs: number): void {
    this.effects.push({ kind: "setTimer", timer, atNs });
  }
}
