import { assertEquals } from "@std/assert";
import { defined } from "../assert.ts";
import { ipAddressBytes, parseIpAddress } from "../addr/ip_address.ts";
import {
  encodeIpv4Header,
  encodeVrrpIpv6Header,
  setIpv4Identification,
} from "./ip_header.ts";

function bytesOf(text: string): Uint8Array {
  return ipAddressBytes(defined(parseIpAddress(text), text));
}

// deno-fmt-ignore
Deno.test("encodeIpv4Header() leaves the checksum to the kernel and sets no DF", () => {
  const into = new Uint8Array(24).fill(0xaa);
  encodeIpv4Header(bytesOf("192.0.2.1"), bytesOf("224.0.0.18"), 255, 0x0114, into);
  setIpv4Identification(into, 0x0102);
  assertEquals([...into], [
    0x45,                   // version 4, five words
    0xc0,                   // internetwork control
    0x01, 0x28,             // total length: 20 more than the payload
    0x01, 0x02,             // identification
    0x00, 0x00,             // no flags, no fragment
    255,                    // TTL
    112,                    // VRRP
    0x00, 0x00,             // checksum: the kernel's
    192, 0, 2, 1,
    224, 0, 0, 18,
    0xaa, 0xaa, 0xaa, 0xaa, // untouched
  ]);
});

// deno-fmt-ignore
Deno.test("encodeVrrpIpv6Header() writes class 0xC0, flow label 0, next header VRRP", () => {
  const into = new Uint8Array(44).fill(0xaa);
  encodeVrrpIpv6Header(bytesOf("fe80::1"), bytesOf("ff02::12"), 255, 0x0118, into);
  assertEquals([...into], [
    0x6c, 0x00, 0x00, 0x00, // version 6, class 0xC0, flow label 0
    0x01, 0x18,             // payload length
    112,                    // VRRP
    255,                    // hop limit
    0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12,
    0xaa, 0xaa, 0xaa, 0xaa, // untouched
  ]);
});
