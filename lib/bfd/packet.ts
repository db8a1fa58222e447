/**
 * BFD Control packet codec, without an authentication section.
 *
 * Says:    RFC 5880 §4.1 (layout), §6.8.6 (what of it a receiver checks before it looks for the session).
 * Units:   intervals in microseconds on the wire (0..4294967295), nanoseconds in values.
 * Checks:  version, length, detect multiplier, M and A bits, discriminators against the state, P beside F. Not the hop
 *          limit and not the session. A diagnostic beyond those of the RFC is taken as it is.
 * Errors:  returns a {@linkcode BfdRejectReason}; never throws on input.
 * Cost:    decoding allocates one object, encoding nothing.
 * @module
 */

/** Where the fields are, from the start of the packet. */
export const BFD_FIELD = {
  versionAndDiagnostic: 0,
  stateAndFlags: 1,
  multiplier: 2,
  length: 3,
  myDiscriminator: 4,
  yourDiscriminator: 8,
  desiredMinTx: 12,
  requiredMinRx: 16,
  requiredMinEchoRx: 20,
} as const;

/** Bytes of a packet without authentication. */
export const BFD_PACKET_LENGTH = 24;

const VERSION = 1;
const NS_PER_US = 1000;
const FLAG = {
  poll: 0x20,
  final: 0x10,
  authentication: 0x04,
  demand: 0x02,
  multipoint: 0x01,
} as const;

/** States in the order of their numbers (RFC 5880 §4.1, `Sta`). */
const STATES = ["adminDown", "down", "init", "up"] as const;

/** State of a session, ours or the peer's. */
export type BfdState = (typeof STATES)[number];

/** Diagnostics of RFC 5880 §4.1 that we send. */
export const DIAGNOSTIC = {
  none: 0,
  timeExpired: 1,
  neighborDown: 3,
  administrativelyDown: 7,
} as const;

/** What one packet says. */
export interface BfdPacket {
  readonly state: BfdState;
  /** 0..31; see RFC 5880 §4.1. */
  readonly diagnostic: number;
  readonly isPoll: boolean;
  readonly isFinal: boolean;
  /** The sender asks us to be silent while both are Up. */
  readonly isDemand: boolean;
  /** 1..255. */
  readonly multiplier: number;
  /** 1..4294967295. */
  readonly myDiscriminator: number;
  /** 0 while the sender does not know it. */
  readonly yourDiscriminator: number;
  readonly desiredMinTxNs: number;
  /** 0: the sender wants no periodic packets. */
  readonly requiredMinRxNs: number;
}

/** Why a packet is dropped before any session sees it. */
export const BFD_REJECT_REASONS = [
  "tooShort",
  "wrongVersion",
  "wrongLength",
  "zeroMultiplier",
  "multipoint",
  "zeroDiscriminator",
  "authentication",
  "pollAndFinal",
  "stateWithoutDiscriminator",
  "unknownSession",
  "hopLimit",
] as const;

export type BfdRejectReason = (typeof BFD_REJECT_REASONS)[number];

export type DecodedBfd =
  | { readonly kind: "packet"; readonly packet: BfdPacket }
  | { readonly kind: "rejected"; readonly reason: BfdRejectReason };

/** Reads the `length` bytes of a datagram at `start`, and judges them as far as they go by themselves. */
export function decodeBfd(
  bytes: Uint8Array,
  start: number,
  length: number,
): DecodedBfd {
  if (length < BFD_PACKET_LENGTH) return rejected("tooShort");
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, length);
  const first = view.getUint8(BFD_FIELD.versionAndDiagnostic);
  const second = view.getUint8(BFD_FIELD.stateAndFlags);
  const says = view.getUint8(BFD_FIELD.length);
  const multiplier = view.getUint8(BFD_FIELD.multiplier);
  const myDiscriminator = view.getUint32(BFD_FIELD.myDiscriminator);
  const yourDiscriminator = view.getUint32(BFD_FIELD.yourDiscriminator);
  const state = STATES[second >> 6] ?? "down";
  if (first >> 5 !== VERSION) return rejected("wrongVersion");
  if (says < BFD_PACKET_LENGTH || says > length) return rejected("wrongLength");
  if (multiplier === 0) return rejected("zeroMultiplier");
  if ((second & FLAG.multipoint) !== 0) return rejected("multipoint");
  if (myDiscriminator === 0) return rejected("zeroDiscriminator");
  if (yourDiscriminator === 0 && state !== "down" && state !== "adminDown") {
    return rejected("stateWithoutDiscriminator");
  }
  // No session of ours authenticates.
  if ((second & FLAG.authentication) !== 0) return rejected("authentication");
  const isPoll = (second & FLAG.poll) !== 0;
  const isFinal = (second & FLAG.final) !== 0;
  if (isPoll && isFinal) return rejected("pollAndFinal");
  return {
    kind: "packet",
    packet: {
      state,
      diagnostic: first & 0x1f,
      isPoll,
      isFinal,
      isDemand: (second & FLAG.demand) !== 0,
      multiplier,
      myDiscriminator,
      yourDiscriminator,
      desiredMinTxNs: view.getUint32(BFD_FIELD.desiredMinTx) * NS_PER_US,
      requiredMinRxNs: view.getUint32(BFD_FIELD.requiredMinRx) * NS_PER_US,
    },
  };
}

/** Writes a packet at `at`; it takes {@linkcode BFD_PACKET_LENGTH} bytes. Echo is never offered. */
export function encodeBfd(
  packet: BfdPacket,
  into: Uint8Array,
  at: number,
): void {
  const view = new DataView(
    into.buffer,
    into.byteOffset + at,
    BFD_PACKET_LENGTH,
  );
  view.setUint8(
    BFD_FIELD.versionAndDiagnostic,
    (VERSION << 5) | packet.diagnostic,
  );
  view.setUint8(
    BFD_FIELD.stateAndFlags,
    (STATES.indexOf(packet.state) << 6) |
      (packet.isPoll ? FLAG.poll : 0) |
      (packet.isFinal ? FLAG.final : 0) |
      (packet.isDemand ? FLAG.demand : 0),
  );
  view.setUint8(BFD_FIELD.multiplier, packet.multiplier);
  view.setUint8(BFD_FIELD.length, BFD_PACKET_LENGTH);
  view.setUint32(BFD_FIELD.myDiscriminator, packet.myDiscriminator);
  view.setUint32(BFD_FIELD.yourDiscriminator, packet.yourDiscriminator);
  view.setUint32(BFD_FIELD.desiredMinTx, packet.desiredMinTxNs / NS_PER_US);
  view.setUint32(BFD_FIELD.requiredMinRx, packet.requiredMinRxNs / NS_PER_US);
  view.setUint32(BFD_FIELD.requiredMinEchoRx, 0);
}

function rejected(reason: BfdRejectReason): DecodedBfd {
  return { kind: "rejected", reason };
}
