/**
 * What is counted of one BFD session, since it began.
 * @module
 */
import type { BfdRejectReason } from "./packet.ts";

export interface BfdCounters {
  readonly sent: number;
  /** Packets that reached the session. */
  readonly received: number;
  readonly sendErrors: number;
  readonly wentUp: number;
  readonly wentDown: number;
  readonly rejected: Readonly<Record<BfdRejectReason, number>>;
}

/** The same for who counts. */
export interface MutableBfdCounters extends BfdCounters {
  sent: number;
  received: number;
  sendErrors: number;
  wentUp: number;
  wentDown: number;
  readonly rejected: Record<BfdRejectReason, number>;
}

/** Counters at zero, every reason present. */
export function emptyBfdCounters(): MutableBfdCounters {
  return {
    sent: 0,
    received: 0,
    sendErrors: 0,
    wentUp: 0,
    wentDown: 0,
    rejected: noBfdRejections(),
  };
}

/** No packet dropped, every reason present. */
export function noBfdRejections(): Record<BfdRejectReason, number> {
  return {
    tooShort: 0,
    wrongVersion: 0,
    wrongLength: 0,
    zeroMultiplier: 0,
    multipoint: 0,
    zeroDiscriminator: 0,
    authentication: 0,
    pollAndFinal: 0,
    stateWithoutDiscriminator: 0,
    unknownSession: 0,
    hopLimit: 0,
  };
}
