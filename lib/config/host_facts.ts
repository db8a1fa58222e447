/**
 * What checks of a configuration want to know of the machine, so that they themselves stay pure.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";

/** An address of this machine. */
export interface HostAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** An interface of this machine. */
export interface HostInterface {
  readonly addresses: readonly HostAddress[];
  /** IFF_MULTICAST. */
  readonly canMulticast: boolean;
}

/** This machine's interfaces by name; none are known where there is nothing to ask. */
export type HostInterfaces = ReadonlyMap<string, HostInterface>;
