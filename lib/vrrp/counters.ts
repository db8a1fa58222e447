/**
 * What is counted for one virtual router, since the engine's start.
 * @module
 */
import { assert } from "../assert.ts";
import { REJECT_REASONS, type RejectReason } from "./receive.ts";

/** Differences that are accepted (RFC 9568 §7.1) but counted. */
export const TOLERATED_DIFFERENCES = [
  "addressListMismatch",
  "addressCountMismatch",
  "intervalMismatch",
  /** v3 over IPv4: one side sums the pseudo header and the other does not (`v3_checksum_as_v2`). */
  "checksumFormMismatch",
  /** `auth_hmac`, modes permissive and receive-only: an advert without a trailer. */
  "unsigned",
  /** `auth_hmac`: the sender's clock is ahead or behind by more than half of `time_window`. */
  "clockDifference",
] as const;

export type ToleratedDifference = (typeof TOLERATED_DIFFERENCES)[number];

export interface RouterCounters {
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly becameMaster: number;
  readonly releasedMaster: number;
  readonly priorityZeroSent: number;
  readonly priorityZeroReceived: number;
  readonly announcementsSent: number;
  readonly addressesRestored: number;
  /** Routes and rules that somebody else removed and that were put back. */
  readonly routesRestored: number;
  readonly sendErrors: number;
  /** Adverts dropped, by reason; every reason is a key. */
  readonly rejected: Readonly<Record<RejectReason, number>>;
  readonly tolerated: Readonly<Record<ToleratedDifference, number>>;
}

/** The counters as the one who counts holds them. */
export interface MutableRouterCounters extends RouterCounters {
  advertsSent: number;
  advertsReceived: number;
  becameMaster: number;
  releasedMaster: number;
  priorityZeroSent: number;
  priorityZeroReceived: number;
  announcementsSent: number;
  addressesRestored: number;
  routesRestored: number;
  sendErrors: number;
  readonly rejected: Record<RejectReason, number>;
  readonly tolerated: Record<ToleratedDifference, number>;
}

/** Counters at zero, every reason and difference present. */
export function emptyCounters(): MutableRouterCounters {
  return {
    advertsSent: 0,
    advertsReceived: 0,
    becameMaster: 0,
    releasedMaster: 0,
    priorityZeroSent: 0,
    priorityZeroReceived: 0,
    announcementsSent: 0,
    addressesRestored: 0,
    routesRestored: 0,
    sendErrors: 0,
    rejected: { ...NONE_REJECTED },
    tolerated: { ...NONE_TOLERATED },
  };
}

function zeroes<K extends string>(keys: readonly K[]): Record<K, number> {
  const record: Partial<Record<K, number>> = {};
  for (const key of keys) record[key] = 0;
  assert(hasEvery(record, keys), "every key has its counter");
  return record;
}

function hasEvery<K extends string>(
  record: Partial<Record<K, number>>,
  keys: readonly K[],
): record is Record<K, number> {
  return keys.every((key) => record[key] !== undefined);
}

const NONE_REJECTED = zeroes(REJECT_REASONS);
const NONE_TOLERATED = zeroes(TOLERATED_DIFFERENCES);
