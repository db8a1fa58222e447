/**
 * Links and addresses over rtnetlink: requests into a batch, messages into values.
 *
 * Says:    rtnetlink(7), linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h.
 * Units:   addresses as 4 or 16 bytes, hardware addresses as bytes, prefix lengths 0..32 or 0..128, lifetimes in
 *          seconds with 2^32-1 for ever.
 * Checks:  widths of what is read, and that required attributes are there. Not whether an address is sensible.
 * Errors:  what cannot be read is a value of kind `malformed`; nothing throws on input. An encoder returns false
 *          when the batch is full, and leaves it as it was.
 * Cost:    an encoder allocates only for a label; decoding allocates the value it returns.
 * @module
 */
import {
  AttributeReader,
  decodeDoneAnswer,
  decodeErrorAnswer,
  NETLINK_FLAG,
  NETLINK_TYPE,
  type NetlinkAnswer,
  type NetlinkBatch,
  type NetlinkReader,
} from "./netlink.ts";

/** NETLINK_ROUTE, for `socket(AF_NETLINK, …)`. */
export const NETLINK_ROUTE = 0;

/** RTNLGRP_*: what a socket may subscribe to. */
export const ROUTE_GROUP = {
  link: 1,
  ipv4Address: 5,
  ipv6Address: 9,
} as const;

/** RTM_*. */
const MESSAGE = {
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
};

const AF_UNSPEC = 0;
const AF_INET = 2;
const AF_INET6 = 10;

/** `struct ifinfomsg`. */
const LINK_HEADER = { family: 0, type: 2, index: 4, flags: 8, change: 12 };
const LINK_HEADER_LENGTH = 16;

/** IFLA_*. */
const LINK_ATTRIBUTE = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  wireless: 11,
  operState: 16,
  linkInfo: 18,
  group: 27,
  extMask: 29,
};
/** IFLA_INFO_KIND. */
const LINK_INFO_KIND = 1;
const LINK_INFO_DATA = 2;
const IPVLAN_MODE = 1;
/** IFLA_VRF_TABLE, if_link.h. */
const VRF_TABLE = 1;
/** RTEXT_FILTER_SKIP_STATS: counters make up most of a link dump, and nobody here reads them. */
const SKIP_STATISTICS = 1 << 3;

/** `struct ifaddrmsg`. */
const ADDRESS_HEADER = {
  family: 0,
  prefixLength: 1,
  flags: 2,
  scope: 3,
  index: 4,
};
const ADDRESS_HEADER_LENGTH = 8;

/** IFA_*. */
const ADDRESS_ATTRIBUTE = {
  address: 1,
  local: 2,
  label: 3,
  broadcast: 4,
  cacheInfo: 6,
  flags: 8,
  protocol: 11,
};

/** IFA_F_*, all 32 bits of them. */
export const ADDRESS_FLAG = {
  secondary: 0x01,
  noDad: 0x02,
  optimistic: 0x04,
  dadFailed: 0x08,
  /** The address of a mobile node's home (RFC 6275). */
  home: 0x10,
  deprecated: 0x20,
  tentative: 0x40,
  permanent: 0x80,
  /** The kernel makes temporary addresses beside it (RFC 8981). */
  manageTemporary: 0x100,
  noPrefixRoute: 0x200,
  /** The kernel joins the group that the address is. */
  autojoin: 0x400,
} as const;

/** A lifetime without end. */
export const LIFETIME_FOREVER = 0xffffffff;

