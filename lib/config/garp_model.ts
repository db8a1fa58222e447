/**
 * `garp_group`, as the configuration says it: how far apart announcements leave interfaces.
 *
 * Units:   nanoseconds.
 * @module
 */
import type { Positions } from "./model.ts";

/** `garp_group`, in TOML `[[garp_group]]`. */
export interface GarpGroup {
  /** `vrrp_garp_interval` unless given; 0 is no limit. */
  readonly garpIntervalNs: number | undefined;
  /** `vrrp_gna_interval` unless given; 0 is no limit. */
  readonly gnaIntervalNs: number | undefined;
  /** They share one budget. */
  readonly interfaces: readonly LimitedInterface[];
  readonly at: Positions<keyof GarpGroup & string>;
}

/** One interface of a `garp_group`. */
export interface LimitedInterface {
  readonly name: string;
  readonly at: Positions<"name">;
}
