/**
 * Requests that make, change and remove links: macvlans of our own.
 *
 * Says:    rtnetlink(7), linux/if_link.h.
 * Units:   hardware addresses as 6 bytes, names of at most 15.
 * Errors:  an encoder returns false when the batch is full, and leaves it as it was.
 * @module
 */
import { NETLINK_FLAG, type NetlinkBatch } from "./netlink.ts";

/** RTM_*. */
const MESSAGE = { newLink: 16, deleteLink: 17 };
/** IFLA_*, IFLA_INFO_* and IFLA_MACVLAN_*. */
const ATTRIBUTE = { address: 1, name: 3, link: 5, linkInfo: 18 };
const INFO = { kind: 1, data: 2 };
const MACVLAN_MODE = 1;
/** MACVLAN_MODE_PRIVATE: links on the same parent do not hear each other. */
const PRIVATE = 1;
const IFF_UP = 1;

/** Asks for a macvlan that is not up yet. */
export function encodeNewMacvlan(
  batch: NetlinkBatch,
  sequence: number,
  name: string,
  mac: Uint8Array,
  parentIndex: number,
): boolean {
  const flags = NETLINK_FLAG.request | NETLINK_FLAG.ack | NETLINK_FLAG.create |
    NETLINK_FLAG.exclusive;
  batch.begin(MESSAGE.newLink, flags, sequence);
  encodeHeader(batch, 0, 0, 0);
  batch.attributeText(ATTRIBUTE.name, name);
  batch.attributeU32(ATTRIBUTE.link, parentIndex);
  batch.attributeBytes(ATTRIBUTE.address, mac);
  encodeMacvlanInfo(batch);
  return batch.end();
}

/** Asks that a macvlan has this hardware address and is private. */
export function encodeChangeMacvlan(
  batch: NetlinkBatch,
  sequence: number,
  index: number,
  mac: Uint8Array,
): boolean {
  batch.begin(
    MESSAGE.newLink,
    NETLINK_FLAG.request | NETLINK_FLAG.ack,
    sequence,
  );
  encodeHeader(batch, index, 0, 0);
  batch.attributeBytes(ATTRIBUTE.address, mac);
  encodeMacvlanInfo(batch);
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

function encodeMacvlanInfo(batch: NetlinkBatch): void {
  const info = batch.beginNested(ATTRIBUTE.linkInfo);
  batch.attributeText(INFO.kind, "macvlan");
  const data = batch.beginNested(INFO.data);
  batch.attributeU32(MACVLAN_MODE, PRIVATE);
  batch.endNested(data);
  batch.endNested(info);
}
