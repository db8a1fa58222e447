/**
 * What is to happen when: a heap of moments. Equal moments come in the order in which they were put in.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */

interface Entry {
  readonly atNs: number;
  readonly order: number;
  readonly happen: () => void;
}

export class Agenda {
  readonly #heap: Entry[] = [];
  #order = 0;

  get nextNs(): number {
    return this.#heap[0]?.atNs ?? Infinity;
  }

  at(atNs: number, happen: () => void): void {
    const entry: Entry = { atNs, order: this.#order++, happen };
    let place = this.#heap.length;
    this.#heap.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = entry;
  }

  /** Takes out what happens next; the caller has looked at {@linkcode Agenda.nextNs}. */
  take(): (() => void) | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined || first === last) {
      return first?.happen;
    }
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      let child = left;
      let below = this.#heap[left];
      if (below === undefined) break;
      const other = this.#heap[right];
      if (other !== undefined && isBefore(other, below)) {
        child = right;
        below = other;
      }
      if (!isBefore(below, last)) break;
      this.#heap[place] = below;
      place = child;
    }
    this.#heap[place] = last;
    return first.happen;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.order < b.order);
}
