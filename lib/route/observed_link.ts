/**
 * Links and addresses as netlink reported them last.
 *
 * Says:    rtnetlink(7), netdevice(7), linux/if_addr.h.
 * Units:   indexes and flags are the kernel's.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { MacAddress } from "../addr/mac_address.ts";

/** IFF_UP, IFF_RUNNING and IFF_MULTICAST of netdevice(7); IFF_NOARP suppresses announcements. */
export const LINK_UP = 0x1;
export const LINK_RUNNING = 0x40;
export const LINK_NOARP = 0x80;
export const LINK_MULTICAST = 0x1000;

/** IFA_F_* of linux/if_addr.h. */
export const ADDRESS_SECONDARY = 0x01;
export const ADDRESS_DAD_FAILED = 0x08;
export const ADDRESS_DEPRECATED = 0x20;
export const ADDRESS_TENTATIVE = 0x40;

/** One address on a link. */
export interface ObservedAddress {
  readonly address: IpAddress;
  readonly family: 4 | 6;
  readonly prefixLength: number;
  /** rtnetlink scope: 0 global, 253 link, 254 host. */
  readonly scope: number;
  /** IFA_F_* bits, all 32. */
  readonly flags: number;
}

/** One network interface of this namespace. */
export interface ObservedLink {
  readonly index: number;
  readonly name: string;
  /** IFF_* bits. */
  readonly flags: number;
  /** undefined for links without an Ethernet address. */
  readonly mac: MacAddress | undefined;
  readonly mtu: number;
  /** `veth`, `macvlan`, …; undefined for hardware. */
  readonly kind?: string | undefined;
  /** Index of the link below, such as a macvlan's parent. */
  readonly parentIndex?: number | undefined;
  /** Of an ipvlan: 0 is L2. */
  readonly mode?: number | undefined;
  /** Of a VRF: its routing table. */
  readonly vrfTable?: number | undefined;
  /** Number of its group, 0 unless somebody gave it another. */
  readonly group?: number | undefined;
  /** Index of the bridge, bond or VRF it belongs to. */
  readonly masterIndex?: number | undefined;
  /** By {@linkcode addressPlace}, in the order the kernel lists them; the first of a subnet is its primary. */
  readonly addresses: ReadonlyMap<string, ObservedAddress>;
}

/** Names an address on its link: the kernel holds 10.0.0.1/24 and 10.0.0.1/32 apart. */
export function addressPlace(address: IpAddress, prefixLength: number): string {
  return `${address}/${prefixLength}`;
}

/** The addresses of a link from a list of them. */
export function byPlace(
  addresses: Iterable<ObservedAddress>,
): ReadonlyMap<string, ObservedAddress> {
  return new Map(
    Array.from(addresses, (one) => [
      addressPlace(one.address, one.prefixLength),
      one,
    ]),
  );
}

/** Administratively up and with an operational carrier, as keepalived counts "up". */
export function isRunning(link: ObservedLink): boolean {
  const both = LINK_UP | LINK_RUNNING;
  return (link.flags & both) === both;
}
