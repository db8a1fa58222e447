/**
 * What is counted for one virtual router, since the engine's start.
 * @module
 */
import type { RejectReason } from "./receive.ts";

/** Differences that are accepted (RFC 9568 §7.1) but counted. */
export type ToleratedDifference =
  | "addressListMismatch"
  | "addressCountMismatch"
  | "intervalMismatch";

export interface RouterCounters {
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly becameMaster: number;
  readonly releasedMaster: number;
  readonly priorityZeroSent: number;
  readonly priorityZeroReceived: number;
  readonly announcementsSent: number;
  readonly addressesRestored: number;
  readonly sendErrors: number;
  /** Adverts dropped, by reason; every reason is a key. */
  readonly rejected: Readonly<Record<RejectReason, number>>;
  readonly tolerated: Readonly<Record<ToleratedDifference, number>>;
}
