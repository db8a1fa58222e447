/**
 * Timers for tests: time stands still until a test moves it.
 * @module
 */
import type { Timers } from "./timers.ts";

interface Alarm {
  readonly atNs: number;
  readonly act: () => void;
}

export class ManualTimers implements Timers {
  #nowNs = 0;
  readonly #alarms = new Set<Alarm>();

  nowNs(): number {
    return this.#nowNs;
  }

  at(atNs: number, act: () => void): () => void {
    const alarm = { atNs, act };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** How many timers run. */
  get pending(): number {
    return this.#alarms.size;
  }

  /** Moves time to `toNs`; what falls due on the way happens at its own time. */
  async moveTo(toNs: number): Promise<void> {
    for (;;) {
      await settle();
      const next = [...this.#alarms].filter(({ atNs }) => atNs <= toNs)
        .toSorted((a, b) => a.atNs - b.atNs)[0];
      if (next === undefined) break;
      this.#alarms.delete(next);
      this.#nowNs = Math.max(this.#nowNs, next.atNs);
      next.act();
    }
    this.#nowNs = toNs;
    await settle();
  }
}

/** Lets everything happen that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
