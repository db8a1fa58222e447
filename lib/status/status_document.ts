/**
 * Makes the status document from what the engine tells, and the one line that systemd shows.
 * @module
 */
import type { RouterSnapshot } from "../engine/port.ts";
import { secondsFromNs } from "../time/duration.ts";
import { reasonsText } from "./reason_text.ts";
import { groupStateName, type SyncGroupConfig } from "../vrrp/sync_group.ts";
import type { InstanceStatus, SyncGroupStatus } from "./snapshot.ts";

/** `wallClockOf` turns monotonic nanoseconds into RFC 3339 text. */
export function instanceStatus(
  router: RouterSnapshot,
  wallClockOf: (ns: number) => string,
): InstanceStatus {
  return {
    name: router.name,
    state: router.state,
    reason: router.reasons.length === 0 ? null : reasonsText(router.reasons),
    interface: router.interface,
    vrid: router.vrid,
    family: router.family === 4 ? "ipv4" : "ipv6",
    version: router.version,
    priority: router.priority,
    effective_priority: router.effectivePriority,
    sync_group: router.group ?? null,
    source_address: router.source ?? null,
    master: router.master === undefined ? null : { ...router.master },
    addresses: router.addresses.map(({ address, prefixLength, ...rest }) => ({
      address: `${address}/${prefixLength}`,
      interface: rest.interface,
      label: rest.label ?? null,
      excluded: rest.excluded,
      held: rest.held,
    })),
    advert_interval_s: secondsFromNs(router.advertIntervalNs),
    master_down_interval_s: secondsFromNs(router.masterDownIntervalNs),
    last_transition: router.lastTransitionAtNs === undefined
      ? null
      : wallClockOf(router.lastTransitionAtNs),
    counters: router.counters,
  };
}

/** Groups in the order of the configuration; a member that is not in `snapshot` does not count. */
export function syncGroupStatus(
  groups: readonly SyncGroupConfig[],
  snapshot: readonly RouterSnapshot[],
): readonly SyncGroupStatus[] {
  if (groups.length === 0) return [];
  const states = new Map(snapshot.map(({ name, state }) => [name, state]));
  return groups.map(({ name, members }) => ({
    name,
    state: groupStateName(
      members.map((member) => states.get(member))
        .filter((state) => state !== undefined),
    ),
    members,
  }));
}

/** What {@linkcode summaryLine} knows of an instance. */
export interface InstanceBrief {
  readonly name: string;
  readonly state: InstanceStatus["state"];
  readonly reason: string | null;
}

const SUMMARY_ORDER: readonly InstanceStatus["state"][] = [
  "FAULT",
  "WAITING",
  "MASTER",
  "BACKUP",
  "STOPPED",
];
const NAMES_MAX = 5;

/** `WAITING: VI_1 (eth0 has no IPv4 address); MASTER: VI_2`: what is wrong first, long lists cut short. */
export function summaryLine(instances: readonly InstanceBrief[]): string {
  const parts: string[] = [];
  for (const state of SUMMARY_ORDER) {
    const those = instances.filter((instance) => instance.state === state);
    if (those.length === 0) continue;
    const named = those.slice(0, NAMES_MAX).map(({ name, reason }) =>
      reason === null ? name : `${name} (${reason})`
    );
    const more = those.length - named.length;
    parts.push(
      `${state}: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    );
  }
  return parts.length === 0 ? "no instances configured" : parts.join("; ");
}
