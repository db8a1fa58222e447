/** Requests carry what iproute2 sends for the same route, attribute by attribute. */
import { assertEquals } from "@std/assert";
import { assert } from "../assert.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { NetlinkBatch, NetlinkReader } from "./netlink.ts";
import { attributesOf, bytesOf, messageParts } from "./netlink_example.ts";
import {
  decodeRoute,
  encodeDeleteRoute,
  encodeNewRoute,
  type RouteSpec,
} from "./rtnetlink_route.ts";

const SPEC: RouteSpec = {
  family: 4,
  destination: { address: exampleIp("10.99.0.0"), prefixLength: 24 },
  sourcePrefix: undefined,
  type: 1,
  table: 254,
  protocol: 18,
  scope: 0,
  tos: 0,
  priority: undefined,
  gateway: undefined,
  ifIndex: undefined,
  onlink: false,
  preferredSource: undefined,
  metrics: [],
  lockedMetrics: 0,
  routerPreference: undefined,
  encapsulation: undefined,
  realms: undefined,
  expiresSeconds: undefined,
  nextHops: [],
};

/** With a gateway, source, metric, table and a locked MTU, over the interface of index 3. */
const FULL: RouteSpec = {
  ...SPEC,
  table: 300,
  priority: 77,
  gateway: exampleIp("10.0.0.2"),
  ifIndex: 3,
  preferredSource: exampleIp("10.0.0.1"),
  metrics: [{ metric: 2, value: 1400 }],
  lockedMetrics: 1 << 2,
};

/** `ip route prepend 10.99.0.0/24 via 10.0.0.2 dev d0 src 10.0.0.1 metric 77 table 300 mtu lock 1400 proto 18` */
const FULL_OF_IPROUTE2 = bytesOf(`
  60 00 00 00 18 00 05 04  ce 44 01 6b 00 00 00 00
  02 18 00 00 00 12 00 01  00 00 00 00 08 00 01 00
  0a 63 00 00 08 00 05 00  0a 00 00 02 08 00 07 00
  0a 00 00 01 08 00 06 00  4d 00 00 00 08 00 0f 00
  2c 01 00 00 08 00 04 00  03 00 00 00 14 00 08 00
  08 00 02 00 78 05 00 00  08 00 01 00 04 00 00 00`);

/** `ip route prepend 10.98.0.0/24 proto 18 nexthop via 10.0.0.2 dev d0 weight 2 nexthop via 10.0.0.3 dev d0 weight 5` */
const NEXT_HOPS_OF_IPROUTE2 = bytesOf(`
  48 00 00 00 18 00 05 04  ce 44 01 6b 00 00 00 00
  02 18 00 00 fe 12 00 01  00 00 00 00 08 00 01 00
  0a 62 00 00 24 00 09 00  10 00 00 01 03 00 00 00
  08 00 05 00 0a 00 00 02  10 00 00 04 03 00 00 00
  08 00 05 00 0a 00 00 03`);

function newRoute(spec: RouteSpec): Uint8Array {
  const batch = new NetlinkBatch(1024);
  assert(encodeNewRoute(batch, 7, spec, "prepend"), "there is room");
  return batch.copyOfOnly();
}

Deno.test("encodeNewRoute() asks as iproute2 does, with gateway, source, table, metric and a locked MTU", () => {
  const ours = messageParts(newRoute(FULL));
  const theirs = messageParts(FULL_OF_IPROUTE2);
  assertEquals(ours.header, theirs.header);
  const metrics = "8";
  assertEquals(
    ours.attributes.filter((one) => !one.startsWith(`${metrics}:`)),
    theirs.attributes.filter((one) => !one.startsWith(`${metrics}:`)),
  );
  const nested = (bytes: Uint8Array) => attributesOf(bytes.subarray(-16));
  assertEquals(nested(newRoute(FULL)), nested(FULL_OF_IPROUTE2));
});

Deno.test("encodeNewRoute() writes next hops as iproute2 does", () => {
  const hop = {
    ifIndex: 3,
    onlink: false,
    encapsulation: undefined,
    realms: undefined,
  };
  const ours = messageParts(newRoute({
    ...SPEC,
    destination: { address: exampleIp("10.98.0.0"), prefixLength: 24 },
    nextHops: [
      { ...hop, gateway: exampleIp("10.0.0.2"), weight: 2 },
      { ...hop, gateway: exampleIp("10.0.0.3"), weight: 5 },
    ],
  }));
  assertEquals(ours, messageParts(NEXT_HOPS_OF_IPROUTE2));
});

Deno.test("decodeRoute() tells what names a route, of requests too", () => {
  const reader = new NetlinkReader();
  for (const spec of [SPEC, FULL]) {
    const batch = new NetlinkBatch(1024);
    assert(encodeDeleteRoute(batch, 7, spec), "there is room");
    reader.reset(batch.bytes, batch.length);
    assert(reader.next(), "one message");
    assertEquals(decodeRoute(reader), {
      family: 4,
      protocol: 18,
      priority: spec.priority ?? 0,
      destination: "10.99.0.0/24",
      table: spec.table,
    });
  }
});

Deno.test("decodeRoute() takes no route from a message that is cut short", () => {
  const reader = new NetlinkReader();
  const bytes = newRoute(FULL);
  for (let length = 16; length < 28; length++) {
    const cut = bytes.slice(0, length);
    new DataView(cut.buffer).setUint32(0, length, true);
    reader.reset(cut, length);
    if (reader.next()) assertEquals(decodeRoute(reader), undefined);
  }
});

Deno.test("encodeNewRoute() leaves a batch without room as it was", () => {
  const batch = new NetlinkBatch(40);
  assertEquals(encodeNewRoute(batch, 7, FULL, "add"), false);
  assertEquals(batch.length, 0);
});
