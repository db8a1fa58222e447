/**
 * The engine's BFD sessions: their sockets, timers and counters, and the packets that come for them.
 *
 * They run on the engine's loop, so that detection depends on nothing but that. Each is a tracked object of kind "bfd".
 *
 * Says:    RFC 5880 §6.3 (whose packet it is: by discriminator, by address before that is known), RFC 5881 §5 (hop
 *          limits).
 * Units:   nanoseconds, monotonic.
 * Errors:  a socket that the kernel refuses is tried again each second, and told.
 * @module
 */
import { emptyBfdCounters, noBfdRejections } from "../bfd/counters.ts";
import {
  BFD_PACKET_LENGTH,
  type BfdPacket,
  type BfdRejectReason,
  decodeBfd,
  encodeBfd,
} from "../bfd/packet.ts";
import {
  type BfdEffect,
  type BfdEvent,
  type BfdSession,
  detectionTime,
  newSession,
  stepBfd,
  transmitInterval,
} from "../bfd/session.ts";
import { type BfdSessionConfig, isSameSession } from "../bfd/session_config.ts";
import type { TrackerValue } from "../vrrp/tracking.ts";
import type {
  BfdDatagram,
  EngineWorld,
  SocketHandle,
  SystemFailure,
} from "../world/engine_world.ts";
import type { BfdSnapshot, EngineNotice, KnownBfd } from "./port.ts";

const SOCKET_RETRY_NS = 1e9;
const DISCRIMINATOR_MAX = 0xffff_ffff;
/** What is dropped is told this often, for each session and reason. */
const REJECTION_TOLD_EVERY_NS = 60e9;

/** What the sessions have the engine do. */
export interface BfdDriver {
  /** What a session is now, for those who track it. */
  readonly track: (name: string, value: TrackerValue) => void;
  /** Tells the daemon when the turn is done. */
  readonly tell: (notice: EngineNotice) => void;
  readonly fail: (failure: SystemFailure) => void;
}

class BfdRuntime {
  socket: SocketHandle | undefined;
  transmitAtNs = Infinity;
  detectAtNs = Infinity;
  /** When a socket that was refused is tried again. */
  retryAtNs = Infinity;
  lastChangeAtNs: number | undefined;
  problem: string | undefined;
  readonly counters = emptyBfdCounters();
  readonly bytes = new Uint8Array(BFD_PACKET_LENGTH);

  constructor(public config: BfdSessionConfig, public session: BfdSession) {}
}

interface Silence {
  untilNs: number;
  suppressed: number;
}

export class BfdSessions {
  readonly #world: EngineWorld;
  readonly #driver: BfdDriver;
  readonly #random = (): number => this.#world.random();
  #sessions: BfdRuntime[] = [];
  readonly #byDiscriminator = new Map<number, BfdRuntime>();
  /** Packets that were dropped and are nobody's here. */
  readonly #rejected = noBfdRejections();
  readonly #silences = new Map<string, Silence>();

  constructor(world: EngineWorld, driver: BfdDriver) {
    this.#world = world;
    this.#driver = driver;
  }

  /** When a timer is due; Infinity if none is set. */
  get deadlineNs(): number {
    let earliest = Infinity;
    for (const { transmitAtNs, detectAtNs, retryAtNs } of this.#sessions) {
      earliest = Math.min(earliest, transmitAtNs, detectAtNs, retryAtNs);
    }
    return earliest;
  }

  /**
   * From now on there are these. Those that stay as they were hear nothing of it; those whose two ends stay tell the
   * neighbour what is new. `known` are sessions of an engine that died.
   */
  replace(
    configs: readonly BfdSessionConfig[],
    nowNs: number,
    known: readonly KnownBfd[] = [],
  ): void {
    const before = new Map(this.#sessions.map((one) => [one.config.name, one]));
    const goesOn = (config: BfdSessionConfig) => {
      const old = before.get(config.name);
      return old !== undefined && isSameSession(old.config, config)
        ? old
        : undefined;
    };
    const kept = new Set(configs.map(goesOn));
    // Two may change places: what ends leaves its address first.
    for (const old of this.#sessions) if (!kept.has(old)) this.#end(old, nowNs);
    this.#sessions = configs.map((config) => {
      const old = goesOn(config);
      if (old !== undefined) {
        this.#reconfigure(old, config, nowNs);
        return old;
      }
      const was = known.find(({ name }) => name === config.name);
      return this.#begin(config, was?.session, nowNs);
    });
    this.trackAll();
  }

