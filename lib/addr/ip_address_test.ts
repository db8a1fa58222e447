import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  compareIpAddresses,
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  isInPrefix,
  isLinkLocal,
  isMulticast,
  parseIpAddress,
} from "./ip_address.ts";

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

Deno.test("parseIpAddress() writes every form canonically", () => {
  const cases: [string, string][] = [
    ["10.0.0.1", "10.0.0.1"],
    ["0.0.0.0", "0.0.0.0"],
    ["::", "::"],
    ["::1", "::1"],
    ["1::", "1::"],
    ["FE80::0:1", "fe80::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ];
  for (const [text, canonical] of cases) {
    assertEquals(parseIpAddress(text), canonical, text);
  }
});

Deno.test("parseIpAddress() refuses what inet_pton refuses", () => {
  const texts = [
    "",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.4 ",
    "a.b.c.d",
    ":",
    ":::",
    "1::2::3",
    "12345::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "fe80::1%eth0",
    "::1.2.3",
    "1.2.3.4::",
    "::1:",
    "g::",
  ];
  for (const text of texts) assertEquals(parseIpAddress(text), undefined, text);
});

Deno.test("ipAddressFromBytes() and ipAddressBytes() are inverse", () => {
  for (const [family, length] of [[4, 4], [6, 16]] as const) {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: length, maxLength: length }),
        (bytes) => {
          const address = ipAddressFromBytes(bytes, 0, family);
          assertEquals(ipAddressBytes(address), new Uint8Array(bytes));
          assertEquals(parseIpAddress(address), address);
          assertEquals(familyOf(address), family);
        },
      ),
    );
  }
});

Deno.test("compareIpAddresses() goes by value, not by text", () => {
  assertEquals(compareIpAddresses(ip("10.0.0.9"), ip("10.0.0.10")) < 0, true);
  assertEquals(compareIpAddresses(ip("fe80::b"), ip("fe80::1:0")) < 0, true);
  assertEquals(compareIpAddresses(ip("1.1.1.1"), ip("1.1.1.1")), 0);
});

Deno.test("isInPrefix() compares the prefix's bits only", () => {
  assertEquals(isInPrefix(ip("10.0.1.255"), ip("10.0.0.1"), 23), true);
  assertEquals(isInPrefix(ip("10.0.2.0"), ip("10.0.0.1"), 23), false);
  assertEquals(isInPrefix(ip("10.0.2.0"), ip("99.0.0.1"), 0), true);
  assertEquals(isInPrefix(ip("fe80::1"), ip("10.0.0.1"), 0), false);
});

Deno.test("isMulticast() and isLinkLocal() know their blocks", () => {
  assertEquals(
    [ip("224.0.0.18"), ip("239.1.1.1"), ip("ff02::12")].map(isMulticast),
    [true, true, true],
  );
  assertEquals(
    [
      ip("223.255.255.255"),
      ip("240.0.0.1"),
      ip("22.40.0.1"),
      ip("fe80::1"),
      ip("ff::1"),
      ip("ff1::1"),
    ].map(isMulticast),
    [false, false, false, false, false, false],
  );
  assertEquals(
    [ip("169.254.1.1"), ip("fe80::1"), ip("febf::1")].map(isLinkLocal),
    [true, true, true],
  );
  assertEquals(
    [ip("169.253.1.1"), ip("169.25.4.1"), ip("fec0::1"), ip("fe8::1")]
      .map(isLinkLocal),
    [false, false, false, false],
  );
});
