/**
 * Routes over rtnetlink: requests into a batch, messages into what names a route.
 *
 * Says:    rtnetlink(7), linux/rtnetlink.h.
 * Units:   addresses as bytes in requests; interfaces by index.
 * Errors:  an encoder returns false when the batch is full, and leaves it as it was.
 * @module
 */
import {
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../addr/ip_address.ts";
import { assert } from "../assert.ts";
import {
  attributeBytes,
  type AttributeValue,
  u32Bytes,
} from "./attribute_bytes.ts";
import {
  encapsulationAttributes,
  type EncapsulationSpec,
} from "./rtnetlink_encapsulation.ts";
import {
  AttributeReader,
  NETLINK_FLAG,
  type NetlinkBatch,
  type NetlinkReader,
} from "./netlink.ts";

/** RTM_NEWROUTE, RTM_DELROUTE. */
export const ROUTE_MESSAGE = { newRoute: 24, deleteRoute: 25 } as const;

const AF_INET = 2;
const AF_INET6 = 10;
/** RT_TABLE_UNSPEC: the table is in its attribute, for its number is larger than a byte. */
const TABLE_IN_ATTRIBUTE = 0;
/** RTNH_F_ONLINK */
const ONLINK = 4;
/** `struct rtmsg`. */
const HEADER_LENGTH = 12;
const HEADER = {
  family: 0,
  destinationLength: 1,
  table: 4,
  protocol: 5,
  flags: 8,
};
/** RTM_F_CLONED: an entry of the cache, not a route. */
const CLONED = 0x200;
/** RTA_* */
const ATTRIBUTE = {
  destination: 1,
  source: 2,
  outputInterface: 4,
  gateway: 5,
  priority: 6,
  preferredSource: 7,
  metrics: 8,
  multipath: 9,
  realms: 11,
  table: 15,
  routerPreference: 20,
  expires: 23,
} as const;
/** RTAX_LOCK */
const METRIC_LOCK = 1;
const REALM_SHIFT = 16;
const NEXT_HOP_HEADER_LENGTH = 8;

/** A route as the request is to say it. */
export interface RouteSpec {
  readonly family: 4 | 6;
  readonly destination: Prefix;
  readonly sourcePrefix: Prefix | undefined;
  readonly type: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly tos: number;
  readonly priority: number | undefined;
  readonly gateway: IpAddress | undefined;
  readonly ifIndex: number | undefined;
  readonly onlink: boolean;
  readonly preferredSource: IpAddress | undefined;
  readonly metrics: readonly {
    readonly metric: number;
    readonly value: number | string;
  }[];
  readonly lockedMetrics: number;
  readonly routerPreference: number | undefined;
  readonly encapsulation: EncapsulationSpec | undefined;
  readonly realms: RealmsSpec | undefined;
  /** IPv6 only. */
  readonly expiresSeconds: number | undefined;
  readonly nextHops: readonly NextHopSpec[];
}

interface Prefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** RTA_FLOW: what the routing classifier sees, 0..65535 each. */
export interface RealmsSpec {
  readonly from: number;
  readonly to: number;
}

/** One next hop of several. */
export interface NextHopSpec {
  readonly gateway: IpAddress | undefined;
  readonly ifIndex: number | undefined;
  /** 1..256 */
  readonly weight: number;
  readonly onlink: boolean;
  readonly encapsulation: EncapsulationSpec | undefined;
  readonly realms: RealmsSpec | undefined;
}

/** How a new route stands to others with the same key. */
export type RouteMode = "add" | "prepend" | "append";

const MODE_FLAGS: Readonly<Record<RouteMode, number>> = {
  add: NETLINK_FLAG.create | NETLINK_FLAG.exclusive,
  prepend: NETLINK_FLAG.create,
  append: NETLINK_FLAG.create | NETLINK_FLAG.append,
};

/** Adds a request that the kernel acknowledges; false when the batch has no room. */
export function encodeNewRoute(
  batch: NetlinkBatch,
  sequence: number,
  spec: RouteSpec,
  mode: RouteMode,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack | MODE_FLAGS[mode];
  return encodeRoute(batch, ROUTE_MESSAGE.newRoute, flags, sequence, spec);
}

/** As {@linkcode encodeNewRoute}; only a route that is the same in all parts is removed. */
export function encodeDeleteRoute(
  batch: NetlinkBatch,
  sequence: number,
  spec: RouteSpec,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack;
  return encodeRoute(batch, ROUTE_MESSAGE.deleteRoute, flags, sequence, spec);
}

function encodeRoute(
  batch: NetlinkBatch,
  type: number,
  flags: number,
  sequence: number,
  spec: RouteSpec,
): boolean {
  batch.begin(type, flags, sequence);
  batch.u8(spec.family === 4 ? AF_INET : AF_INET6);
  batch.u8(spec.destination.prefixLength);
  batch.u8(spec.sourcePrefix?.prefixLength ?? 0);
  batch.u8(spec.tos);
  batch.u8(spec.table > 255 ? TABLE_IN_ATTRIBUTE : spec.table);
  batch.u8(spec.protocol);
  batch.u8(spec.scope);
  batch.u8(spec.type);
  batch.u32(spec.onlink ? ONLINK : 0);
  encodeAddress(batch, ATTRIBUTE.destination, nonZero(spec.destination));
  encodeAddress(batch, ATTRIBUTE.source, nonZero(spec.sourcePrefix));
  if (spec.table > 255) batch.attributeU32(ATTRIBUTE.table, spec.table);
  encodeAddress(batch, ATTRIBUTE.gateway, spec.gateway);
  if (spec.ifIndex !== undefined) {
    batch.attributeU32(ATTRIBUTE.outputInterface, spec.ifIndex);
  }
  if (spec.priority !== undefined) {
    batch.attributeU32(ATTRIBUTE.priority, spec.priority);
  }
  encodeAddress(batch, ATTRIBUTE.preferredSource, spec.preferredSource);
  if (spec.routerPreference !== undefined) {
    batch.attributeU8(ATTRIBUTE.routerPreference, spec.routerPreference);
  }
  if (spec.expiresSeconds !== undefined) {
    batch.attributeU32(ATTRIBUTE.expires, spec.expiresSeconds);
  }
  for (const [type, value] of ownAttributes(spec)) {
    batch.attributeBytes(type, value);
  }
  encodeMetrics(batch, spec);
  if (spec.nextHops.length > 0) {
    batch.attributeBytes(ATTRIBUTE.multipath, nextHopBytes(spec.nextHops));
  }
  return batch.end();
}

function nonZero(prefix: Prefix | undefined): IpAddress | undefined {
  return prefix === undefined || prefix.prefixLength === 0
    ? undefined
    : prefix.address;
}

function encodeAddress(
  batch: NetlinkBatch,
  type: number,
  address: IpAddress | undefined,
): void {
  if (address !== undefined) {
    batch.attributeBytes(type, ipAddressBytes(address));
  }
}

function encodeMetrics(
  batch: NetlinkBatch,
  { metrics, lockedMetrics }: RouteSpec,
): void {
  if (metrics.length === 0 && lockedMetrics === 0) return;
  const start = batch.beginNested(ATTRIBUTE.metrics);
  if (lockedMetrics !== 0) batch.attributeU32(METRIC_LOCK, lockedMetrics);
  for (const { metric, value } of metrics) {
    if (typeof value === "number") batch.attributeU32(metric, value);
    else batch.attributeText(metric, value);
  }
  batch.endNested(start);
}

/** What a route may have for itself, or for each of its next hops. */
function ownAttributes(
  { encapsulation, realms }: Pick<NextHopSpec, "encapsulation" | "realms">,
): readonly AttributeValue[] {
  const own = encapsulationAttributes(encapsulation);
  if (realms === undefined) return own;
  return [...own, [ATTRIBUTE.realms, u32Bytes(flowOf(realms))]];
}

/** Both realms as one number of 32 bits. */
export function flowOf({ from, to }: RealmsSpec): number {
  return from * 2 ** REALM_SHIFT + to;
}

/** `struct rtnexthop`, each followed by its gateway. */
function nextHopBytes(hops: readonly NextHopSpec[]): Uint8Array {
  const parts = hops.map(oneNextHop);
  const bytes = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function oneNextHop(
  hop: NextHopSpec,
): Uint8Array {
  const { gateway, ifIndex, weight, onlink } = hop;
  assert(weight >= 1 && weight <= 256, "A next hop's weight is 1..256");
  const attributes = attributeBytes([
    ...gateway === undefined
      ? []
      : [[ATTRIBUTE.gateway, ipAddressBytes(gateway)] as const],
    ...ownAttributes(hop),
  ]);
  const length = NEXT_HOP_HEADER_LENGTH + attributes.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, true);
  view.setUint8(2, onlink ? ONLINK : 0);
  view.setUint8(3, weight - 1);
  view.setInt32(4, ifIndex ?? 0, true);
  bytes.set(attributes, NEXT_HOP_HEADER_LENGTH);
  return bytes;
}

/** What a message tells of a route; enough to know it again. */
export interface RouteTold {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly priority: number;
  /** `address/length` */
  readonly destination: string;
  readonly table: number;
}

const attributes = new AttributeReader();

/** The route that a RTM_NEWROUTE or RTM_DELROUTE message is about; undefined for what is no route of IP. */
export function decodeRoute(reader: NetlinkReader): RouteTold | undefined {
  const { view, payloadStart: at } = reader;
  if (reader.payloadLength < HEADER_LENGTH) return undefined;
  const number = view.getUint8(at + HEADER.family);
  if (number !== AF_INET && number !== AF_INET6) return undefined;
  if ((view.getUint32(at + HEADER.flags, true) & CLONED) !== 0) {
    return undefined;
  }
  const family = number === AF_INET ? 4 : 6;
  const width = family === 4 ? 4 : 16;
  let table = view.getUint8(at + HEADER.table);
  let priority = 0;
  let destination: Uint8Array = new Uint8Array(width);
  attributes.reset(reader.bytes, view, at + HEADER_LENGTH, reader.payloadEnd);
  while (attributes.next()) {
    if (attributes.type === ATTRIBUTE.table) table = attributes.u32() ?? table;
    else if (attributes.type === ATTRIBUTE.priority) {
      priority = attributes.u32() ?? priority;
    } else if (attributes.type === ATTRIBUTE.destination) {
      destination = attributes.copy(width) ?? destination;
    }
  }
  if (attributes.problem !== undefined) return undefined;
  const length = view.getUint8(at + HEADER.destinationLength);
  return {
    family,
    protocol: view.getUint8(at + HEADER.protocol),
    priority,
    destination: `${ipAddressFromBytes(destination, 0, family)}/${length}`,
    table,
  };
}
