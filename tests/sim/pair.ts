/**
 * Two to six routers on one segment, run from a seed: things go wrong for a while, then the network is calm, and the
 * cluster must come to rest with one MASTER in each piece. Then a MASTER leaves, with or without a word, and another
 * must be there as soon as the protocol allows.
 *
 * Units:   nanoseconds of simulated time.
 * Cost:    about a millisecond a seed.
 * @module
 */
import { defined } from "../../lib/assert.ts";
import { exampleIp } from "../../lib/vrrp/example_router.ts";
import {
  masterDownIntervalNs,
  routerSkewNs,
} from "../../lib/vrrp/intervals.ts";
import type { ReceivedDatagram } from "../../lib/vrrp/receive.ts";
import { Agenda } from "./agenda.ts";
import { checkHost, checkSettled, LATENESS_MAX_NS } from "./checkers.ts";
import { Host, type Surroundings } from "./host.ts";
import { type Arrival, Lan } from "./lan.ts";
import { Random } from "./random.ts";
import { chooseScenario, type Fault, type Scenario } from "./scenario.ts";

/** What became of a run. */
export interface Outcome {
  readonly seed: number;
  /** What did not hold; undefined when all did. */
  readonly failure: string | undefined;
  /** Everything that happened, one line each; empty unless it was asked for. */
  readonly trace: readonly string[];
  readonly advertsSent: number;
  /** Simulated time of all routers together. */
  readonly routerNs: number;
  readonly transitions: number;
  /** Adverts that were rejected although nothing had damaged them. */
  readonly wronglyRejected: number;
}

/** Runs what `seed` stands for. */
export function runSeed(seed: number, isTraced = false): Outcome {
  return new Simulation(seed, isTraced).run();
}

class Simulation implements Surroundings {
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #lan: Lan;
  readonly #agenda = new Agenda();
  readonly #hosts: readonly Host[];
  readonly #trace: string[] = [];
  #nowNs = 0;
  #failure: string | undefined;
  #transitions = 0;
  #damaged = 0;

