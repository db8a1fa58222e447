/**
 * Hosts on simulated segments, and one agenda of all that happens.
 *
 * Whatever a host does has consequences at once; packets arrive and processes wake later. Everything is a function of
 * the random numbers.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import { familyOf } from "../../lib/addr/ip_address.ts";
import { defined } from "../../lib/assert.ts";
import { IPV4_HEADER_LENGTH } from "../../lib/wire/ip_header.ts";
import type { Datagram } from "../../lib/world/engine_world.ts";
import { Agenda } from "./agenda.ts";
import { Host, type Surroundings } from "./host.ts";
import { type Arrival, Lan, type LanRules } from "./lan.ts";
import type { Random } from "./random.ts";
import type { HostSpec } from "./scenario.ts";

/** A process may wake so much after its deadline. */
export const LATENESS_MAX_NS = 0.9e6;
/** More than this happens in no run that ever comes to rest. */
const EVENTS_MAX = 1e6;
/** No machine's clock begins at nothing. */
const BEGIN_NS = 1_000e9;

export class Simulation implements Surroundings {
  readonly hosts: readonly Host[];
  readonly lans: readonly Lan[];
  readonly trace: string[] = [];
  nowNs = BEGIN_NS;
  /** What did not hold; undefined while all does. */
  failure: string | undefined;
  #events = 0;
  readonly #agenda = new Agenda();
  readonly #wakeUps: readonly (() => void)[];

  constructor(
    readonly random: Random,
    specs: readonly HostSpec[],
    segments: number,
    rules: LanRules,
    readonly isTraced: boolean,
  ) {
    this.lans = Array.from(
      { length: segments },
      () => new Lan(random, specs.length, rules),
    );
    this.hosts = specs.map(({ plan, ports, isPromotingSecondaries }, index) => {
      const host = new Host(
        index,
        { ...plan, startsAtNs: BEGIN_NS + (plan.startsAtNs ?? 0) },
        ports,
        this,
      );
      host.kernel.isPromotingSecondaries = isPromotingSecondaries;
      return host;
    });
    this.#wakeUps = this.hosts.map((host) => () => this.#wake(host));
  }

  host(index: number): Host {
    return defined(this.hosts[index], `host ${index}`);
  }

  lan(segment: number): Lan {
    return defined(this.lans[segment], `segment ${segment}`);
  }

  /** Something happens so much later. */
  after(delayNs: number, happen: () => void): void {
    this.#agenda.at(this.nowNs + delayNs, happen);
  }

  /** Something happens to a host so much later. */
  actAfter(delayNs: number, host: Host, happen: () => void): void {
    this.after(delayNs, () => this.act(host, happen));
  }

  /** Something happens to a host now; its next wake-up is put on the agenda. */
  act(host: Host, happen: () => void): void {
    happen();
    this.#settle(host);
  }

  /** Lets so much time pass; less if something does not hold. */
  run(durationNs: number): void {
    const endNs = this.nowNs + durationNs;
    const agenda = this.#agenda;
    while (agenda.nextNs <= endNs && this.failure === undefined) {
      this.nowNs = agenda.nextNs;
      if (++this.#events > EVENTS_MAX) this.failure = "there is no end to it";
      agenda.take()?.();
    }
    if (this.failure === undefined) this.nowNs = endNs;
  }

  transmit(from: Host, segment: number, datagram: Datagram): void {
    const lan = this.lan(segment);
    const arriving = this.hosts.filter((to) =>
      to !== from && lan.reaches(from.index, to.index)
    );
    if (arriving.length === 0) return;
    if (lan.isCalm) {
      // Nothing is lost, and all hear it in the same moment.
      this.after(lan.rules.delayMinNs, () => {
        for (const to of arriving) this.#arrive(to, segment, datagram);
      });
      return;
    }
    for (const to of arriving) {
      for (const arrival of lan.carry(this.nowNs)) {
        this.#agenda.at(
          arrival.atNs,
          () => this.#arrive(to, segment, this.#arrived(datagram, arrival)),
        );
      }
    }
  }

  /** A datagram of nobody's comes to every host of a segment. */
  inject(segment: number, datagram: Datagram): void {
    for (const to of this.hosts) {
      for (const { atNs } of this.lan(segment).carry(this.nowNs)) {
        this.#agenda.at(atNs, () => this.#arrive(to, segment, datagram));
      }
    }
  }

  note(host: Host, what: string): void {
    this.tell(`host ${host.index} ${what}`);
  }

  /** One line of the trace. */
  tell(what: string): void {
    if (!this.isTraced) return;
    const atMs = (this.nowNs - BEGIN_NS) / 1e6;
    this.trace.push(`${atMs.toFixed(3).padStart(10)} ms  ${what}`);
  }

  /** How long it has run. */
  get elapsedNs(): number {
    return this.nowNs - BEGIN_NS;
  }

  #arrive(to: Host, segment: number, datagram: Datagram): void {
    to.receive(segment, datagram);
    this.#settle(to);
  }

  #arrived(datagram: Datagram, { isDamaged }: Arrival): Datagram {
    if (!isDamaged) return datagram;
    const { start, length, destination } = datagram;
    const bytes = datagram.bytes.slice(start, start + length);
    const messageAt = familyOf(destination) === 4 ? IPV4_HEADER_LENGTH : 0;
    const bit = this.random.below((length - messageAt) * 8);
    const at = messageAt + (bit >> 3);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
    return { ...datagram, bytes, start: 0 };
  }

  #settle(host: Host): void {
    this.failure ??= host.complaint;
    const { deadlineNs } = host;
    if (deadlineNs === Infinity) return;
    const dueNs = Math.max(deadlineNs, this.nowNs);
    // A wake-up too many does nothing; it looks again when the next one has to be.
    if (host.wakeNs <= dueNs) return;
    const wakeNs = dueNs + this.random.between(0, LATENESS_MAX_NS);
    if (host.wakeNs <= wakeNs) return;
    host.wakeNs = wakeNs;
    this.#agenda.at(
      wakeNs,
      defined(this.#wakeUps[host.index], "a host's wake-up"),
    );
  }

  #wake(host: Host): void {
    // An earlier one was put on the agenda afterwards.
    if (host.wakeNs !== this.nowNs) return;
    host.wakeNs = Infinity;
    if (host.deadlineNs <= this.nowNs) host.turn();
    this.#settle(host);
  }
}
