/**
 * All timers of all routers: an indexed binary heap, at most one deadline for each router and kind.
 *
 * Units:   nanoseconds, monotonic.
 * Checks:  asserts that router and deadline can be; a deadline that is set again replaces the old one.
 * Cost:    set and clear are O(log n) and allocate nothing once the table has its size.
 * @module
 */
import { assert } from "../assert.ts";
import type { RouterTimer } from "./router_io.ts";

const KINDS: readonly RouterTimer[] = [
  "masterDown",
  "advert",
  "garpDelay",
  "garpRefresh",
  "garpExtra",
  "garpLowerPriority",
  "rogueOwner",
];

const KIND_INDEX: Readonly<Record<RouterTimer, number>> = {
  masterDown: 0,
  advert: 1,
  garpDelay: 2,
  garpRefresh: 3,
  garpExtra: 4,
  garpLowerPriority: 5,
  rogueOwner: 6,
};

/** A timer that came due. */
export interface DueTimer {
  router: number;
  timer: RouterTimer;
  atNs: number;
}

export class TimerTable {
  #deadlines: Float64Array;
  /** Keys (router × kinds + kind) in heap order. */
  #heap: Int32Array;
  /** Place of a key in the heap, -1 when it is not set. */
  #place: Int32Array;
  #size = 0;
  readonly #due: DueTimer = { router: 0, timer: "masterDown", atNs: 0 };

  /** `routers` is how many routers there are; their indexes are below it. */
  constructor(routers: number) {
    const keys = routers * KINDS.length;
    this.#deadlines = new Float64Array(keys);
    this.#heap = new Int32Array(keys);
    this.#place = new Int32Array(keys).fill(-1);
  }

  /** Makes room for at least `routers` routers; what is set stays set. */
  grow(routers: number): void {
    const keys = routers * KINDS.length;
    if (keys <= this.#place.length) return;
    const deadlines = new Float64Array(keys);
    deadlines.set(this.#deadlines);
    const heap = new Int32Array(keys);
    heap.set(this.#heap);
    const place = new Int32Array(keys).fill(-1);
    place.set(this.#place);
    this.#deadlines = deadlines;
    this.#heap = heap;
    this.#place = place;
  }

  /** The next deadline; Infinity when nothing is set. */
  get earliestNs(): number {
    return this.#size === 0 ? Infinity : this.#deadlineAt(0);
  }

  /** Sets a timer, or moves it. */
  set(router: number, timer: RouterTimer, atNs: number): void {
    const key = this.#key(router, timer);
    assert(!Number.isNaN(atNs), "a deadline is a time");
    this.#deadlines[key] = atNs;
    let place = this.#place[key] ?? -1;
    if (place < 0) {
      place = this.#size++;
      this.#put(place, key);
    }
    if (!this.#rise(place)) this.#sink(place);
  }

  /** Moves a timer that is set; nothing happens to one that is not. */
  shift(router: number, timer: RouterTimer, byNs: number): void {
    const key = this.#key(router, timer);
    if ((this.#place[key] ?? -1) < 0) return;
    this.set(router, timer, (this.#deadlines[key] ?? 0) + byNs);
  }

  /** Forgets a timer; nothing happens when it is not set. */
  clear(router: number, timer: RouterTimer): void {
    const place = this.#place[this.#key(router, timer)] ?? -1;
    if (place >= 0) this.#removeAt(place);
  }

  /** When a timer is due; undefined when it is not set. */
  deadlineNs(router: number, timer: RouterTimer): number | undefined {
    const key = this.#key(router, timer);
    return (this.#place[key] ?? -1) < 0 ? undefined : this.#deadlines[key];
  }

  /** Takes out the earliest timer that is due at `nowNs`; the object is used again by the next call. */
  popDue(nowNs: number): DueTimer | undefined {
    if (this.#size === 0 || this.#deadlineAt(0) > nowNs) return undefined;
    const key = this.#heap[0] ?? 0;
    this.#due.atNs = this.#deadlines[key] ?? 0;
    this.#due.router = Math.floor(key / KINDS.length);
    this.#due.timer = KINDS[key % KINDS.length] ?? "masterDown";
    this.#removeAt(0);
    return this.#due;
  }

  #key(router: number, timer: RouterTimer): number {
    const key = router * KINDS.length + KIND_INDEX[timer];
    assert(
      key >= 0 && key < this.#place.length,
      "a timer belongs to a router of the table",
    );
    return key;
  }

  #deadlineAt(place: number): number {
    return this.#deadlines[this.#heap[place] ?? 0] ?? Infinity;
  }

  #put(place: number, key: number): void {
    this.#heap[place] = key;
    this.#place[key] = place;
  }

  #removeAt(place: number): void {
    const removed = this.#heap[place] ?? 0;
    this.#place[removed] = -1;
    this.#size--;
    if (place === this.#size) return;
    this.#put(place, this.#heap[this.#size] ?? 0);
    if (!this.#rise(place)) this.#sink(place);
  }

  #swap(a: number, b: number): void {
    const keyA = this.#heap[a] ?? 0;
    this.#put(a, this.#heap[b] ?? 0);
    this.#put(b, keyA);
  }

  #rise(from: number): boolean {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#deadlineAt(parent) <= this.#deadlineAt(place)) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place !== from;
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#size) return;
      const right = left + 1;
      const child =
        right < this.#size && this.#deadlineAt(right) < this.#deadlineAt(left)
          ? right
          : left;
      if (this.#deadlineAt(place) <= this.#deadlineAt(child)) return;
      this.#swap(place, child);
      place = child;
    }
  }
}
