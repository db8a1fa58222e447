/**
 * An address as the engine asks for it, in rtnetlink's terms.
 * @module
 */
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import type { AddressSpec } from "../wire/rtnetlink.ts";
import type { AddressRequest } from "./engine_world.ts";

/** IFA_PROTO of our addresses: a number for operators' eyes, unassigned in linux/if_addr.h. */
const ADDRESS_PROTOCOL = 112;

/** What rtnetlink is told of an address. */
export function addressSpec(request: AddressRequest): AddressSpec {
  const { address, ifIndex } = request;
  const local = ipAddressBytes(address.address);
  const isIpv6 = local.length === 16;
  return {
    family: isIpv6 ? 6 : 4,
    ifIndex,
    local,
    prefixLength: address.peer?.prefixLength ?? address.prefixLength,
    peer: optionalBytes(address.peer?.address),
    scope: address.scope,
    broadcast: optionalBytes(address.broadcast),
    label: address.label,
    flags: address.flags,
    preferredSeconds: address.preferredSeconds,
    protocol: ADDRESS_PROTOCOL,
  };
}

function optionalBytes(address: IpAddress | undefined): Uint8Array | undefined {
  return address === undefined ? undefined : ipAddressBytes(address);
}
