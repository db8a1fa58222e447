import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ipAddressBytes, ipAddressFromBytes } from "../addr/ip_address.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { AddressInterner } from "./address_interner.ts";

Deno.test("AddressInterner.intern() says what ipAddressFromBytes() says, again and again", () => {
  const interner = new AddressInterner();
  for (const family of [4, 6] as const) {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 0, max: 4 }),
        (bytes, at) => {
          const address = ipAddressFromBytes(bytes, at, family);
          assertEquals(interner.intern(bytes, at, family), address);
          assertEquals(interner.intern(bytes.slice(), at, family), address);
        },
      ),
    );
  }
});

Deno.test("AddressInterner.intern() keeps addresses apart that share a hash", () => {
  const interner = new AddressInterner();
  // The same words in another order: the hash is their exclusive or.
  const texts = ["2001:db8::1:0", "1:0:2001:db8::", "2001:db8:1::"];
  for (let round = 0; round < 2; round++) {
    for (const text of texts) {
      const address = exampleIp(text);
      assertEquals(interner.intern(ipAddressBytes(address), 0, 6), address);
    }
  }
});

Deno.test("AddressInterner.intern() stays right when more senders come than it remembers", () => {
  const interner = new AddressInterner();
  for (let i = 0; i < 10_000; i++) {
    const four = Uint8Array.of(10, 0, i >> 8, i & 0xff);
    assertEquals(interner.intern(four, 0, 4), `10.0.${i >> 8}.${i & 0xff}`);
    const six = new Uint8Array(16);
    six.set([0xfe, 0x80]);
    six.set(four, 12);
    assertEquals(interner.intern(six, 0, 6), ipAddressFromBytes(six, 0, 6));
  }
});

Deno.test("AddressInterner.intern() does not hold on to the bytes it was shown", () => {
  const interner = new AddressInterner();
  // Both have one hash, so the second looks at what is kept of the first.
  const [one, other] = [
    exampleIp("2001:db8::1:0"),
    exampleIp("1:0:2001:db8::"),
  ];
  const bytes = ipAddressBytes(one);
  interner.intern(bytes, 0, 6);
  bytes.set(ipAddressBytes(other));
  assertEquals(interner.intern(bytes, 0, 6), other);
  assertEquals(interner.intern(ipAddressBytes(one), 0, 6), one);
});
