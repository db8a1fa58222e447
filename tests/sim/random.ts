/**
 * Seeded random numbers: one seed is one run, on every machine.
 *
 * Says:    Chris Doty-Humphrey's sfc32, seeded with 12 rounds.
 * @module
 */
import { defined } from "../../lib/assert.ts";

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = 0;
    this.#b = seed | 0;
    this.#c = Math.floor(seed / 2 ** 32) | 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** 0..2^32 - 1. */
  next(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A whole number, 0..`limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 2 ** 32) * limit);
  }

  /** A number from `least` up to but not including `most`. */
  between(least: number, most: number): number {
    return least + (this.next() / 2 ** 32) * (most - least);
  }

  /** True with a probability of 0..1. */
  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    return defined(list[this.below(list.length)], "an item to pick");
  }

  shuffled<T>(list: readonly T[]): T[] {
    const items = [...list];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const item = defined(items[i], "an item");
      items[i] = defined(items[j], "an item");
      items[j] = item;
    }
    return items;
  }
}
