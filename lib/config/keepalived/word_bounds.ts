/**
 * Where the words of all lines start and end: one growing array of numbers instead of one small array a line.
 * @module
 */

export class WordBounds {
  #values = new Int32Array(1024);
  #length = 0;

  /** How many words are stored; the index of the next one. */
  get length(): number {
    return this.#length >> 1;
  }

  push(start: number, end: number) {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = start;
    this.#values[this.#length++] = end;
  }

  start(word: number): number {
    return this.#values[word * 2] ?? 0;
  }

  end(word: number): number {
    return this.#values[word * 2 + 1] ?? 0;
  }

  /** Forgets the words from `length` on. */
  truncate(length: number) {
    this.#length = length * 2;
  }
}