/** What an address request says beyond adding or removing. */
export interface AddressSpec {
  readonly family: 4 | 6;
  readonly ifIndex: number;
  /** Our own address, 4 or 16 bytes. */
  readonly local: Uint8Array;
  /** Of `local`, or of `peer` where there is one. */
  readonly prefixLength: number;
  /** The far end of a point-to-point address. */
  readonly peer: Uint8Array | undefined;
  /** 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  /** IPv4 only. */
  readonly broadcast: Uint8Array | undefined;
  /** IPv4 only, at most 15 bytes. */
  readonly label: string | undefined;
  /** {@linkcode ADDRESS_FLAG} bits, such as `noDad` and `noPrefixRoute`. */
  readonly flags: number;
  /** Preferred lifetime in seconds: 0 deprecates the address from the start; undefined is for ever. */
  readonly preferredSeconds: number | undefined;
  /** IFA_PROTO 1..255, who added it; kernels before 5.18 ignore it. */
  readonly protocol: number | undefined;
}

/** What to do when the address is there already: fail with EEXIST, or take over its flags and lifetimes. */
export type WhenPresent = "fail" | "replace";

/** Adds a request that the kernel acknowledges; false when the batch has no room. */
export function encodeNewAddress(
  batch: NetlinkBatch,
  sequence: number,
  spec: AddressSpec,
  whenPresent: WhenPresent,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack | NETLINK_FLAG.create |
    (whenPresent === "fail" ? NETLINK_FLAG.exclusive : NETLINK_FLAG.replace);
  batch.begin(MESSAGE.newAddress, flags, sequence);
  encodeAddressHeader(batch, spec);
  encodeAddressPair(batch, spec);
  if (spec.broadcast !== undefined) {
    batch.attributeBytes(ADDRESS_ATTRIBUTE.broadcast, spec.broadcast);
  }
  if (spec.label !== undefined) {
    batch.attributeText(ADDRESS_ATTRIBUTE.label, spec.label);
  }
  if (spec.flags !== 0) {
    batch.attributeU32(ADDRESS_ATTRIBUTE.flags, spec.flags);
  }
  if (spec.preferredSeconds !== undefined) {
    batch.attributeU32x4(
      ADDRESS_ATTRIBUTE.cacheInfo,
      spec.preferredSeconds,
      LIFETIME_FOREVER,
      0,
      0,
    );
  }
  if (spec.protocol !== undefined) {
    batch.attributeU8(ADDRESS_ATTRIBUTE.protocol, spec.protocol);
  }
  return batch.end();
}

/**
 * Adds a request that the kernel acknowledges; false when the batch has no room.
 *
 * Only interface, address, peer and prefix length name the address: a label would have to match too, and the
 * operator may have changed it.
 */
export function encodeDeleteAddress(
  batch: NetlinkBatch,
  sequence: number,
  spec: AddressSpec,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack;
  batch.begin(MESSAGE.deleteAddress, flags, sequence);
  encodeAddressHeader(batch, spec);
  encodeAddressPair(batch, spec);
  return batch.end();
}

function encodeAddressHeader(batch: NetlinkBatch, spec: AddressSpec): void {
  batch.u8(spec.family === 4 ? AF_INET : AF_INET6);
  batch.u8(spec.prefixLength);
  batch.u8(spec.flags & 0xff);
  batch.u8(spec.scope);
  batch.u32(spec.ifIndex);
}

/** IFA_LOCAL is ours and IFA_ADDRESS the far end; without one both are ours (and IPv6 wants IFA_ADDRESS alone). */
function encodeAddressPair(batch: NetlinkBatch, spec: AddressSpec): void {
  if (spec.family === 4 || spec.peer !== undefined) {
    batch.attributeBytes(ADDRESS_ATTRIBUTE.local, spec.local);
  }
  batch.attributeBytes(ADDRESS_ATTRIBUTE.address, spec.peer ?? spec.local);
}

/** Asks for every link of the namespace; the answer ends with `done`. */
export function encodeLinkDump(batch: NetlinkBatch, sequence: number): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.dump;
  batch.begin(MESSAGE.getLink, flags, sequence);
  batch.u8(AF_UNSPEC);
  batch.u8(0);
  batch.u16(0);
  batch.u32(0);
  batch.u32(0);
  batch.u32(0);
  batch.attributeU32(LINK_ATTRIBUTE.extMask, SKIP_STATISTICS);
  return batch.end();
}

