/**
 * What a configuration says about links of instances' own.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { IpvlanFlag } from "../vrrp/virtual_link.ts";

/** `use_vmac`, `use_vmac_addr`, `use_ipvlan` and their words, beside those that the model has already. */
export interface VirtualLinkSettings {
  /** `group` behind `use_vmac`: a number; the parent's unless given. */
  readonly vmacGroup: number | undefined;
  /** `use_vmac_addr`. */
  readonly useVmacAddress: boolean | undefined;
  /** `use_ipvlan`. */
  readonly useIpvlan: boolean | undefined;
  /** The interface name behind `use_ipvlan`. */
  readonly ipvlanName: string | undefined;
  /** The address behind `use_ipvlan`; without a prefix length it is a host. */
  readonly ipvlanAddress: IpvlanAddress | undefined;
  /** `bridge` unless given. */
  readonly ipvlanFlag: IpvlanFlag | undefined;
  /** `group` behind `use_ipvlan`: a number; the parent's unless given. */
  readonly ipvlanGroup: number | undefined;
}

export interface IpvlanAddress {
  readonly address: IpAddress;
  /** undefined = 32 or 128. */
  readonly prefixLength: number | undefined;
}
