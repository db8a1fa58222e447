import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  BFD_FIELD,
  BFD_PACKET_LENGTH,
  type BfdPacket,
  type BfdRejectReason,
  decodeBfd,
  encodeBfd,
} from "./packet.ts";

/** What keepalived 2.2.7 sent over IPv4 while its session was up. */
const CAPTURED = new Uint8Array([
  0x20, // version 1, no diagnostic
  0xc0, // Up, no flags
  0x05, // detect multiplier
  0x18, // length
  ...[0xef, 0xbe, 0xf9, 0x8d], // my discriminator
  ...[0x03, 0x76, 0x6b, 0x11], // your discriminator
  ...[0x00, 0x00, 0xea, 0x60], // desired min TX: 60 ms
  ...[0x00, 0x00, 0x9c, 0x40], // required min RX: 40 ms
  ...[0x00, 0x00, 0x00, 0x00], // no echo
]);

const MEANING: BfdPacket = {
  state: "up",
  diagnostic: 0,
  isPoll: false,
  isFinal: false,
  isDemand: false,
  multiplier: 5,
  myDiscriminator: 0xefbef98d,
  yourDiscriminator: 0x03766b11,
  desiredMinTxNs: 60e6,
  requiredMinRxNs: 40e6,
};

const INTERVAL_NS = fc.integer({ min: 0, max: 0xffff_ffff }).map((us) =>
  us * 1000
);

const PACKET: fc.Arbitrary<BfdPacket> = fc.record({
  state: fc.constantFrom("adminDown", "down", "init", "up"),
  diagnostic: fc.integer({ min: 0, max: 31 }),
  isPoll: fc.boolean(),
  isFinal: fc.boolean(),
  isDemand: fc.boolean(),
  multiplier: fc.integer({ min: 1, max: 255 }),
  myDiscriminator: fc.integer({ min: 1, max: 0xffff_ffff }),
  yourDiscriminator: fc.integer({ min: 1, max: 0xffff_ffff }),
  desiredMinTxNs: INTERVAL_NS,
  requiredMinRxNs: INTERVAL_NS,
});

function decodeAll(bytes: Uint8Array) {
  return decodeBfd(bytes, 0, bytes.length);
}

function changed(at: number, ...values: number[]): Uint8Array {
  const bytes = CAPTURED.slice();
  bytes.set(values, at);
  return bytes;
}

Deno.test("decodeBfd() reads a packet as keepalived sends it, and encodeBfd() writes the same", () => {
  assertEquals(decodeAll(CAPTURED), { kind: "packet", packet: MEANING });
  const bytes = new Uint8Array(BFD_PACKET_LENGTH).fill(0xff);
  encodeBfd(MEANING, bytes, 0);
  assertEquals(bytes, CAPTURED);
});

Deno.test("what encodeBfd() writes decodeBfd() reads, wherever it stands", () => {
  fc.assert(fc.property(PACKET, fc.nat(40), (packet, at) => {
    const bytes = new Uint8Array(BFD_PACKET_LENGTH + at);
    encodeBfd(packet, bytes, at);
    const expected = packet.isPoll && packet.isFinal
      ? { kind: "rejected", reason: "pollAndFinal" }
      : { kind: "packet", packet };
    assertEquals(
      decodeBfd(bytes, at, BFD_PACKET_LENGTH),
      expected,
    );
  }));
});

/** RFC 5880 §6.8.6, in its order. */
const REJECTED: readonly (readonly [BfdRejectReason, Uint8Array])[] = [
  ["tooShort", CAPTURED.subarray(0, 23)],
  ["wrongVersion", changed(BFD_FIELD.versionAndDiagnostic, 0x40)],
  ["wrongVersion", changed(BFD_FIELD.versionAndDiagnostic, 0x00)],
  ["wrongLength", changed(BFD_FIELD.length, 23)],
  ["wrongLength", changed(BFD_FIELD.length, 25)],
  ["zeroMultiplier", changed(BFD_FIELD.multiplier, 0)],
  ["multipoint", changed(BFD_FIELD.stateAndFlags, 0xc1)],
  ["zeroDiscriminator", changed(BFD_FIELD.myDiscriminator, 0, 0, 0, 0)],
  [
    "stateWithoutDiscriminator",
    changed(BFD_FIELD.yourDiscriminator, 0, 0, 0, 0),
  ],
  ["authentication", changed(BFD_FIELD.stateAndFlags, 0xc4)],
  ["pollAndFinal", changed(BFD_FIELD.stateAndFlags, 0xf0)],
];

for (const [reason, bytes] of REJECTED) {
  Deno.test(`decodeBfd() drops ${reason}: ${bytes.slice(0, 12)}`, () => {
    assertEquals(decodeAll(bytes), { kind: "rejected", reason });
  });
}

Deno.test("a packet without your discriminator may say Down or AdminDown, and no more", () => {
  for (
    const [flags, kind] of [[0x00, "packet"], [0x40, "packet"], [
      0x80,
      "rejected",
    ], [0xc0, "rejected"]] as const
  ) {
    const bytes = changed(BFD_FIELD.yourDiscriminator, 0, 0, 0, 0);
    bytes[BFD_FIELD.stateAndFlags] = flags;
    assertEquals(decodeAll(bytes).kind, kind);
  }
});

Deno.test("decodeBfd() takes any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      decodeAll(bytes);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("what stands behind the packet in its datagram does not matter", () => {
  assertEquals(decodeAll(new Uint8Array([...CAPTURED, 1, 2, 3])), {
    kind: "packet",
    packet: MEANING,
  });
});
