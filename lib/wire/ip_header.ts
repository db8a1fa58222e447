/**
 * IP headers in front of adverts, as keepalived writes them and as a packet socket shows them.
 *
 * Says:    RFC 791 §3.1, RFC 8200 §3; TOS and traffic class 0xC0, no options, no DF, flow label 0.
 * Checks:  nothing.
 * Cost:    allocates nothing.
 * @module
 */
import { IPPROTO_VRRP } from "./vrrp.ts";

export const IPV4_HEADER_LENGTH = 20;
export const IPV6_HEADER_LENGTH = 40;

/** Where the fields of an IPv4 header are. */
export const IPV4_FIELD = {
  versionAndLength: 0,
  tos: 1,
  totalLength: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
} as const;

/** Internetwork control (RFC 791), as TOS and as traffic class. */
const INTERNETWORK_CONTROL = 0xc0;

/** Writes the IPv4 header of a VRRP message of `payloadLength` bytes; the kernel fills the checksum in. */
export function encodeIpv4Header(
  source: Uint8Array,
  destination: Uint8Array,
  ttl: number,
  payloadLength: number,
  into: Uint8Array,
): void {
  const totalLength = IPV4_HEADER_LENGTH + payloadLength;
  into.fill(0, 0, IPV4_HEADER_LENGTH);
  into[IPV4_FIELD.versionAndLength] = 0x45;
  into[IPV4_FIELD.tos] = INTERNETWORK_CONTROL;
  into[IPV4_FIELD.totalLength] = totalLength >> 8;
  into[IPV4_FIELD.totalLength + 1] = totalLength & 0xff;
  into[IPV4_FIELD.ttl] = ttl;
  into[IPV4_FIELD.protocol] = IPPROTO_VRRP;
  into.set(source, IPV4_FIELD.source);
  into.set(destination, IPV4_FIELD.destination);
}

/** Writes the identification, 1..65535, of a header that is there. */
export function setIpv4Identification(
  into: Uint8Array,
  identification: number,
): void {
  into[IPV4_FIELD.identification] = identification >> 8;
  into[IPV4_FIELD.identification + 1] = identification & 0xff;
}

/** Writes the IPv6 header of a message of `payloadLength` bytes and protocol `nextHeader`. */
export function encodeIpv6Header(
  source: Uint8Array,
  destination: Uint8Array,
  hopLimit: number,
  nextHeader: number,
  trafficClass: number,
  payloadLength: number,
  into: Uint8Array,
  at: number,
): void {
  into[at] = 0x60 | (trafficClass >> 4);
  into[at + 1] = (trafficClass & 0xf) << 4;
  into[at + 2] = 0;
  into[at + 3] = 0;
  into[at + 4] = payloadLength >> 8;
  into[at + 5] = payloadLength & 0xff;
  into[at + 6] = nextHeader;
  into[at + 7] = hopLimit;
  into.set(source, at + 8);
  into.set(destination, at + 24);
}

/** Writes the IPv6 header of a VRRP message. */
export function encodeVrrpIpv6Header(
  source: Uint8Array,
  destination: Uint8Array,
  hopLimit: number,
  payloadLength: number,
  into: Uint8Array,
): void {
  encodeIpv6Header(
    source,
    destination,
    hopLimit,
    IPPROTO_VRRP,
    INTERNETWORK_CONTROL,
    payloadLength,
    into,
    0,
  );
}
