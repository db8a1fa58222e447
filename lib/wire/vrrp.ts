/**
 * VRRP advertisement codec, versions 2 and 3, IPv4 and IPv6.
 *
 * Says:    RFC 9568 §5.1–5.2 (v3), RFC 3768 §5 (v2), and keepalived where it differs: v2 over IPv6 has no
 *          authentication data; v3 over IPv4 sums a pseudo header unless told otherwise.
 * Units:   intervals as on the wire: centiseconds for v3 (1..4095), whole seconds for v2 (1..255).
 * Checks:  nothing; receive.ts judges a packet by these offsets.
 * Cost:    neither encoding nor summing allocates.
 * @module
 */
import { addWords, finishChecksum } from "../bytes/internet_checksum.ts";

export const IPPROTO_VRRP = 112;

/** Where the fields of an advert are, from the start of its VRRP message. */
export const VRRP_FIELD = {
  versionAndType: 0,
  vrid: 1,
  priority: 2,
  count: 3,
  /** v2. */
  authType: 4,
  /** v2: whole seconds. */
  intervalSeconds: 5,
  /** v3: four reserved bits, then twelve of centiseconds. */
  intervalCs: 4,
  checksum: 6,
  addresses: 8,
} as const;

/** The fixed part before the addresses. */
export const VRRP_HEADER_LENGTH = 8;
/** v2 over IPv4 ends with these, also without authentication. */
export const VRRP_AUTH_LENGTH = 8;
export const ADVERTISEMENT = 1;

/** Everything one advert says. */
export interface AdvertFields {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  /** 1..255. */
  readonly vrid: number;
  /** 0..255. */
  readonly priority: number;
  /** Virtual addresses one behind the other, 4 or 16 bytes each, at most 255. */
  readonly addresses: Uint8Array;
  /** v2 over IPv4: 0 none, 1 simple password. */
  readonly authType: number;
  /** v2 over IPv4: 8 bytes. */
  readonly authentication: Uint8Array;
  /** v2: seconds; v3: centiseconds. */
  readonly interval: number;
  /** v3 over IPv4: leave the pseudo header out of the sum (RFC 9568 §5.2.8). */
  readonly isSumWithoutPseudoHeader: boolean;
}

/** Bytes of the VRRP message of `count` addresses. */
export function advertLength(
  version: number,
  family: 4 | 6,
  count: number,
): number {
  if (family === 6) return VRRP_HEADER_LENGTH + 16 * count;
  return VRRP_HEADER_LENGTH + 4 * count +
    (version === 2 ? VRRP_AUTH_LENGTH : 0);
}

/** Writes an advert with its checksum; `source` and `destination` are 4 or 16 bytes. Returns its length. */
export function encodeAdvert(
  fields: AdvertFields,
  source: Uint8Array,
  destination: Uint8Array,
  into: Uint8Array,
  at: number,
): number {
  const { version, family, addresses } = fields;
  const count = addresses.length / (family === 4 ? 4 : 16);
  const length = advertLength(version, family, count);
  into[at + VRRP_FIELD.versionAndType] = (version << 4) | ADVERTISEMENT;
  into[at + VRRP_FIELD.vrid] = fields.vrid;
  into[at + VRRP_FIELD.priority] = fields.priority;
  into[at + VRRP_FIELD.count] = count;
  if (version === 2) {
    into[at + VRRP_FIELD.authType] = fields.authType;
    into[at + VRRP_FIELD.intervalSeconds] = fields.interval;
  } else {
    into[at + VRRP_FIELD.intervalCs] = fields.interval >> 8;
    into[at + VRRP_FIELD.intervalCs + 1] = fields.interval & 0xff;
  }
  into[at + VRRP_FIELD.checksum] = 0;
  into[at + VRRP_FIELD.checksum + 1] = 0;
  into.set(addresses, at + VRRP_FIELD.addresses);
  if (version === 2 && family === 4) {
    into.set(
      fields.authentication,
      at + VRRP_FIELD.addresses + addresses.length,
    );
  }
  const hasPseudoHeader = family === 6 ||
    (version === 3 && !fields.isSumWithoutPseudoHeader);
  const sum = addWords(
    hasPseudoHeader
      ? pseudoHeaderSum(source, 0, destination, 0, source.length, length)
      : 0,
    into,
    at,
    length,
  );
  const checksum = finishChecksum(sum);
  into[at + VRRP_FIELD.checksum] = checksum >> 8;
  into[at + VRRP_FIELD.checksum + 1] = checksum & 0xff;
  return length;
}

/** Writes the checksum of a message of `length` bytes over IPv6, whatever its last bytes are (RFC 9568 §5.2.8). */
export function writeIpv6Checksum(
  source: Uint8Array,
  destination: Uint8Array,
  into: Uint8Array,
  at: number,
  length: number,
): void {
  into[at + VRRP_FIELD.checksum] = 0;
  into[at + VRRP_FIELD.checksum + 1] = 0;
  const pseudo = pseudoHeaderSum(source, 0, destination, 0, 16, length);
  const checksum = finishChecksum(addWords(pseudo, into, at, length));
  into[at + VRRP_FIELD.checksum] = checksum >> 8;
  into[at + VRRP_FIELD.checksum + 1] = checksum & 0xff;
}

/** The pseudo header's part of a sum: addresses, protocol, length of the VRRP message (RFC 9568 §5.2.8). */
export function pseudoHeaderSum(
  source: Uint8Array,
  sourceAt: number,
  destination: Uint8Array,
  destinationAt: number,
  addressLength: number,
  messageLength: number,
): number {
  const addresses = addWords(
    addWords(0, source, sourceAt, addressLength),
    destination,
    destinationAt,
    addressLength,
  );
  return addresses + IPPROTO_VRRP + messageLength;
}
