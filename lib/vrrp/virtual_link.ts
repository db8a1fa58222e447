/**
 * The links that a router makes for itself: for its virtual MAC address and its addresses, or an ipvlan to speak by.
 *
 * They are there as long as the router is, whatever its state.
 *
 * Says:    RFC 9568 §7.3 (who has the virtual addresses answers with 00-00-5E-00-0x-{VRID}), keepalived's `use_vmac`,
 *          `use_vmac_addr` and `use_ipvlan`.
 * @module
 */
import type { MacAddress } from "../addr/mac_address.ts";
import type { RouterConfig, VirtualAddress } from "./router_config.ts";

/** A macvlan in private mode, with a hardware address of its own. */
export interface Macvlan {
  readonly kind: "macvlan";
  /** At most 15 bytes. */
  readonly name: string;
  /** The interface it is made on. */
  readonly parent: string;
  readonly mac: MacAddress;
  /** Of the adverts or addresses that it is for. */
  readonly family: 4 | 6;
  /** Whether it may speak IPv6 at all. */
  readonly hasIpv6: boolean;
  /** It has the parent's IPv6 link-local address, too: neighbours know a router by one, never by the virtual MAC's. */
  readonly lendsLinkLocal: boolean;
  /** Number of its group; undefined: its parent's. */
  readonly group: number | undefined;
}

export type IpvlanFlag = "bridge" | "private" | "vepa";

/** An ipvlan in L2 mode: the parent's hardware address, addresses of its own. */
export interface Ipvlan {
  readonly kind: "ipvlan";
  /** At most 15 bytes. */
  readonly name: string;
  /** The interface it is made on. */
  readonly parent: string;
  readonly flag: IpvlanFlag;
  readonly family: 4 | 6;
  /** What it has as long as it is there; undefined: what the kernel or somebody else gives it. */
  readonly address: VirtualAddress | undefined;
  /** Number of its group; undefined: its parent's. */
  readonly group: number | undefined;
}

export type VirtualLink = Macvlan | Ipvlan;

/** The link that a router runs on in place of its interface. */
export interface OwnLink {
  readonly link: VirtualLink;
  /** `vmac_xmit_base`: adverts leave and arrive by the parent, with its hardware address. */
  readonly advertsByParent: boolean;
}

/** All links that a router needs, its own first. */
export function virtualLinksOf(
  { ownLink, addressLinks }: RouterConfig,
): readonly VirtualLink[] {
  return ownLink === undefined ? addressLinks : [ownLink.link, ...addressLinks];
}

/** Name of the link that adverts leave and arrive by. */
export function advertInterface(
  { interface: name, ownLink }: RouterConfig,
): string {
  return ownLink === undefined || ownLink.advertsByParent
    ? name
    : ownLink.link.name;
}

/** Name of the link whose addresses are a router's sources: an ipvlan has its own, a macvlan speaks as its parent. */
export function sourceInterface(
  { interface: name, ownLink }: RouterConfig,
): string {
  return ownLink?.link.kind === "ipvlan" ? ownLink.link.name : name;
}
