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
  readonly #blocked = new Set<string>();

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
    this.#blocked.add(`${from}>${to}`);
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

  /** When and how a packet that `from` sends now reaches `to`: not at all, once or twice. */
  carry(from: number, to: number, nowNs: number): readonly Arrival[] {
    const { loss, duplication } = this.rules;
    if (!this.areJoined(from, to) || this.#random.chance(loss)) return [];
    if (this.#blocked.has(`${from}>${to}`)) return [];
    const arrivals = [this.#arrival(nowNs)];
    if (this.#random.chance(duplication)) arrivals.push(this.#arrival(nowNs));
    return arrivals;
  }

  #arrival(nowNs: number): Arrival {
    const { damage, delayMinNs, delayMaxNs } = this.rules;
    return {
      atNs: nowNs + this.#random.between(delayMinNs, delayMaxNs),
      isDamaged: this.#random.chance(damage),
    };
  }
}
