import {
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import { ipAddressBytes } from "../addr/ip_address.ts";
import { macAddressBytes, parseMacAddress } from "../addr/mac_address.ts";
import { defined } from "../assert.ts";
import { LINK_NOARP, type ObservedLink } from "../route/observed_link.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { encodeGratuitousArp, GRATUITOUS_ARP_LENGTH } from "../wire/arp.ts";
import {
  encodeNeighborAdvertisement,
  NEIGHBOR_ADVERTISEMENT_LENGTH,
} from "../wire/ndisc.ts";
import { Announcements } from "./announcements.ts";
import { MemoryWorld } from "./memory_world.ts";

const MAC = defined(parseMacAddress("02:00:00:00:00:01"), "a MAC address");
const OTHER_MAC = defined(
  parseMacAddress("02:00:00:00:00:02"),
  "a MAC address",
);
const LINK: ObservedLink = {
  index: 3,
  name: "eth0",
  flags: 0x41,
  mac: MAC,
  mtu: 1500,
  addresses: new Map(),
};
const FOUR = { address: exampleIp("192.0.2.100"), interface: "eth0" };
const SIX = { address: exampleIp("fe80::64"), interface: "eth0" };

Deno.test("Announcements.frame() is a gratuitous ARP for IPv4", () => {
  const announcements = new Announcements([FOUR]);
  const frame = announcements.frame(new MemoryWorld(), 0, () => LINK);
  const expected = new Uint8Array(GRATUITOUS_ARP_LENGTH);
  encodeGratuitousArp(
    macAddressBytes(MAC),
    ipAddressBytes(FOUR.address),
    expected,
  );
  assertEquals(frame?.bytes, expected);
});

Deno.test("Announcements.frame() is a neighbour advertisement for IPv6, with the router flag of a host that forwards", () => {
  const announcements = new Announcements([SIX]);
  const world = new MemoryWorld();
  for (const isRouter of [false, true, false]) {
    if (isRouter) world.ipv6Routers.add("eth0");
    else world.ipv6Routers.delete("eth0");
    const expected = new Uint8Array(NEIGHBOR_ADVERTISEMENT_LENGTH);
    encodeNeighborAdvertisement(
      macAddressBytes(MAC),
      ipAddressBytes(SIX.address),
      isRouter,
      expected,
    );
    assertEquals(announcements.frame(world, 0, () => LINK)?.bytes, expected);
  }
});

Deno.test("Announcements.frame() is written once, and anew when the link is another or has another hardware address", () => {
  const announcements = new Announcements([FOUR, SIX]);
  const world = new MemoryWorld();
  for (const index of [0, 1]) {
    const frameOn = (link: ObservedLink) =>
      defined(announcements.frame(world, index, () => link), "a frame");
    const first = frameOn(LINK);
    assertStrictEquals(frameOn({ ...LINK, flags: 0, mtu: 9000 }), first);
    const other = frameOn({ ...LINK, mac: OTHER_MAC });
    assertNotStrictEquals(other, first);
    assertEquals(other.bytes.slice(6, 12), macAddressBytes(OTHER_MAC));
    assertNotStrictEquals(
      frameOn({ ...LINK, index: 4, mac: OTHER_MAC }),
      other,
    );
  }
});

Deno.test("Announcements.frame() is missing where nobody could use it", () => {
  const announcements = new Announcements([FOUR]);
  const world = new MemoryWorld();
  const cases:
    readonly (readonly [string, number, ObservedLink | undefined])[] = [
      ["no such address", 1, LINK],
      ["no link", 0, undefined],
      ["no hardware address", 0, { ...LINK, mac: undefined }],
      ["no ARP", 0, { ...LINK, flags: LINK.flags | LINK_NOARP }],
    ];
  for (const [name, index, link] of cases) {
    assertEquals(
      announcements.frame(world, index, () => link),
      undefined,
      name,
    );
  }
  assertEquals(announcements.length, 1);
});
