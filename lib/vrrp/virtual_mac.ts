/**
 * The virtual router MAC address: a link of the router's own that has it, and its addresses.
 *
 * Says:    RFC 9568 §7.3 (who has the virtual addresses answers with 00-00-5E-00-0x-{VRID}), keepalived's `use_vmac`.
 * @module
 */
import type { MacAddress } from "../addr/mac_address.ts";
import type { RouterConfig } from "./router_config.ts";

/** A macvlan in private mode on the router's interface; it is there as long as the router is, whatever its state. */
export interface VirtualMac {
  /** Name of the link, at most 15 bytes. */
  readonly link: string;
  readonly mac: MacAddress;
  /** `vmac_xmit_base`: adverts leave and arrive by the parent, with its hardware address. */
  readonly advertsByParent: boolean;
}

/** Name of the link that adverts leave and arrive by. */
export function advertInterface(
  { interface: name, virtualMac }: RouterConfig,
): string {
  return virtualMac === undefined || virtualMac.advertsByParent
    ? name
    : virtualMac.link;
}
