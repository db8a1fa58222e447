/**
 * The authentication header of VRRPv2 over IPv4 (`auth_type AH`): written, and verified.
 *
 * Says:    RFC 2402 with HMAC-MD5-96 (RFC 2403), RFC 2338 §5.3.6.3, as keepalived has it: the SPI is the source address,
 *          the key is the password padded to 8 bytes, and the TTL is mutable for unicast only.
 * Checks:  {@linkcode isAuthentic} all that the header says; the sequence number is the caller's.
 * @module
 */
import { hmac } from "@noble/hashes/hmac";
import { md5 } from "@noble/hashes/legacy";
import { IPV4_FIELD, IPV4_HEADER_LENGTH } from "./ip_header.ts";
import { IPPROTO_VRRP } from "./vrrp.ts";

export const IPPROTO_AH = 51;
export const AH_LENGTH = 24;

/** Where the fields are, from the start of the header. */
const FIELD = {
  nextHeader: 0,
  length: 1,
  spi: 4,
  sequence: 8,
  icv: 12,
} as const;
const ICV_LENGTH = 12;
/** In words of four bytes, less two (RFC 2402 §2.2). */
const LENGTH_IN_WORDS = AH_LENGTH / 4 - 2;

/**
 * Completes a packet whose IPv4 header and VRRP message stand: writes the header between them. `sequence` is
 * 1..2^32-1.
 */
export function writeAuthentication(
  packet: Uint8Array,
  length: number,
  key: Uint8Array,
  sequence: number,
  isUnicast: boolean,
): void {
  packet[IPV4_FIELD.protocol] = IPPROTO_AH;
  const at = IPV4_HEADER_LENGTH;
  packet.fill(0, at, at + AH_LENGTH);
  packet[at + FIELD.nextHeader] = IPPROTO_VRRP;
  packet[at + FIELD.length] = LENGTH_IN_WORDS;
  packet.copyWithin(
    at + FIELD.spi,
    IPV4_FIELD.source,
    IPV4_FIELD.source + 4,
  );
  new DataView(packet.buffer, packet.byteOffset).setUint32(
    at + FIELD.sequence,
    sequence,
  );
  packet.set(
    integrityValue(packet, 0, at, length, key, isUnicast),
    at + FIELD.icv,
  );
}

/** Whether the packet's header is what a holder of `key` wrote; `at` is where it begins. */
export function isAuthentic(
  packet: Uint8Array,
  start: number,
  at: number,
  length: number,
  key: Uint8Array,
  isUnicast: boolean,
): boolean {
  if (length < at - start + AH_LENGTH) return false;
  if (
    packet[at + FIELD.nextHeader] !== IPPROTO_VRRP ||
    packet[at + FIELD.length] !== LENGTH_IN_WORDS
  ) return false;
  let difference = 0;
  for (let i = 0; i < 4; i++) {
    difference |= (packet[at + FIELD.spi + i] ?? 0) ^
      (packet[start + IPV4_FIELD.source + i] ?? 0);
  }
  const expected = integrityValue(packet, start, at, length, key, isUnicast);
  // The same time wherever the first difference is.
  for (let i = 0; i < ICV_LENGTH; i++) {
    difference |= (expected[i] ?? 0) ^ (packet[at + FIELD.icv + i] ?? 0);
  }
  return difference === 0;
}

/** The sequence number of a header that begins at `at`. */
export function sequenceOf(packet: Uint8Array, at: number): number {
  return new DataView(packet.buffer, packet.byteOffset).getUint32(
    at + FIELD.sequence,
  );
}

/** First 96 bits of the HMAC over the packet without what routers and the kernel may change. */
function integrityValue(
  packet: Uint8Array,
  start: number,
  at: number,
  length: number,
  key: Uint8Array,
  isUnicast: boolean,
): Uint8Array {
  const covered = packet.slice(start, start + length);
  covered[IPV4_FIELD.tos] = 0;
  covered.fill(0, IPV4_FIELD.fragment, IPV4_FIELD.fragment + 2);
  if (isUnicast) covered[IPV4_FIELD.ttl] = 0;
  covered.fill(0, IPV4_FIELD.checksum, IPV4_FIELD.checksum + 2);
  const icv = at - start + FIELD.icv;
  covered.fill(0, icv, icv + ICV_LENGTH);
  return hmac(md5, key, covered).subarray(0, ICV_LENGTH);
}
