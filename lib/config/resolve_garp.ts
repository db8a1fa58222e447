/**
 * How far apart announcements leave each interface.
 *
 * Says:    keepalived's `garp_group`, whose missing interval is the global one.
 * Units:   nanoseconds; 0 is no limit.
 * @module
 */
import type { AnnouncementLimit } from "../vrrp/announcement_limit.ts";
import type { Config } from "./model.ts";

/** The limits of `config`: those of groups in the order of the file, then the one for all other interfaces. */
export function resolveAnnouncementLimits(
  { garpGroups, globals }: Config,
): readonly AnnouncementLimit[] {
  const { garpIntervalNs = 0, gnaIntervalNs = 0 } = globals;
  const limits: AnnouncementLimit[] = garpGroups.map((group) => ({
    interfaces: group.interfaces.map(({ name }) => name),
    arpIntervalNs: group.garpIntervalNs ?? garpIntervalNs,
    neighborIntervalNs: group.gnaIntervalNs ?? gnaIntervalNs,
  }));
  if (garpIntervalNs > 0 || gnaIntervalNs > 0) {
    limits.push({
      interfaces: undefined,
      arpIntervalNs: garpIntervalNs,
      neighborIntervalNs: gnaIntervalNs,
    });
  }
  return limits;
}
