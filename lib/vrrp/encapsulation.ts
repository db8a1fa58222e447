/**
 * Lightweight tunnels that a route may lead through: plain JSON-able data.
 *
 * Says:    ip-route(8), `encap`; linux/lwtunnel.h.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";

/** A tunnel of IPv4 or of IPv6; what is undefined the kernel takes for 0. */
export interface IpEncapsulation {
  readonly kind: "ip" | "ip6";
  /** 0..2^53-1; the kernel would take 64 bits. */
  readonly id: number | undefined;
  readonly destination: IpAddress | undefined;
  readonly source: IpAddress | undefined;
  /** TTL or hop limit, 0..255. */
  readonly hopLimit: number | undefined;
  /** Type of service or traffic class, 0..255. */
  readonly trafficClass: number | undefined;
  /** 0..65535 */
  readonly flags: number | undefined;
}

/** A stack of MPLS labels, the outermost first, each 0..2^20-1; at least one. */
export interface MplsEncapsulation {
  readonly kind: "mpls";
  readonly labels: readonly number[];
}

/** Identifier locator addressing: the locator as four numbers of 16 bits. */
export interface IlaEncapsulation {
  readonly kind: "ila";
  readonly locator: readonly number[];
}

export type Encapsulation =
  | IpEncapsulation
  | MplsEncapsulation
  | IlaEncapsulation;

/** A locator such as `1:2:3:ff`; undefined when `text` is none. */
export function parseLocator(text: string): readonly number[] | undefined {
  const groups = text.split(":");
  const isLocator = groups.length === 4 &&
    groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group));
  return isLocator ? groups.map((group) => parseInt(group, 16)) : undefined;
}

/** Labels such as `100/200`; undefined when `text` is no such list. */
export function parseLabels(text: string): readonly number[] | undefined {
  const labels = text.split("/");
  const areNumbers = labels.every((label) => /^[0-9]{1,7}$/.test(label)) &&
    labels.every((label) => Number(label) < LABELS_END);
  return areNumbers ? labels.map(Number) : undefined;
}

const LABELS_END = 2 ** 20;
