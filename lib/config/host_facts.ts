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

/** This machine's interfaces by name, and their addresses. */
export type HostInterfaces = ReadonlyMap<string, readonly HostAddress[]>;
