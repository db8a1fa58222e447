import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  addWords,
  finishChecksum,
  foldSum,
  isIntact,
} from "./internet_checksum.ts";

Deno.test("addWords() sums the example of RFC 1071 §3", () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  const sum = addWords(0, bytes, 0, bytes.length);
  assertEquals(sum, 0x2ddf0);
  assertEquals(foldSum(sum), 0xddf2);
  assertEquals(finishChecksum(sum), 0x220d);
});

Deno.test("addWords() takes an odd last byte as the upper half of a word", () => {
  assertEquals(addWords(0, Uint8Array.of(0x12, 0x34, 0x56), 0, 3), 0x6834);
});

Deno.test("addWords() reads only what it is told to", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(8),
      (message, before) => {
        const framed = new Uint8Array(before + message.length + 3).fill(0xff);
        framed.set(message, before);
        assertEquals(
          addWords(0, framed, before, message.length),
          addWords(0, message, 0, message.length),
        );
      },
    ),
  );
});

Deno.test("a message with its checksum in place is intact, and no more after any one bit flips", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 4, maxLength: 64 }),
      fc.nat(),
      (random, flip) => {
        const bytes = Uint8Array.from(random);
        bytes[0] = 0;
        bytes[1] = 0;
        const checksum = finishChecksum(addWords(0, bytes, 0, bytes.length));
        bytes[0] = checksum >> 8;
        bytes[1] = checksum & 0xff;
        assertEquals(isIntact(addWords(0, bytes, 0, bytes.length)), true);
        const bit = flip % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assertEquals(isIntact(addWords(0, bytes, 0, bytes.length)), false);
      },
    ),
  );
});

Deno.test("foldSum() folds what the largest datagram can sum to", () => {
  assertEquals(foldSum(0), 0);
  assertEquals(foldSum(0xffff), 0xffff);
  assertEquals(foldSum(0x1ffff), 1);
  assertEquals(foldSum(0xffff * 0x8000), 0xffff);
});
