import { assert, assertEquals } from "@std/assert";
import {
  AH_LENGTH,
  isAuthentic,
  sequenceOf,
  writeAuthentication,
} from "./ah.ts";
import { encodeIpv4Header, IPV4_HEADER_LENGTH } from "./ip_header.ts";
import { encodeAdvert } from "./vrrp.ts";

const SOURCE = Uint8Array.of(192, 0, 2, 10);
const GROUP = Uint8Array.of(224, 0, 0, 18);
const KEY = new TextEncoder().encode("secret\0\0");
const LENGTH = IPV4_HEADER_LENGTH + AH_LENGTH + 20;

function authenticated(isUnicast = false): Uint8Array {
  const packet = new Uint8Array(LENGTH);
  const payload = AH_LENGTH + encodeAdvert(
    {
      version: 2,
      family: 4,
      vrid: 51,
      priority: 100,
      addresses: Uint8Array.of(192, 0, 2, 100),
      authType: 2,
      authentication: new Uint8Array(8),
      interval: 1,
      isSumWithoutPseudoHeader: false,
    },
    SOURCE,
    GROUP,
    packet,
    IPV4_HEADER_LENGTH + AH_LENGTH,
  );
  encodeIpv4Header(SOURCE, GROUP, 255, payload, packet);
  writeAuthentication(packet, LENGTH, KEY, 7, isUnicast);
  return packet;
}

function isTaken(packet: Uint8Array, key = KEY, isUnicast = false): boolean {
  return isAuthentic(packet, 0, IPV4_HEADER_LENGTH, LENGTH, key, isUnicast);
}

Deno.test("writeAuthentication() writes RFC 2402's header between IP and VRRP", () => {
  const packet = authenticated();
  assertEquals(packet[9], 51);
  assertEquals(
    Array.from(packet.subarray(20, 32)),
    [112, 4, 0, 0, 192, 0, 2, 10, 0, 0, 0, 7],
  );
  assertEquals(sequenceOf(packet, IPV4_HEADER_LENGTH), 7);
  assert(isTaken(packet));
});

Deno.test("isAuthentic() minds every byte but those that are changed on the way", () => {
  const mutable = new Set([1, 6, 7, 10, 11]);
  for (let i = 0; i < LENGTH; i++) {
    const packet = authenticated();
    packet[i] = (packet[i] ?? 0) ^ 0x10;
    // The next header and the SPI are covered twice, by the sum and by their own rules.
    assertEquals(isTaken(packet), mutable.has(i), `byte ${i}`);
  }
});

Deno.test("isAuthentic() lets the TTL change for unicast only", () => {
  for (const isUnicast of [false, true]) {
    const packet = authenticated(isUnicast);
    packet[8] = 254;
    assertEquals(isTaken(packet, KEY, isUnicast), isUnicast);
  }
});

Deno.test("isAuthentic() refuses another key, and a packet that ends too early", () => {
  const packet = authenticated();
  assert(!isTaken(packet, new TextEncoder().encode("Secret\0\0")));
  assert(!isAuthentic(packet, 0, IPV4_HEADER_LENGTH, 43, KEY, false));
});
