import { assertEquals } from "@std/assert";
import { exampleIp } from "../vrrp/example_router.ts";
import { attributeBytes } from "./attribute_bytes.ts";
import { bytesOf } from "./netlink_example.ts";
import {
  encapsulationAttributes,
  type EncapsulationSpec,
} from "./rtnetlink_encapsulation.ts";

function encoded(spec: EncapsulationSpec): Uint8Array {
  return attributeBytes(encapsulationAttributes(spec));
}

const TUNNEL = {
  id: undefined,
  destination: undefined,
  source: undefined,
  hopLimit: undefined,
  trafficClass: undefined,
  flags: undefined,
};

Deno.test("a tunnel of IPv4 is written as iproute2 writes it", () => {
  assertEquals(
    encoded({
      ...TUNNEL,
      kind: "ip",
      id: 5,
      destination: exampleIp("10.0.0.8"),
      source: exampleIp("10.0.0.1"),
      hopLimit: 7,
      trafficClass: 8,
    }),
    // `encap ip id 5 dst 10.0.0.8 src 10.0.0.1 ttl 7 tos 8`
    bytesOf(`
      06 00 15 00 02 00 00 00
      30 00 16 80
      0c 00 01 00 00 00 00 00 00 00 00 05
      08 00 02 00 0a 00 00 08
      08 00 03 00 0a 00 00 01
      05 00 04 00 07 00 00 00
      05 00 05 00 08 00 00 00
    `),
  );
});

Deno.test("a tunnel's flags are in the host's order, as keepalived has them", () => {
  assertEquals(
    encoded({ ...TUNNEL, kind: "ip6", id: 1, flags: 0x0100 }),
    bytesOf(`
      06 00 15 00 04 00 00 00
      18 00 16 80
      0c 00 01 00 00 00 00 00 00 00 00 01
      06 00 06 00 00 01 00 00
    `),
  );
});

Deno.test("only the last label of a stack is its bottom", () => {
  assertEquals(
    encoded({ kind: "mpls", labels: [100, 0xfffff] }),
    bytesOf(`
      06 00 15 00 01 00 00 00
      10 00 16 80
      0c 00 01 00 00 06 40 00 ff ff f1 00
    `),
  );
});

Deno.test("a locator is eight octets", () => {
  assertEquals(
    encoded({ kind: "ila", locator: [1, 2, 0xabcd, 4] }),
    bytesOf(`
      06 00 15 00 03 00 00 00
      10 00 16 80
      0c 00 01 00 00 01 00 02 ab cd 00 04
    `),
  );
});

Deno.test("no tunnel is no attribute", () => {
  assertEquals(encapsulationAttributes(undefined), []);
});
