/**
 * What the kernel tells of changes to nftables: which table a message is about.
 *
 * Says:    linux/netfilter/nfnetlink.h (`struct nfgenmsg`), linux/netfilter/nf_tables.h: every message of a table, or
 *          of a chain, rule, set, element, object or flowtable in it names the table in its first attribute.
 * Checks:  lengths, the subsystem, and that there is a name. Not what happened to the table.
 * Errors:  returns undefined for what names no table; never throws on input.
 * @module
 */
import { AttributeReader, type NetlinkReader } from "./netlink.ts";

export const NETLINK_NETFILTER = 12;
/** NFNLGRP_NFTABLES: the multicast group of changes. */
export const NFTABLES_GROUP = 7;

const NFTABLES_SUBSYSTEM = 10;
/** NFT_MSG_NEWGEN: the end of a transaction; it is about no table. */
const NEW_GENERATION = 15;
/** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE and their like. */
const TABLE_NAME = 1;
const NFGENMSG_LENGTH = 4;

/** Families of tables, as nft(8) names them; the numbers are NFPROTO_*. */
const FAMILIES = {
  1: "inet",
  2: "ip",
  3: "arp",
  5: "netdev",
  7: "bridge",
  10: "ip6",
} as const;

export type TableFamily = (typeof FAMILIES)[keyof typeof FAMILIES];

/** A table, as commands of nft(8) name it: `inet hakeep`. */
export type TableTitle = `${TableFamily} ${string}`;

/** The table that the reader's present message is about. */
export function decodeTableChange(
  reader: NetlinkReader,
): TableTitle | undefined {
  const { type, bytes, view, payloadStart, payloadLength } = reader;
  if (
    type >>> 8 !== NFTABLES_SUBSYSTEM || (type & 0xff) === NEW_GENERATION ||
    payloadLength < NFGENMSG_LENGTH
  ) return undefined;
  const family = familyOf(view.getUint8(payloadStart));
  if (family === undefined) return undefined;
  const attributes = new AttributeReader();
  attributes.reset(
    bytes,
    view,
    payloadStart + NFGENMSG_LENGTH,
    reader.payloadEnd,
  );
  while (attributes.next()) {
    if (attributes.type === TABLE_NAME) {
      return `${family} ${attributes.text()}`;
    }
  }
  return undefined;
}

function familyOf(number: number): TableFamily | undefined {
  switch (number) {
    case 1:
    case 2:
    case 3:
    case 5:
    case 7:
    case 10:
      return FAMILIES[number];
    default:
      return undefined;
  }
}
