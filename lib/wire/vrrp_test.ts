import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { defined } from "../assert.ts";
import { ipAddressBytes, parseIpAddress } from "../addr/ip_address.ts";
import {
  type AdvertFields,
  advertLength,
  encodeAdvert,
  VRRP_FIELD,
} from "./vrrp.ts";

function bytesOf(text: string): Uint8Array {
  return ipAddressBytes(defined(parseIpAddress(text), text));
}

function encode(
  fields: AdvertFields,
  source: string,
  destination: string,
): number[] {
  const into = new Uint8Array(64);
  const length = encodeAdvert(
    fields,
    bytesOf(source),
    bytesOf(destination),
    into,
    0,
  );
  return [...into.subarray(0, length)];
}

const NO_PASSWORD = new Uint8Array(8);
const FIELDS: AdvertFields = {
  version: 2,
  family: 4,
  vrid: 51,
  priority: 100,
  addresses: bytesOf("192.0.2.100"),
  authType: 0,
  authentication: NO_PASSWORD,
  interval: 1,
  isSumWithoutPseudoHeader: false,
};

// deno-fmt-ignore
Deno.test("encodeAdvert() writes version 2 with eight bytes of no authentication", () => {
  assertEquals(encode(FIELDS, "192.0.2.1", "224.0.0.18"), [
    0x21,                   // version 2, advertisement
    51,                     // vrid
    100,                    // priority
    1,                      // one address
    0,                      // no authentication
    1,                      // every second
    0xb8, 0x65,             // checksum without pseudo header
    192, 0, 2, 100,
    0, 0, 0, 0, 0, 0, 0, 0, // authentication data, always there
  ]);
});

// deno-fmt-ignore
Deno.test("encodeAdvert() writes version 2 with a zero-padded password", () => {
  const fields: AdvertFields = {
    ...FIELDS,
    authType: 1,
    authentication: Uint8Array.of(0x31, 0x31, 0x31, 0x31, 0, 0, 0, 0),
  };
  assertEquals(encode(fields, "192.0.2.1", "224.0.0.18"), [
    0x21, 51, 100, 1,
    1,                      // simple text password
    1,
    0x55, 0x03,
    192, 0, 2, 100,
    0x31, 0x31, 0x31, 0x31, 0, 0, 0, 0,
  ]);
});

// deno-fmt-ignore
Deno.test("encodeAdvert() sums version 3 over IPv4 with the pseudo header", () => {
  const fields: AdvertFields = { ...FIELDS, version: 3, interval: 100 };
  assertEquals(encode(fields, "192.0.2.1", "224.0.0.18"), [
    0x31, 51, 100, 1,
    0x00, 0x64,             // 100 cs
    0x05, 0x72,
    192, 0, 2, 100,
  ]);
});

// deno-fmt-ignore
Deno.test("encodeAdvert() sums version 3 over IPv4 without the pseudo header when told so", () => {
  const fields: AdvertFields = {
    ...FIELDS, version: 3, interval: 100, isSumWithoutPseudoHeader: true,
  };
  assertEquals(encode(fields, "192.0.2.1", "224.0.0.18"), [
    0x31, 51, 100, 1,
    0x00, 0x64,
    0xa8, 0x02,
    192, 0, 2, 100,
  ]);
});

// deno-fmt-ignore
Deno.test("encodeAdvert() writes version 3 over IPv6", () => {
  const fields: AdvertFields = {
    ...FIELDS, version: 3, family: 6, interval: 100, addresses: bytesOf("fe80::64"),
    // Means nothing over IPv6.
    isSumWithoutPseudoHeader: true,
  };
  assertEquals(encode(fields, "fe80::1", "ff02::12"), [
    0x31, 51, 100, 1,
    0x00, 0x64,
    0x6d, 0x63,
    0xfe, 0x80, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0x64,
  ]);
});

Deno.test("encodeAdvert() spreads the largest v3 interval over twelve bits", () => {
  const fields: AdvertFields = { ...FIELDS, version: 3, interval: 4095 };
  const bytes = encode(fields, "192.0.2.1", "224.0.0.18");
  assertEquals(bytes.slice(4, 6), [0x0f, 0xff]);
});

Deno.test("encodeAdvert() writes version 2 over IPv6 without authentication data", () => {
  const fields: AdvertFields = {
    ...FIELDS,
    family: 6,
    addresses: bytesOf("fe80::64"),
  };
  assertEquals(encode(fields, "fe80::1", "ff02::12").length, 24);
});

Deno.test("advertLength() knows every version and family", () => {
  assertEquals(advertLength(2, 4, 0), 16);
  assertEquals(advertLength(2, 4, 255), 1036);
  assertEquals(advertLength(3, 4, 1), 12);
  assertEquals(advertLength(3, 6, 2), 40);
  assertEquals(advertLength(2, 6, 2), 40);
});

Deno.test("encodeAdvert() touches only the bytes it says it wrote", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<2 | 3>(2, 3),
      fc.constantFrom<4 | 6>(4, 6),
      fc.nat(255),
      fc.nat(16),
      (version, family, count, at) => {
        const size = family === 4 ? 4 : 16;
        const fields: AdvertFields = {
          ...FIELDS,
          version,
          family,
          addresses: new Uint8Array(size * count).fill(7),
        };
        const length = advertLength(version, family, count);
        const into = new Uint8Array(at + length + 8).fill(0xaa);
        const source = new Uint8Array(size).fill(1);
        const written = encodeAdvert(fields, source, source, into, at);
        assertEquals(written, length);
        assertEquals(into[at + VRRP_FIELD.count], count);
        const outside = [
          ...into.subarray(0, at),
          ...into.subarray(at + length),
        ];
        assertEquals(outside.every((byte) => byte === 0xaa), true);
      },
    ),
  );
});
