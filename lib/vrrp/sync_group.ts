/**
 * A sync group: virtual routers that are MASTER together or not at all.
 *
 * Says:    keepalived's `vrrp_sync_group`. RFC 9568 has no groups.
 * Checks:  nothing: members were checked with the configuration.
 * Errors:  none.
 * Cost:    one pass over the members for each question.
 * @module
 */
import type { RouterStateName } from "./router_io.ts";
import type { RouterState } from "./router_state.ts";
import type { TrackerLink } from "./tracking.ts";

/** A `vrrp_sync_group` with its defaults applied. */
export interface SyncGroupConfig {
  readonly name: string;
  /** Names of routers, in the order of the file; a router is in one group at most. */
  readonly members: readonly string[];
  /** What all members follow, beside what each follows by itself. */
  readonly links: readonly TrackerLink[];
}

const WORST_FIRST: readonly RouterStateName[] = [
  "FAULT",
  "WAITING",
  "BACKUP",
  "MASTER",
];

/** In doubt a group is BACKUP: it becomes MASTER only when the last of its members wants to be. */
export function mayBecomeMaster(members: readonly RouterState[]): boolean {
  return members.every((state) =>
    state.kind === "master" || state.kind === "backup" && state.wantsMaster
  );
}

/** The state that a group has as a whole, for status and scripts. */
export function groupStateName(
  members: readonly RouterStateName[],
): RouterStateName {
  return WORST_FIRST.find((state) => members.includes(state)) ?? "STOPPED";
}

/**
 * What a member follows: its own links and those of its group. An object that both follow counts once, without a
 * weight if the member's own link has none, else as the group says.
 */
export function linksOfMember(
  own: readonly TrackerLink[],
  group: readonly TrackerLink[],
): readonly TrackerLink[] {
  if (group.length === 0) return own;
  const isSame = (a: TrackerLink, b: TrackerLink) =>
    a.kind === b.kind && a.tracker === b.tracker;
  const kept = own.filter((link) =>
    link.weight === 0 || !group.some((other) => isSame(link, other))
  );
  return [
    ...kept,
    ...group.filter((link) => !kept.some((other) => isSame(link, other))),
  ];
}
