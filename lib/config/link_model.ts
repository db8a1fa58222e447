/**
 * What a configuration says of the host's interfaces and of the sockets on them.
 *
 * Units:   nanoseconds.
 * @module
 */

/** `garp_extra_if`, in `global_defs` `vrrp_garp_extra_if`. */
export interface ExtraGarp {
  /** 0 is off. */
  readonly garpExtraNs: number | undefined;
  /** Its word `all`: not only on links with a virtual MAC address. */
  readonly garpExtraAll: boolean | undefined;
}

/** Parts of `global_defs`, and what keepalived has at the level of the file. */
export type LinkGlobals = ExtraGarp;

/** Parts of `vrrp_instance`. */
export type InstanceLinks = ExtraGarp;
