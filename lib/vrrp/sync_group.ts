/**
 * A sync group: virtual routers that are MASTER together or not at all.
 *
 * Says:    keepalived's `vrrp_sync_group`. RFC 9568 has no groups.
 * Checks:  nothing: members were checked with the configuration.
 * Errors:  none.
 * Cost:    one pass over the members for each question.
 * @module
 */
import type { TrackerLink } from "./tracking.ts";

/** A `vrrp_sync_group` with its defaults applied. */
export interface SyncGroupConfig {
  readonly name: string;
  /** Names of routers, in the order of the file; a router is in one group at most. */
  readonly members: readonly string[];
  /** What all members follow, beside what each follows by itself. */
  readonly links: readonly TrackerLink[];
}

/** A member as its group sees it. */
export interface SyncMember {
  readonly name: string;
  /** FAULT has causes of the member's own; being pulled along by the group is none. */
  readonly isFaulty: boolean;
  /** A weightless script of the member has not told its first result. */
  readonly isInitial: boolean;
  /** What the member would be by itself: its master down timer ended, or it owns its addresses. */
  readonly wants: "MASTER" | "BACKUP";
}

export type SyncGroupState = "MASTER" | "BACKUP" | "FAULT";

/**
 * The state that all members of a group take, from what each member is by itself.
 *
 * One fault, or one script without a result, holds all in FAULT. Out of FAULT a group goes to BACKUP, or to MASTER if
 * all members want it. It becomes MASTER when the last member wants it, and leaves as soon as one does not:
 * in doubt it is BACKUP.
 */
export function syncGroupState(
  members: readonly SyncMember[],
): SyncGroupState {
  if (members.some(({ isFaulty, isInitial }) => isFaulty || isInitial)) {
    return "FAULT";
  }
  return members.length > 0 && members.every(({ wants }) => wants === "MASTER")
    ? "MASTER"
    : "BACKUP";
}

/** The members that hold their group in FAULT, for the one line that says why. */
export function faultyMembers(
  members: readonly SyncMember[],
): readonly string[] {
  return members
    .filter(({ isFaulty, isInitial }) => isFaulty || isInitial)
    .map(({ name }) => name);
}
