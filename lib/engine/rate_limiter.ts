/**
 * Decides which of many equal events is reported: the first, and after that one a period with a count.
 * All keys together report at most `reportsMax` times a period, so that a flood of forged senders stays quiet.
 *
 * Units:   nanoseconds, monotonic, passed in.
 * Cost:    one map entry a key; at `keysMax` keys the one silent longest is forgotten.
 * @module
 */

interface Entry {
  reportedAtNs: number;
  suppressed: number;
}

export class RateLimiter {
  readonly #entries = new Map<string, Entry>();

  #periodBeganAtNs = -Infinity;
  #reports = 0;

  constructor(
    readonly periodNs: number,
    readonly keysMax: number,
    readonly reportsMax: number,
  ) {}

  /** Returns how many were suppressed since the last report if this one is to be reported, else undefined. */
  admit(key: string, nowNs: number): number | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && nowNs - entry.reportedAtNs < this.periodNs) {
      entry.suppressed++;
      return undefined;
    }
    if (!this.#spend(nowNs)) {
      if (entry !== undefined) entry.suppressed++;
      return undefined;
    }
    if (entry === undefined) {
      this.#makeRoom();
      this.#entries.set(key, { reportedAtNs: nowNs, suppressed: 0 });
      return 0;
    }
    const { suppressed } = entry;
    // Set anew, so that the map's order is that of the last report.
    this.#entries.delete(key);
    this.#entries.set(key, { reportedAtNs: nowNs, suppressed: 0 });
    return suppressed;
  }

  /** Forgets every key that begins with `prefix`: its next event is news again. */
  rearm(prefix: string): void {
    for (const key of this.#entries.keys()) {
      if (key.startsWith(prefix)) this.#entries.delete(key);
    }
  }

  #spend(nowNs: number): boolean {
    if (nowNs - this.#periodBeganAtNs >= this.periodNs) {
      this.#periodBeganAtNs = nowNs;
      this.#reports = 0;
    }
    if (this.#reports >= this.reportsMax) return false;
    this.#reports++;
    return true;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.keysMax) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}
