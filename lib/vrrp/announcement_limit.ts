/**
 * How far apart announcements leave an interface.
 *
 * Says:    keepalived's `vrrp_garp_interval`, `vrrp_gna_interval` and `garp_group`.
 * Units:   nanoseconds; 0 is no limit.
 * @module
 */

/** One budget of announcements: a frame, then nothing of its kind until the interval has passed. */
export interface AnnouncementLimit {
  /** These share the budget; undefined: each interface that no other limit names has one of its own. */
  readonly interfaces: readonly string[] | undefined;
  /** From one gratuitous ARP to the next. */
  readonly arpIntervalNs: number;
  /** From one unsolicited neighbour advertisement to the next. */
  readonly neighborIntervalNs: number;
}
