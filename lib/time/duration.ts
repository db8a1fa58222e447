/**
 * Durations: nanoseconds inside, seconds where people read and write.
 *
 * Units:   nanoseconds as a number: exact to the nanosecond up to 104 days, far beyond any interval here.
 * @module
 */

export const NS_PER_S = 1e9;
export const NS_PER_MS = 1e6;
/** The unit of v3 intervals on the wire. */
export const NS_PER_CS = 1e7;

/** Nanoseconds of a number of seconds, to the nearest. */
export function nsFromSeconds(seconds: number): number {
  return Math.round(seconds * NS_PER_S);
}

/** Seconds, for documents that people and scripts read. */
export function secondsFromNs(ns: number): number {
  return ns / NS_PER_S;
}

/** A duration for a message: `1 s`, `1.5 s`, `100 ms`, `0.25 ms`; three significant decimals at most. */
export function formatDuration(ns: number): string {
  if (ns !== 0 && Math.abs(ns) < NS_PER_S) {
    return `${shortDecimal(ns / NS_PER_MS)} ms`;
  }
  return `${shortDecimal(ns / NS_PER_S)} s`;
}

function shortDecimal(value: number): string {
  return String(Number(value.toFixed(3)));
}
