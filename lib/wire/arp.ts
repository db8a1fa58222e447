/**
 * Gratuitous ARP: a broadcast request in which an address asks for itself.
 *
 * Says:    RFC 826, RFC 5227 §3, RFC 9568 §8.1.1; the target hardware address is all ones, as keepalived sends it.
 * Cost:    allocates nothing.
 * @module
 */

export const GRATUITOUS_ARP_LENGTH = 42;
const ETHERTYPE_ARP = 0x0806;
/** Ethernet, IPv4, address lengths 6 and 4, request. */
const REQUEST_HEADER = Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1);

/** Writes the Ethernet frame: `mac` is 6 bytes, `address` 4. */
export function encodeGratuitousArp(
  mac: Uint8Array,
  address: Uint8Array,
  into: Uint8Array,
): void {
  into.fill(0xff, 0, 6);
  into.set(mac, 6);
  into[12] = ETHERTYPE_ARP >> 8;
  into[13] = ETHERTYPE_ARP & 0xff;
  into.set(REQUEST_HEADER, 14);
  into.set(mac, 22);
  into.set(address, 28);
  into.fill(0xff, 32, 38);
  into.set(address, 38);
}
