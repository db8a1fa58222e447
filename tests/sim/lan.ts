/**
 * A broadcast segment that loses, delays, doubles and damages packets, that can be cut into pieces, and in which one
 * host may hear another that does not hear it.
 *
 * Delays are drawn for each receiver and packet, so packets also overtake each other.
 *
 * Units:   nanoseconds of simulated time; probabilities 0..1.
 * @module
 */
import type { Random } from "./random.ts";

export interface LanRules {
  readonly loss: number;
  readonly duplication: number;
  /** One bit of the VRRP message flips. */
  readonly damage: number;
  readonly delayMinNs: number;
  readonly delayMaxNs: number;
}

/** What a packet becomes for one receiver. */
export interface Arrival {
  readonly atNs: number;
  readonly isDamaged: boolean;
}

export class Lan {
  rules: LanRules;
  readonly #random: Random;
  /** Which piece each host is in. */
  #pieces: readonly number[];
  /** Ways that carry nothing; the way back may. */
  readonly #blocked = new Set<number>();

  constructor(random: Random, hosts: number, rules: LanRules) {
    this.#random = random;
    this.rules = rules;
    this.#pieces = new Array<number>(hosts).fill(0);
  }

  /** Cuts the segment: hosts hear each other only within a piece. */
  cut(pieces: readonly number[]): void {
    this.#pieces = pieces;
  }

  /** Nothing that `from` sends reaches `to` any more. */
  block(from: number, to: number): void {
    this.#blocked.add(way(from, to));
  }

  /** Whoever is in one piece hears everybody in it again. */
  unblock(): void {
    this.#blocked.clear();
  }

  areJoined(a: number, b: number): boolean {
    return this.#pieces[a] === this.#pieces[b];
  }

  pieceOf(host: number): number {
    return this.#pieces[host] ?? 0;
  }

  /** Nothing is lost, changed, or overtaken. */
  get isCalm(): boolean {
    const { loss, duplication, damage, delayMinNs, delayMaxNs } = this.rules;
    return loss + duplication + damage === 0 && delayMinNs === delayMaxNs;
  }

  /** Whether there is a way for what `from` sends to `to`. */
  reaches(from: number, to: number): boolean {
    return this.areJoined(from, to) &&
      (this.#blocked.size === 0 || !this.#blocked.has(way(from, to)));
  }

  /** When and how a packet that is sent now reaches a receiver: not at all, once or twice. */
  carry(nowNs: number): readonly Arrival[] {
    const { loss, duplication } = this.rules;
    if (loss > 0 && this.#random.chance(loss)) return [];
    const arrivals = [this.#arrival(nowNs)];
    if (duplication > 0 && this.#random.chance(duplication)) {
      arrivals.push(this.#arrival(nowNs));
    }
    return arrivals;
  }

  #arrival(nowNs: number): Arrival {
    const { damage, delayMinNs, delayMaxNs } = this.rules;
    return {
      atNs: nowNs +
        (delayMinNs === delayMaxNs
          ? delayMinNs
          : this.#random.between(delayMinNs, delayMaxNs)),
      isDamaged: damage > 0 && this.#random.chance(damage),
    };
  }
}

/** Names the way from one host to another, of at most 256. */
function way(from: number, to: number): number {
  return from * 256 + to;
}
