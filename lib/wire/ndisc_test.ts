import { assertEquals } from "@std/assert";
import { addWords, isIntact } from "../bytes/internet_checksum.ts";
import {
  encodeNeighborAdvertisement,
  NEIGHBOR_ADVERTISEMENT_LENGTH,
} from "./ndisc.ts";

const MAC = Uint8Array.of(2, 0, 0, 0, 0, 9);
// deno-fmt-ignore
const ADDRESS = Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x64);

// deno-fmt-ignore
Deno.test("encodeNeighborAdvertisement() tells all nodes, override set, solicited clear", () => {
  const into = new Uint8Array(NEIGHBOR_ADVERTISEMENT_LENGTH).fill(0xaa);
  encodeNeighborAdvertisement(MAC, ADDRESS, false, into);
  assertEquals([...into.subarray(0, 56)], [
    0x33, 0x33, 0, 0, 0, 1,             // Ethernet destination: all nodes
    2, 0, 0, 0, 0, 9,                   // Ethernet source
    0x86, 0xdd,                         // IPv6
    0x60, 0, 0, 0,                      // version 6
    0, 32,                              // payload length
    58,                                 // ICMPv6
    255,                                // hop limit
    ...ADDRESS,                         // source: the address itself
    0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    136, 0,                             // neighbour advertisement
  ]);
  assertEquals([...into.subarray(58)], [
    0x20, 0, 0, 0,                      // override
    ...ADDRESS,                         // target
    2, 1,                               // target link-layer address, 8 bytes
    2, 0, 0, 0, 0, 9,
  ]);
});

Deno.test("encodeNeighborAdvertisement() sets the router flag for a host that forwards", () => {
  const into = new Uint8Array(NEIGHBOR_ADVERTISEMENT_LENGTH);
  encodeNeighborAdvertisement(MAC, ADDRESS, true, into);
  assertEquals(into[58], 0xa0);
});

Deno.test("encodeNeighborAdvertisement() sums the message with its pseudo header", () => {
  for (const isRouter of [false, true]) {
    const into = new Uint8Array(NEIGHBOR_ADVERTISEMENT_LENGTH).fill(0xaa);
    encodeNeighborAdvertisement(MAC, ADDRESS, isRouter, into);
    // Source, destination, length, next header, message (RFC 8200 §8.1).
    const sum = addWords(addWords(32 + 58, into, 22, 32), into, 54, 32);
    assertEquals(isIntact(sum), true);
  }
});
