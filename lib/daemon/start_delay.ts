/**
 * Until when no instance starts.
 *
 * Says:    keepalived's `vrrp_startup_delay`, from the daemon's start, and `vrrp_delay_after_boot`; the later counts.
 * Units:   nanoseconds, monotonic; the monotonic clock of Linux begins at boot.
 * @module
 */

import type { StartDelay } from "../config/resolve_plan.ts";

/** When instances of a daemon that was started at `startedAtNs` may start; 0 is at once. */
export function startsAtNs(
  { afterStartNs, afterBootNs }: StartDelay,
  startedAtNs: number,
): number {
  return Math.max(
    afterStartNs === 0 ? 0 : startedAtNs + afterStartNs,
    afterBootNs,
  );
}

/** A reload at `nowNs` begins no delay; one that still runs, until `beforeNs`, becomes what it says now. */
export function startsAtAfterReload(
  beforeNs: number,
  delay: StartDelay,
  startedAtNs: number,
  nowNs: number,
): number {
  return nowNs < beforeNs ? startsAtNs(delay, startedAtNs) : beforeNs;
}
