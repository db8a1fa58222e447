import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  isSigned,
  type SignedMessage,
  signMessage,
  stampAt,
  TRAILER_LENGTH,
} from "./vrrp_trailer.ts";

const SECRET = Uint8Array.from({ length: 32 }, (_, i) => i);
// deno-fmt-ignore
const ADVERT = Uint8Array.of(
  0x31,               // version 3, advertisement
  0x33,               // vrid 51
  0x64,               // priority 100
  0x01,               // one address
  0x00, 0x64,         // a second
  0x05, 0x72,         // checksum with pseudo header
  0xc0, 0x00, 0x02, 0x64,
);
// deno-fmt-ignore
const TRAILER = Uint8Array.of(
  0x01,                   // HMAC-SHA256-128
  0x01,                   // key id
  0x00, 0x00,             // reserved
  0x68, 0x00, 0x00, 0x00, // seconds
  0x80, 0x00,             // half a second
  0x00, 0x00,             // counter
  0x2d, 0x14, 0xc7, 0xcd, 0x49, 0x78, 0x46, 0xb8,
  0x7c, 0x4b, 0xd7, 0xad, 0x4b, 0xc8, 0x31, 0xf7,
);
const STAMP = { seconds: 0x68000000, fraction: 0x80000000 };

function signed(
  advert = ADVERT,
  source = Uint8Array.of(192, 0, 2, 1),
): SignedMessage {
  const bytes = new Uint8Array(advert.length + TRAILER_LENGTH);
  bytes.set(advert);
  const message = { bytes, at: 0, length: advert.length, source };
  signMessage(message, { id: 1, secret: SECRET }, STAMP);
  return message;
}

Deno.test("signMessage() writes the trailer of keepalived 2.4.2 and later", () => {
  assertEquals(signed().bytes.subarray(ADVERT.length), TRAILER);
});

Deno.test("signMessage() does not cover the checksum, which the kernel may write later", () => {
  const advert = ADVERT.slice();
  advert.fill(0xff, 6, 8);
  assertEquals(signed(advert).bytes.subarray(ADVERT.length), TRAILER);
});

Deno.test("stampAt() reads what signMessage() wrote", () => {
  const { bytes, length } = signed();
  assertEquals(stampAt(bytes, length), STAMP);
});

Deno.test("isSigned() knows each bit of message and trailer, but for the checksum", () => {
  const message = signed();
  assertEquals(isSigned(message, SECRET), true);
  for (let bit = 0; bit < message.bytes.length * 8; bit++) {
    const bytes = message.bytes.slice();
    const byte = bit >> 3;
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (bit & 7));
    const isChecksum = byte === 6 || byte === 7;
    assertEquals(isSigned({ ...message, bytes }, SECRET), isChecksum, `${bit}`);
  }
});

Deno.test("isSigned() takes neither another secret nor another source", () => {
  const message = signed();
  assertEquals(isSigned(message, SECRET.map((byte) => byte ^ 1)), false);
  const source = Uint8Array.of(192, 0, 2, 2);
  assertEquals(isSigned({ ...message, source }, SECRET), false);
});

Deno.test("isSigned() takes what signMessage() wrote, wherever it stands", () => {
  fc.assert(fc.property(
    fc.uint8Array({ minLength: 8, maxLength: 80 }),
    fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    ),
    fc.uint8Array({ minLength: 32, maxLength: 64 }),
    fc.nat(40),
    fc.integer({ min: 1, max: 255 }),
    (advert, source, secret, at, id) => {
      const bytes = new Uint8Array(at + advert.length + TRAILER_LENGTH);
      bytes.set(advert, at);
      const message = { bytes, at, length: advert.length, source };
      signMessage(message, { id, secret }, STAMP);
      assertEquals(isSigned(message, secret), true);
    },
  ));
});