  constructor(readonly seed: number, readonly isTraced: boolean) {
    this.#random = new Random(seed);
    this.#scenario = chooseScenario(this.#random);
    const { configs, sources, rough } = this.#scenario;
    this.#lan = new Lan(this.#random, configs.length, rough);
    this.#hosts = configs.map((config, index) =>
      new Host(
        index,
        config,
        exampleIp(defined(sources[index], "a source")),
        this,
      )
    );
  }

  run(): Outcome {
    const { roughNs, settleNs, watchNs, faults } = this.#scenario;
    for (const host of this.#hosts) {
      // Hosts boot one after the other, and some get their address late.
      if (this.#random.chance(0.2)) host.setAddress(false, 0);
      const bootNs = this.#random.between(0, roughNs / 4);
      this.#agenda.at(
        bootNs,
        () => this.#act(host, () => host.start(this.#nowNs)),
      );
    }
    for (const { atNs, fault } of faults) {
      this.#agenda.at(atNs, () => this.#inflict(fault));
    }
    this.#agenda.at(roughNs, () => this.#calmDown());
    const settledNs = roughNs + settleNs;
    this.#runUntil(settledNs + watchNs);
    this.#failure ??= checkSettled(this.#hosts, this.#lan, settledNs);
    if (this.#failure === undefined) this.#failure = this.#handOver();
    if (this.#failure !== undefined) {
      for (const host of this.#hosts) this.#trace.push(host.describe());
    }
    return {
      seed: this.seed,
      failure: this.#failure,
      trace: this.#trace,
      advertsSent: sum(this.#hosts, (host) => host.counters.advertsSent),
      routerNs: this.#nowNs * this.#hosts.length,
      transitions: this.#transitions,
      wronglyRejected: sum(
        this.#hosts,
        (host) => sum(Object.values(host.counters.rejected), (count) => count),
      ) - this.#damaged,
    };
  }

  transmit(from: Host, datagram: ReceivedDatagram): void {
    for (const to of this.#hosts) {
      if (to === from || !isFor(to, datagram)) continue;
      for (
        const arrival of this.#lan.carry(from.index, to.index, this.#nowNs)
      ) {
        this.#agenda.at(
          arrival.atNs,
          () => this.#deliver(to, datagram, arrival),
        );
      }
    }
  }

  note(host: Host, what: string): void {
    if (what.includes(" -> ")) this.#transitions++;
    if (this.isTraced) {
      const at = (this.#nowNs / 1e6).toFixed(3).padStart(10);
      this.#trace.push(`${at} ms  host ${host.index} ${what}`);
    }
  }

  #runUntil(endNs: number): void {
    while (this.#agenda.nextNs <= endNs && this.#failure === undefined) {
      this.#nowNs = this.#agenda.nextNs;
      this.#agenda.take()?.();
    }
    this.#nowNs = endNs;
  }

  /** Something happens to a host; afterwards it is looked at, and its next wake-up is put on the agenda. */
  #act(host: Host, happen: () => void): void {
    happen();
    this.#failure ??= checkHost(host, this.#nowNs);
    const { deadlineNs } = host;
    if (deadlineNs === Infinity) return;
    // One wake-up too many does nothing, so none is ever taken back.
    const wakeNs = Math.max(deadlineNs, this.#nowNs) +
      this.#random.between(0, LATENESS_MAX_NS);
    this.#agenda.at(wakeNs, () => {
      if (host.deadlineNs > this.#nowNs) return;
      this.#act(host, () => host.turn(this.#nowNs));
    });
  }

  #deliver(to: Host, datagram: ReceivedDatagram, arrival: Arrival): void {
    const isHeard = to.state.kind === "backup" || to.state.kind === "master";
    const isDamaged = arrival.isDamaged && isHeard && to.process === "running";
    if (!isDamaged) {
      this.#act(to, () => {
        to.receive(datagram);
        to.turn(this.#nowNs);
      });
      return;
    }
    this.#act(to, () => {
      const before = sum(Object.values(to.counters.rejected), (count) => count);
      to.receive(this.#damage(datagram));
      to.turn(this.#nowNs);
      const after = sum(Object.values(to.counters.rejected), (count) => count);
      this.#damaged += after - before;
    });
  }

  #damage(datagram: ReceivedDatagram): ReceivedDatagram {
    const bytes = datagram.bytes.slice();
    const messageAt = this.#hosts[0]?.config.family === 4 ? 20 : 0;
    const bit = this.#random.below((bytes.length - messageAt) * 8);
    const at = messageAt + (bit >> 3);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    return { ...datagram, bytes };
  }

  #inflict(fault: Fault): void {
    if (fault.kind === "cut") {
      if (this.isTraced) {
        this.#trace.push(`the segment is cut: ${fault.pieces.join(" ")}`);
      }
      this.#lan.cut(fault.pieces);
      return;
    }
    if (fault.kind === "block") {
      if (this.isTraced) {
        this.#trace.push(`host ${fault.to} no longer hears host ${fault.host}`);
      }
      this.#lan.block(fault.host, fault.to);
      return;
    }
    const host = defined(this.#hosts[fault.host], "the host of a fault");
    const nowNs = this.#nowNs;
    this.#act(host, () => {
      switch (fault.kind) {
        case "linkDown":
        case "linkUp":
          host.setLink(fault.kind === "linkUp", nowNs);
          break;
        case "addressLost":
        case "addressBack":
          host.setAddress(fault.kind === "addressBack", nowNs);
          break;
        case "kill":
          host.kill();
          break;
        case "stop":
          host.stop(nowNs);
          break;
        case "start":
          host.start(nowNs);
          break;
        case "freeze":
          host.freeze();
          break;
        case "thaw":
          host.thaw(nowNs);
          break;
      }
    });
  }

  /** A MASTER leaves; somebody who can must have taken over when the fastest of them had to. */
  #handOver(): string | undefined {
    const leaver = this.#hosts.find((host) =>
      host.process === "running" && host.isMaster
    );
    if (leaver === undefined) return undefined;
    const heirs = this.#hosts.filter((host) =>
      host !== leaver && host.isAble &&
      this.#lan.areJoined(host.index, leaver.index)
    );
    if (heirs.length === 0) return undefined;
    const isGraceful = this.#random.chance(0.5);
    const patienceOf = ({ config }: Host): number =>
      (isGraceful ? routerSkewNs : masterDownIntervalNs)(
        config,
        config.priority,
        leaver.config.advertIntervalNs,
      );
    const limitNs = Math.min(...heirs.map(patienceOf)) +
      this.#scenario.calm.delayMaxNs + LATENESS_MAX_NS;
    this.#act(
      leaver,
      () => isGraceful ? leaver.stop(this.#nowNs) : leaver.kill(),
    );
    this.#runUntil(this.#nowNs + limitNs);
    if (this.#failure !== undefined) return this.#failure;
    return heirs.some((host) => host.isMaster)
      ? undefined
      : `nobody took over within ${
        limitNs / 1e6
      } ms after host ${leaver.index} ${
        isGraceful ? "resigned" : "was killed"
      }`;
  }

  /** The end of all trouble, except for what is to last. */
  #calmDown(): void {
    if (this.isTraced) this.#trace.push("all is calm from here");
    this.#lan.rules = this.#scenario.calm;
    this.#lan.unblock();
    if (this.#random.chance(0.7)) {
      this.#lan.cut(this.#hosts.map(() => 0));
    }
    for (const host of this.#hosts) {
      this.#act(host, () => host.thaw(this.#nowNs));
      const isSpared = this.#random.chance(0.85);
      if (!isSpared) continue;
      this.#act(host, () => host.setLink(true, this.#nowNs));
      this.#act(host, () => host.setAddress(true, this.#nowNs));
      this.#act(host, () => host.start(this.#nowNs));
    }
  }
}

function isFor(host: Host, { destination }: ReceivedDatagram): boolean {
  return host.config.unicastPeers === undefined
    ? destination === host.config.multicastGroup
    : destination === host.source;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
