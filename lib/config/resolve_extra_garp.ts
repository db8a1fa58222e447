/**
 * Which interfaces `garp_extra_if` is for, and how often.
 *
 * Says:    keepalived's `garp_extra_if`: switches learn a hardware address from what it sends, and from links that
 *          only carry addresses nothing is sent.
 * Units:   nanoseconds.
 * @module
 */
import type { GratuitousArpConfig } from "../vrrp/router_config.ts";
import type { GlobalDefs, VrrpInstance } from "./model.ts";

/** What is known of a router when this is asked. */
export interface ExtraGarpPlace {
  /** Interfaces of its addresses. */
  readonly carriers: Iterable<string>;
  /** Where its adverts leave. */
  readonly advertInterface: string;
  /** Whether a link is one of a virtual MAC address. */
  readonly isVirtualMac: (name: string) => boolean;
}

/** An instance's own setting stands for itself; `all` of the global one is not inherited alone. */
export function resolveExtraGarp(
  instance: VrrpInstance,
  globals: GlobalDefs,
  { carriers, advertInterface, isVirtualMac }: ExtraGarpPlace,
): Pick<GratuitousArpConfig, "extraIntervalNs" | "extraInterfaces"> {
  const { garpExtraNs = 0, garpExtraAll = false } =
    instance.garpExtraNs === undefined ? globals : instance;
  const extraInterfaces = garpExtraNs === 0
    ? []
    : [...new Set(carriers)].filter((name) =>
      name !== advertInterface && (garpExtraAll || isVirtualMac(name))
    );
  return {
    extraIntervalNs: extraInterfaces.length === 0 ? 0 : garpExtraNs,
    extraInterfaces,
  };
}