  /** Tells again what each session is. */
  trackAll(): void {
    for (const one of this.#sessions) this.#track(one);
  }

  received(datagram: BfdDatagram, nowNs: number): void {
    const { bytes, start, length, hopLimit, isMultihop } = datagram;
    const decoded = decodeBfd(bytes, start, length);
    if (decoded.kind === "rejected") {
      const sender = this.#withEnds(datagram);
      this.#reject(sender, datagram, decoded.reason, nowNs);
      return;
    }
    const { packet } = decoded;
    const one = packet.yourDiscriminator === 0
      ? this.#withEnds(datagram)
      : this.#byDiscriminator.get(packet.yourDiscriminator);
    if (one === undefined || one.config.isMultihop !== isMultihop) {
      const sender = this.#withEnds(datagram);
      this.#reject(sender, datagram, "unknownSession", nowNs);
      return;
    }
    if (hopLimit !== undefined && hopLimit < one.config.hopLimitMin) {
      this.#reject(one, datagram, "hopLimit", nowNs);
      return;
    }
    one.counters.received++;
    this.#step(one, { kind: "packet", packet }, nowNs);
  }

  /** Acts on what is due. */
  fire(nowNs: number): void {
    for (const one of this.#sessions) {
      if (one.retryAtNs <= nowNs) this.#open(one, nowNs);
      if (one.detectAtNs <= nowNs) {
        one.detectAtNs = Infinity;
        this.#step(one, { kind: "timer", timer: "detect" }, nowNs);
      }
      if (one.transmitAtNs <= nowNs) {
        one.transmitAtNs = Infinity;
        this.#step(one, { kind: "timer", timer: "transmit" }, nowNs);
      }
    }
  }

  /** Ends all of them, and tells the neighbours so. */
  stop(nowNs: number): void {
    for (const one of this.#sessions) this.#end(one, nowNs);
    this.#sessions = [];
  }

  /** How many packets were dropped that belong to no session, by reason. */
  get rejected(): Readonly<Record<BfdRejectReason, number>> {
    return this.#rejected;
  }

  snapshots(): readonly BfdSnapshot[] {
    return this.#sessions.map(({ config, session, ...one }) => ({
      config,
      session,
      transmitIntervalNs: transmitInterval(config, session),
      detectionTimeNs: detectionTime(config, session),
      problem: one.problem,
      lastChangeAtNs: one.lastChangeAtNs,
      counters: one.counters,
    }));
  }

  #begin(
    config: BfdSessionConfig,
    was: BfdSession | undefined,
    nowNs: number,
  ): BfdRuntime {
    const session = was ?? newSession(config, this.#freshDiscriminator());
    const one = new BfdRuntime(config, session);
    this.#byDiscriminator.set(session.discriminator, one);
    this.#open(one, nowNs);
    const kind = was === undefined ? "start" : "resume";
    this.#step(one, { kind }, nowNs);
    return one;
  }

  #reconfigure(
    one: BfdRuntime,
    config: BfdSessionConfig,
    nowNs: number,
  ): void {
    const before = one.config;
    if (JSON.stringify(before) === JSON.stringify(config)) return;
    one.config = config;
    this.#step(one, { kind: "reconfigured", before }, nowNs);
  }

  #end(one: BfdRuntime, nowNs: number): void {
    this.#step(one, { kind: "stop" }, nowNs);
    this.#byDiscriminator.delete(one.session.discriminator);
    if (one.socket !== undefined) this.#world.close(one.socket);
    one.socket = undefined;
  }

  #open(one: BfdRuntime, nowNs: number): void {
    one.retryAtNs = Infinity;
    try {
      one.socket = this.#world.openBfd(one.config);
      one.problem = undefined;
    } catch (error) {
      one.problem = error instanceof Error ? error.message : String(error);
      one.retryAtNs = nowNs + SOCKET_RETRY_NS;
    }
  }

  #step(one: BfdRuntime, event: BfdEvent, nowNs: number): void {
    const { session, effects } = stepBfd(
      one.config,
      one.session,
      event,
      nowNs,
      this.#random,
    );
    const detectionTimeNs = detectionTime(one.config, one.session);
    one.session = session;
    for (const effect of effects) {
      this.#apply(one, effect, detectionTimeNs, nowNs);
    }
  }

  #apply(
    one: BfdRuntime,
    effect: BfdEffect,
    detectionTimeNs: number,
    nowNs: number,
  ): void {
    switch (effect.kind) {
      case "send":
        this.#send(one, effect.packet);
        break;
      case "setTimer":
        if (effect.timer === "transmit") one.transmitAtNs = effect.atNs;
        else one.detectAtNs = effect.atNs;
        break;
      case "changed": {
        const from = effect.before.state;
        one.lastChangeAtNs = nowNs;
        if (one.session.state === "up") one.counters.wentUp++;
        else if (from === "up") one.counters.wentDown++;
        this.#tellState(one, from, detectionTimeNs);
        this.#track(one);
        break;
      }
      case "settled":
        this.#tellState(one, undefined, detectionTimeNs);
        break;
    }
  }

  #tellState(
    { config, session }: BfdRuntime,
    from: BfdSession["state"] | undefined,
    detectionTimeNs: number,
  ): void {
    this.#driver.tell({
      kind: "bfd",
      name: config.name,
      neighbor: config.neighbor,
      from,
      session,
      detectionTimeNs,
    });
  }

  #track({ config, session }: BfdRuntime): void {
    this.#driver.track(config.name, {
      kind: "bfd",
      state: session.isForwarding ? "up" : "down",
    });
  }

  #send(one: BfdRuntime, packet: BfdPacket): void {
    if (one.socket === undefined) return;
    encodeBfd(packet, one.bytes, 0);
    const failure = this.#world.sendBfd(one.socket, one.bytes);
    if (failure === undefined) {
      one.counters.sent++;
      one.problem = undefined;
      return;
    }
    one.counters.sendErrors++;
    const { doing, call, name } = failure;
    const problem = `Cannot ${doing}: ${call} failed with ${name}`;
    // A link that is down refuses each packet; once is enough to say.
    if (one.problem !== problem) this.#driver.fail(failure);
    one.problem = problem;
  }

  #reject(
    one: BfdRuntime | undefined,
    { source, hopLimit }: BfdDatagram,
    reason: BfdRejectReason,
    nowNs: number,
  ): void {
    (one?.counters.rejected ?? this.#rejected)[reason]++;
    const name = one?.config.name;
    const key = `${name ?? ""} ${reason}`;
    const silence = this.#silences.get(key);
    if (silence !== undefined && nowNs < silence.untilNs) {
      silence.suppressed++;
      return;
    }
    const suppressed = silence?.suppressed ?? 0;
    this.#silences.set(key, {
      untilNs: nowNs + REJECTION_TOLD_EVERY_NS,
      suppressed: 0,
    });
    this.#driver.tell({
      kind: "bfdRejected",
      name,
      source,
      reason,
      hopLimit,
      suppressed,
    });
  }

  #freshDiscriminator(): number {
    let value = 1 + Math.floor(this.#world.random() * DISCRIMINATOR_MAX);
    while (this.#byDiscriminator.has(value)) {
      value = 1 + value % DISCRIMINATOR_MAX;
    }
    return value;
  }

  /** Before discriminators are known, a packet belongs to the session of its two addresses. */
  #withEnds(
    { source, destination, isMultihop }: BfdDatagram,
  ): BfdRuntime | undefined {
    const ofSender = this.#sessions.filter(({ config }) =>
      config.neighbor === source && config.isMultihop === isMultihop
    );
    return ofSender.find(({ config }) => config.source === destination) ??
      ofSender.find(({ config }) =>
        config.source === undefined || destination === undefined
      );
  }
}