/** Asks for every address of a family; the answer ends with `done`. */
export function encodeAddressDump(
  batch: NetlinkBatch,
  sequence: number,
  family: 4 | 6,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.dump;
  batch.begin(MESSAGE.getAddress, flags, sequence);
  batch.u8(family === 4 ? AF_INET : AF_INET6);
  batch.u8(0);
  batch.u8(0);
  batch.u8(0);
  batch.u32(0);
  return batch.end();
}

/** A link as one message describes it; an attribute that was not there is undefined. */
export interface LinkMessage {
  readonly index: number;
  /** ARPHRD_*: 1 is Ethernet. */
  readonly hardwareType: number;
  /** IFF_* bits. */
  readonly flags: number;
  /** Which of `flags` changed; 0 in dumps and in wireless events. */
  readonly change: number;
  readonly name: string | undefined;
  /** Hardware address, 6 bytes for Ethernet. */
  readonly hardwareAddress: Uint8Array | undefined;
  readonly mtu: number | undefined;
  /** IF_OPER_*: 2 down, 5 dormant, 6 up. */
  readonly operState: number | undefined;
  /** `veth`, `macvlan`, `vrf`, …; undefined for hardware. */
  readonly linkKind: string | undefined;
  /** Index of the link below (IFLA_LINK), such as a macvlan's parent. */
  readonly parentIndex: number | undefined;
  /** IPVLAN_MODE_* of an ipvlan: 0 is L2. */
  readonly ipvlanMode: number | undefined;
  /** Number of a VRF's routing table. */
  readonly vrfTable: number | undefined;
  /** Number of its group. */
  readonly group: number | undefined;
  /** Index of the bridge, bond or VRF it belongs to. */
  readonly masterIndex: number | undefined;
  /** A wireless driver's event (IFLA_WIRELESS): tells nothing of the link itself. */
  readonly isWirelessEvent: boolean;
}

/** An address as one message describes it. */
export interface AddressMessage {
  readonly family: 4 | 6;
  readonly ifIndex: number;
  /** Our own address, 4 or 16 bytes. */
  readonly local: Uint8Array;
  /** Of `local`, or of `peer` where there is one. */
  readonly prefixLength: number;
  readonly peer: Uint8Array | undefined;
  readonly scope: number;
  /** {@linkcode ADDRESS_FLAG} bits. */
  readonly flags: number;
  readonly label: string | undefined;
  readonly broadcast: Uint8Array | undefined;
  /** Undefined where the kernel did not say. */
  readonly preferredSeconds: number | undefined;
  readonly validSeconds: number | undefined;
  /** IFA_PROTO, who added it; undefined on kernels before 5.18 and where nobody said. */
  readonly protocol: number | undefined;
}

export type RouteMessage =
  | { readonly kind: "link"; readonly link: LinkMessage }
  | { readonly kind: "linkGone"; readonly link: LinkMessage }
  | { readonly kind: "address"; readonly address: AddressMessage }
  | { readonly kind: "addressGone"; readonly address: AddressMessage }
  /** A request's answer; errno 0 is its acknowledgement. */
  | { readonly kind: "answer"; readonly answer: NetlinkAnswer }
  /** A dump ended; `isInterrupted` when it does not hold together and is to be repeated. */
  | {
    readonly kind: "done";
    readonly answer: NetlinkAnswer;
    readonly isInterrupted: boolean;
  }
  /** The kernel lost messages: take stock anew. */
  | { readonly kind: "overrun" }
  /** Something else, such as a bridge port's own RTM_DELLINK, which says nothing about the link. */
  | { readonly kind: "other"; readonly type: number }
  | { readonly kind: "malformed"; readonly problem: string };

const attributes = new AttributeReader();
const nested = new AttributeReader();
const ofKind = new AttributeReader();

