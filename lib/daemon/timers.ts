/**
 * The main isolate's clock and its timers, as those take them who are tested without waiting.
 *
 * Units:   `…Ns` nanoseconds on the monotonic clock.
 * @module
 */
import { monotonicNs } from "../world/daemon_linux.ts";

const NS_PER_MS = 1e6;

export interface Timers {
  /** The monotonic clock now. */
  nowNs(): number;
  /** Calls `act` once, at `atNs` or as soon after as can be; returns what prevents it. */
  at(atNs: number, act: () => void): () => void;
}

/** Real time. */
export const systemTimers: Timers = {
  nowNs: monotonicNs,
  at: (atNs, act) => {
    const delayMs = Math.max(0, atNs - monotonicNs()) / NS_PER_MS;
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
};
