/**
 * Unsolicited neighbour advertisement: the IPv6 twin of gratuitous ARP.
 *
 * Says:    RFC 4861 §4.4 and §7.2.6, RFC 9568 §8.2.2: to all nodes, override set, solicited clear.
 * Cost:    allocates nothing.
 * @module
 */
import { addWords, finishChecksum } from "../bytes/internet_checksum.ts";
import { encodeIpv6Header } from "./ip_header.ts";

/** Ethernet 14, IPv6 40, neighbour advertisement 24, target link-layer address option 8. */
export const NEIGHBOR_ADVERTISEMENT_LENGTH = 86;
const ETHERTYPE_IPV6 = 0x86dd;
const ICMPV6 = 58;
const ICMPV6_AT = 54;
const ICMPV6_LENGTH = 32;
const TYPE_NEIGHBOR_ADVERTISEMENT = 136;
const FLAG_ROUTER = 0x80;
const FLAG_OVERRIDE = 0x20;
const OPTION_TARGET_LINK_LAYER_ADDRESS = 2;
/** 33:33:00:00:00:01 and ff02::1. */
const ALL_NODES_MAC = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);
// deno-fmt-ignore
const ALL_NODES = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** Writes the Ethernet frame: `mac` is 6 bytes, `address` 16; `isRouter` when the host forwards. */
export function encodeNeighborAdvertisement(
  mac: Uint8Array,
  address: Uint8Array,
  isRouter: boolean,
  into: Uint8Array,
): void {
  into.set(ALL_NODES_MAC, 0);
  into.set(mac, 6);
  into[12] = ETHERTYPE_IPV6 >> 8;
  into[13] = ETHERTYPE_IPV6 & 0xff;
  encodeIpv6Header(address, ALL_NODES, 255, ICMPV6, 0, ICMPV6_LENGTH, into, 14);
  into.fill(0, ICMPV6_AT, ICMPV6_AT + 8);
  into[ICMPV6_AT] = TYPE_NEIGHBOR_ADVERTISEMENT;
  into[ICMPV6_AT + 4] = FLAG_OVERRIDE | (isRouter ? FLAG_ROUTER : 0);
  into.set(address, ICMPV6_AT + 8);
  into[ICMPV6_AT + 24] = OPTION_TARGET_LINK_LAYER_ADDRESS;
  into[ICMPV6_AT + 25] = 1;
  into.set(mac, ICMPV6_AT + 26);
  const pseudo = addWords(addWords(0, address, 0, 16), ALL_NODES, 0, 16) +
    ICMPV6 + ICMPV6_LENGTH;
  const checksum = finishChecksum(
    addWords(pseudo, into, ICMPV6_AT, ICMPV6_LENGTH),
  );
  into[ICMPV6_AT + 2] = checksum >> 8;
  into[ICMPV6_AT + 3] = checksum & 0xff;
}
