/**
 * How changes of interfaces are believed: how long they have to last, and whose carrier is asked for.
 *
 * Says:    keepalived's `interface_up_down_delays` and `linkbeat_interfaces`.
 * Units:   nanoseconds.
 * @module
 */

/** How an interface is asked whether it has a carrier, by ioctl(2). */
export const BEAT_METHODS = ["MII", "ETHTOOL", "IOCTL"] as const;
export type BeatMethod = typeof BEAT_METHODS[number];

/** An interface whose carrier is asked for every second: drivers may not tell when it changes. */
export interface PolledLink {
  readonly interface: string;
  /** Tried first; where the driver does not have it, the others are. */
  readonly method: BeatMethod;
}

/** How long a change of an interface has to last before it counts. */
export interface LinkDelay {
  readonly interface: string;
  readonly downNs: number;
  readonly upNs: number;
}
