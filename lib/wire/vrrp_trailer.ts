/**
 * The trailer that signs an advert (`auth_hmac`): 28 bytes behind the VRRP message, in versions 2 and 3 alike.
 *
 * Says:    draft-cassen-vrrp-auth-hmac-00 as keepalived 2.4.2 and later have it: HMAC-SHA256 cut to 128 bits, over a
 *          pseudo header with the source, the message with its checksum taken as zero, and the trailer. Neither IP
 *          header nor destination is covered, so one signature fits every copy of an advert.
 * Checks:  {@linkcode isSigned} the signature alone; what type, key and time must be is the caller's.
 * Cost:    signing and verifying allocate what is hashed.
 * @module
 */
import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";
import { VRRP_FIELD } from "./vrrp.ts";

export const TRAILER_LENGTH = 28;
/** The one extension type there is: HMAC-SHA256-128. */
export const TRAILER_HMAC_SHA256 = 1;

/** Where the fields are, from the start of the trailer. */
export const TRAILER_FIELD = {
  type: 0,
  keyId: 1,
  /** Two bytes of zero. */
  reserved: 2,
  /** UTC, the low 32 bits. */
  seconds: 4,
  /** Of a second, in 65536ths. */
  subseconds: 8,
  /** Tells adverts of one instant apart. */
  counter: 10,
  hmac: 12,
} as const;

const HMAC_LENGTH = 16;
const PSEUDO_HEADER_LENGTH = 20;

/** When an advert was signed: its sequence number, in two halves of 32 bits each. */
export interface TrailerStamp {
  /** UTC seconds modulo 2^32. */
  readonly seconds: number;
  /** 65536ths of a second in the upper half, the counter in the lower. */
  readonly fraction: number;
}

/** What a signature is made with. */
export interface TrailerKey {
  /** 1..255. */
  readonly id: number;
  /** 32..64 bytes. */
  readonly secret: Uint8Array;
}

/** Which message is signed: `length` bytes of VRRP message at `at`, the trailer behind them. */
export interface SignedMessage {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly length: number;
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
}

/** Writes the trailer behind the message. */
export function signMessage(
  message: SignedMessage,
  key: TrailerKey,
  stamp: TrailerStamp,
): void {
  const { bytes } = message;
  const at = message.at + message.length;
  bytes.fill(0, at, at + TRAILER_LENGTH);
  bytes[at + TRAILER_FIELD.type] = TRAILER_HMAC_SHA256;
  bytes[at + TRAILER_FIELD.keyId] = key.id;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(at + TRAILER_FIELD.seconds, stamp.seconds);
  view.setUint32(at + TRAILER_FIELD.subseconds, stamp.fraction);
  bytes.set(signature(message, key.secret), at + TRAILER_FIELD.hmac);
}

/** Whether the trailer's signature is that of a holder of `secret`; takes the same time wherever they differ. */
export function isSigned(message: SignedMessage, secret: Uint8Array): boolean {
  const at = message.at + message.length + TRAILER_FIELD.hmac;
  const expected = signature(message, secret);
  let difference = 0;
  for (let i = 0; i < HMAC_LENGTH; i++) {
    difference |= (expected[i] ?? 0) ^ (message.bytes[at + i] ?? 0);
  }
  return difference === 0;
}

/** The stamp of a trailer that begins at `at`. */
export function stampAt(bytes: Uint8Array, at: number): TrailerStamp {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    seconds: view.getUint32(at + TRAILER_FIELD.seconds),
    fraction: view.getUint32(at + TRAILER_FIELD.subseconds),
  };
}

function signature(message: SignedMessage, secret: Uint8Array): Uint8Array {
  const { bytes, at, length, source } = message;
  const covered = new Uint8Array(
    PSEUDO_HEADER_LENGTH + length + TRAILER_LENGTH,
  );
  covered[0] = source.length === 4 ? 4 : 6;
  covered[1] = (bytes[at + VRRP_FIELD.versionAndType] ?? 0) >> 4;
  covered[2] = bytes[at + VRRP_FIELD.vrid] ?? 0;
  covered.set(source, 4);
  covered.set(
    bytes.subarray(at, at + length + TRAILER_FIELD.hmac),
    PSEUDO_HEADER_LENGTH,
  );
  const checksum = PSEUDO_HEADER_LENGTH + VRRP_FIELD.checksum;
  covered.fill(0, checksum, checksum + 2);
  return hmac(sha256, secret, covered).subarray(0, HMAC_LENGTH);
}
