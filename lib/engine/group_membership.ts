/**
 * Which sync group each router is in, for a reload to see what changed.
 * @module
 */
import type { RouterRoster } from "./router_roster.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** Which group each router is in, and with whom and what. */
export function groupsOf(roster: RouterRoster): Map<RouterRuntime, string> {
  const groups = new Map<RouterRuntime, string>();
  for (const { config, members } of roster.groups) {
    const text = JSON.stringify(config);
    for (const router of members) groups.set(router, text);
  }
  return groups;
}
