/**
 * Requests that make, change and remove links of our own: macvlans and ipvlans.
 *
 * Says:    rtnetlink(7), linux/if_link.h.
 * Units:   indexes and groups are the kernel's.
 * Errors:  an encoder returns false when the batch is full, and leaves it as it was.
 * @module
 */
import { type MacAddress, macAddressBytes } from "../addr/mac_address.ts";
import { unreachable } from "../assert.ts";
import { NETLINK_FLAG, type NetlinkBatch } from "./netlink.ts";

/** RTM_*. */
const MESSAGE = { newLink: 16, deleteLink: 17 };
/** IFLA_*, IFLA_INFO_*, IFLA_MACVLAN_* and IFLA_IPVLAN_*. */
const ATTRIBUTE = {
  address: 1,
  name: 3,
  link: 5,
  master: 10,
  linkInfo: 18,
  group: 27,
};
const INFO = { kind: 1, data: 2 };
const MACVLAN_MODE = 1;
const IPVLAN = { mode: 1, flags: 2 };
/** MACVLAN_MODE_PRIVATE: links on the same parent do not hear each other. */
const PRIVATE = 1;
const IPVLAN_L2 = 0;
const IPVLAN_FLAGS = { bridge: 0, private: 1, vepa: 2 } as const;
const IFF_UP = 1;

/** What a link of ours is: a private macvlan or an ipvlan in L2 mode. */
export type LinkSpec =
  | {
    readonly kind: "macvlan";
    readonly name: string;
    readonly mac: MacAddress;
  }
  | {
    readonly kind: "ipvlan";
    readonly name: string;
    readonly flag: keyof typeof IPVLAN_FLAGS;
  };

/** Asks for a link that is not up yet. */
export function encodeNewLink(
  batch: NetlinkBatch,
  sequence: number,
  link: LinkSpec,
  parentIndex: number,
  group: number,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack | NETLINK_FLAG.create |
    NETLINK_FLAG.exclusive;
  batch.begin(MESSAGE.newLink, flags, sequence);
  encodeHeader(batch, 0, 0, 0);
  batch.attributeText(ATTRIBUTE.name, link.name);
  batch.attributeU32(ATTRIBUTE.link, parentIndex);
  batch.attributeU32(ATTRIBUTE.group, group);
  encodeKind(batch, link);
  return batch.end();
}

/** Asks that a link has the hardware address and mode it is to have, and this group and master (0: none). */
export function encodeChangeLink(
  batch: NetlinkBatch,
  sequence: number,
  index: number,
  link: LinkSpec,
  group: number,
  masterIndex: number,
): boolean {
  batch.begin(
    MESSAGE.newLink,
    NETLINK_FLAG.request | NETLINK_FLAG.ack,
    sequence,
  );
  encodeHeader(batch, index, 0, 0);
  batch.attributeU32(ATTRIBUTE.group, group);
  batch.attributeU32(ATTRIBUTE.master, masterIndex);
  encodeKind(batch, link);
  return batch.end();
}

/** Asks that a link is up. */
export function encodeLinkUp(
  batch: NetlinkBatch,
  sequence: number,
  index: number,
): boolean {
  batch.begin(
    MESSAGE.newLink,
    NETLINK_FLAG.request | NETLINK_FLAG.ack,
    sequence,
  );
  encodeHeader(batch, index, IFF_UP, IFF_UP);
  return batch.end();
}

/** Asks that a link is gone. */
export function encodeDeleteLink(
  batch: NetlinkBatch,
  sequence: number,
  index: number,
): boolean {
  batch.begin(
    MESSAGE.deleteLink,
    NETLINK_FLAG.request | NETLINK_FLAG.ack,
    sequence,
  );
  encodeHeader(batch, index, 0, 0);
  return batch.end();
}

/** `struct ifinfomsg`. */
function encodeHeader(
  batch: NetlinkBatch,
  index: number,
  flags: number,
  change: number,
): void {
  batch.u8(0);
  batch.u8(0);
  batch.u16(0);
  batch.u32(index);
  batch.u32(flags);
  batch.u32(change);
}

function encodeKind(batch: NetlinkBatch, link: LinkSpec): void {
  if (link.kind === "macvlan") {
    batch.attributeBytes(ATTRIBUTE.address, macAddressBytes(link.mac));
  }
  const info = batch.beginNested(ATTRIBUTE.linkInfo);
  batch.attributeText(INFO.kind, link.kind);
  const data = batch.beginNested(INFO.data);
  switch (link.kind) {
    case "macvlan":
      batch.attributeU32(MACVLAN_MODE, PRIVATE);
      break;
    case "ipvlan":
      batch.attributeU16(IPVLAN.mode, IPVLAN_L2);
      batch.attributeU16(IPVLAN.flags, IPVLAN_FLAGS[link.flag]);
      break;
    default:
      unreachable(link);
  }
  batch.endNested(data);
  batch.endNested(info);
}
