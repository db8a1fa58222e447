/**
 * Sequence numbers of signed adverts: UTC time, and a counter where the clock did not move on.
 *
 * Says:    keepalived's `auth_hmac`. Sixty-four bits, compared as serial numbers (RFC 1982), so that the wrap of the
 *          32 bits of seconds means nothing.
 * Units:   `utcNs` nanoseconds since 1970.
 * @module
 */
import type { TrailerStamp } from "../wire/vrrp_trailer.ts";
import { NS_PER_S } from "../time/duration.ts";

const SUBSECONDS = 0x10000;
const HALF = 0x80000000;

/** The stamp of a moment, its counter 0. */
export function stampOf(utcNs: number): TrailerStamp {
  const wholeSeconds = Math.floor(utcNs / NS_PER_S);
  const rest = Math.floor((utcNs - wholeSeconds * NS_PER_S) * SUBSECONDS / 1e9);
  return { seconds: wholeSeconds >>> 0, fraction: (rest << 16) >>> 0 };
}

/** Whether `a` is later than `b`. */
export function isAfter(a: TrailerStamp, b: TrailerStamp): boolean {
  const borrow = a.fraction < b.fraction ? 1 : 0;
  const seconds = (a.seconds - b.seconds - borrow) >>> 0;
  return seconds < HALF && (seconds !== 0 || a.fraction !== b.fraction);
}

/** Seconds from the moment `utcNs` to `stamp`, negative when it is past, across the wrap of 2^32 s. */
export function secondsAhead(stamp: TrailerStamp, utcNs: number): number {
  return (stamp.seconds - Math.floor(utcNs / NS_PER_S)) | 0;
}

/**
 * The stamp of the next advert: the clock's, or one more than `last` where the clock is not beyond that. A `last` that
 * is ahead of the clock by more than `windowNs` is forgotten: the clock was set back, and peers would call what
 * follows it stale. Without a window it counts on.
 */
export function nextStamp(
  last: TrailerStamp | undefined,
  utcNs: number,
  windowNs: number | undefined,
): TrailerStamp {
  const now = stampOf(utcNs);
  if (last === undefined || isAfter(now, last)) return now;
  if (
    windowNs !== undefined && secondsAhead(last, utcNs) > windowNs / NS_PER_S
  ) return now;
  const fraction = (last.fraction + 1) >>> 0;
  return fraction === 0
    ? { seconds: (last.seconds + 1) >>> 0, fraction }
    : { seconds: last.seconds, fraction };
}