/** Decodes the message the reader stands on. `reader.sequence` and `reader.portId` tell whose it is. */
export function decodeRouteMessage(reader: NetlinkReader): RouteMessage {
  switch (reader.type) {
    case NETLINK_TYPE.error: {
      const answer = decodeErrorAnswer(reader);
      return answer === undefined
        ? { kind: "malformed", problem: "an answer too short to be one" }
        : { kind: "answer", answer };
    }
    case NETLINK_TYPE.done:
      return {
        kind: "done",
        answer: decodeDoneAnswer(reader),
        isInterrupted: (reader.flags & NETLINK_FLAG.dumpInterrupted) !== 0,
      };
    case NETLINK_TYPE.overrun:
      return { kind: "overrun" };
    case MESSAGE.newLink:
      return decodeLink(reader, "link");
    case MESSAGE.deleteLink:
      return decodeLink(reader, "linkGone");
    case MESSAGE.newAddress:
      return decodeAddress(reader, "address");
    case MESSAGE.deleteAddress:
      return decodeAddress(reader, "addressGone");
    default:
      return { kind: "other", type: reader.type };
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function decodeLink(
  reader: NetlinkReader,
  kind: "link" | "linkGone",
): RouteMessage {
  const { view, payloadStart: at } = reader;
  if (reader.payloadLength < LINK_HEADER_LENGTH) {
    return { kind: "malformed", problem: "a link too short for its header" };
  }
  // AF_BRIDGE: a port joined or left. AF_INET6: settings of the family. Neither is about the link's being.
  if (view.getUint8(at + LINK_HEADER.family) !== AF_UNSPEC) {
    return { kind: "other", type: reader.type };
  }
  const link: Mutable<LinkMessage> = {
    index: view.getInt32(at + LINK_HEADER.index, true),
    hardwareType: view.getUint16(at + LINK_HEADER.type, true),
    flags: view.getUint32(at + LINK_HEADER.flags, true),
    change: view.getUint32(at + LINK_HEADER.change, true),
    name: undefined,
    hardwareAddress: undefined,
    mtu: undefined,
    operState: undefined,
    linkKind: undefined,
    parentIndex: undefined,
    ipvlanMode: undefined,
    vrfTable: undefined,
    group: undefined,
    masterIndex: undefined,
    isWirelessEvent: false,
  };
  const start = at + LINK_HEADER_LENGTH;
  attributes.reset(reader.bytes, view, start, reader.payloadEnd);
  while (attributes.next()) readLinkAttribute(link);
  return attributes.problem === undefined
    ? { kind, link }
    : { kind: "malformed", problem: `link: ${attributes.problem}` };
}

function readLinkAttribute(link: Mutable<LinkMessage>): void {
  switch (attributes.type) {
    case LINK_ATTRIBUTE.name:
      link.name = attributes.text();
      break;
    case LINK_ATTRIBUTE.address:
      link.hardwareAddress = attributes.copyAll();
      break;
    case LINK_ATTRIBUTE.mtu:
      link.mtu = attributes.u32();
      break;
    case LINK_ATTRIBUTE.operState:
      link.operState = attributes.u8();
      break;
    case LINK_ATTRIBUTE.linkInfo:
      readLinkInfo(link);
      break;
    case LINK_ATTRIBUTE.link:
      link.parentIndex = attributes.u32();
      break;
    case LINK_ATTRIBUTE.group:
      link.group = attributes.u32();
      break;
    case LINK_ATTRIBUTE.master:
      link.masterIndex = attributes.u32();
      break;
    case LINK_ATTRIBUTE.wireless:
      link.isWirelessEvent = true;
      break;
  }
}

/** The kernel writes the kind before what depends on it. */
function readLinkInfo(link: Mutable<LinkMessage>): void {
  nested.resetNested(attributes);
  while (nested.next()) {
    if (nested.type === LINK_INFO_KIND) link.linkKind = nested.text();
    else if (nested.type === LINK_INFO_DATA) readOfKind(link);
  }
}

function readOfKind(link: Mutable<LinkMessage>): void {
  const { linkKind } = link;
  if (linkKind !== "ipvlan" && linkKind !== "vrf") return;
  ofKind.resetNested(nested);
  while (ofKind.next()) {
    if (linkKind === "ipvlan" && ofKind.type === IPVLAN_MODE) {
      link.ipvlanMode = ofKind.u16();
    } else if (linkKind === "vrf" && ofKind.type === VRF_TABLE) {
      link.vrfTable = ofKind.u32();
    }
  }
}

/** What an address message's attributes say, before it is known which of the two addresses is ours. */
type AddressAttributes =
  & Mutable<
    Pick<
      AddressMessage,
      | "flags"
      | "label"
      | "broadcast"
      | "preferredSeconds"
      | "validSeconds"
      | "protocol"
    >
  >
  & { near: Uint8Array | undefined; far: Uint8Array | undefined };

function decodeAddress(
  reader: NetlinkReader,
  kind: "address" | "addressGone",
): RouteMessage {
  const { view, payloadStart: at } = reader;
  if (reader.payloadLength < ADDRESS_HEADER_LENGTH) {
    return {
      kind: "malformed",
      problem: "an address too short for its header",
    };
  }
  const family = toFamily(view.getUint8(at + ADDRESS_HEADER.family));
  if (family === undefined) return { kind: "other", type: reader.type };
  const said: AddressAttributes = {
    near: undefined,
    far: undefined,
    flags: view.getUint8(at + ADDRESS_HEADER.flags),
    label: undefined,
    broadcast: undefined,
    preferredSeconds: undefined,
    validSeconds: undefined,
    protocol: undefined,
  };
  const start = at + ADDRESS_HEADER_LENGTH;
  attributes.reset(reader.bytes, view, start, reader.payloadEnd);
  while (attributes.next()) readAddressAttribute(said, family);
  if (attributes.problem !== undefined) {
    return { kind: "malformed", problem: `address: ${attributes.problem}` };
  }
  const { near, far, ...rest } = said;
  const local = near ?? far;
  if (local === undefined) {
    return { kind: "malformed", problem: "an address message without address" };
  }
  return {
    kind,
    address: {
      family,
      ifIndex: view.getUint32(at + ADDRESS_HEADER.index, true),
      local,
      prefixLength: view.getUint8(at + ADDRESS_HEADER.prefixLength),
      peer: far === undefined || isEqual(local, far) ? undefined : far,
      scope: view.getUint8(at + ADDRESS_HEADER.scope),
      ...rest,
    },
  };
}

function readAddressAttribute(said: AddressAttributes, family: 4 | 6): void {
  const width = family === 4 ? 4 : 16;
  switch (attributes.type) {
    case ADDRESS_ATTRIBUTE.local:
      said.near = attributes.copy(width);
      break;
    case ADDRESS_ATTRIBUTE.address:
      said.far = attributes.copy(width);
      break;
    case ADDRESS_ATTRIBUTE.flags:
      said.flags = attributes.u32();
      break;
    case ADDRESS_ATTRIBUTE.label:
      said.label = attributes.text();
      break;
    case ADDRESS_ATTRIBUTE.broadcast:
      said.broadcast = attributes.copy(width);
      break;
    case ADDRESS_ATTRIBUTE.cacheInfo:
      said.preferredSeconds = attributes.u32At(0, 4);
      said.validSeconds = attributes.u32At(1, 4);
      break;
    case ADDRESS_ATTRIBUTE.protocol:
      said.protocol = attributes.u8();
      break;
  }
}

function toFamily(number: number): 4 | 6 | undefined {
  if (number === AF_INET) return 4;
  if (number === AF_INET6) return 6;
  return undefined;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
