import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { defined } from "../assert.ts";
import {
  macAddressBytes,
  macAddressFromBytes,
  parseMacAddress,
  virtualRouterMac,
} from "./mac_address.ts";

Deno.test("parseMacAddress() takes six hexadecimal octets in either case and nothing else", () => {
  assertEquals(parseMacAddress("00:00:5E:00:01:33"), "00:00:5e:00:01:33");
  for (
    const text of [
      "",
      "00:00:5e:00:01",
      "00:00:5e:00:01:33:44",
      "00-00-5e-00-01-33",
      "0:0:5e:0:1:33",
      "00:00:5e:00:01:3g",
    ]
  ) assertEquals(parseMacAddress(text), undefined, text);
});

Deno.test("macAddressBytes() and macAddressFromBytes() are inverse", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
      const mac = macAddressFromBytes(bytes, 0);
      assertEquals(macAddressBytes(mac), new Uint8Array(bytes));
      assertEquals(parseMacAddress(mac), mac);
    }),
  );
});

Deno.test("macAddressFromBytes() reads where it is told", () => {
  const bytes = Uint8Array.of(9, 9, 0xde, 0xad, 0xbe, 0xef, 0, 1, 9);
  assertEquals(macAddressFromBytes(bytes, 2), "de:ad:be:ef:00:01");
});

Deno.test("virtualRouterMac() is the one of RFC 9568 §7.3", () => {
  assertEquals(virtualRouterMac(4, 51), "00:00:5e:00:01:33");
  assertEquals(virtualRouterMac(6, 255), "00:00:5e:00:02:ff");
  const mac = defined(parseMacAddress("00:00:5e:00:01:33"), "the address");
  assertEquals(virtualRouterMac(4, 51), mac);
});
