/** Requests carry what iproute2 sends for the same rule, attribute by attribute. */
import { assertEquals } from "@std/assert";
import { assert } from "../assert.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import { NetlinkBatch, NetlinkReader } from "./netlink.ts";
import { bytesOf, messageParts } from "./netlink_example.ts";
import {
  decodeRule,
  encodeDeleteRule,
  encodeNewRule,
  type RuleSpec,
} from "./rtnetlink_rule.ts";

const SPEC: RuleSpec = {
  family: 4,
  priority: 200,
  action: 1,
  table: 300,
  isInverted: false,
  from: { address: exampleIp("10.9.0.0"), prefixLength: 24 },
  to: { address: exampleIp("10.1.0.0"), prefixLength: 16 },
  tos: 0,
  firewallMark: 0x10,
  firewallMask: 0xff,
  inputInterface: "d0",
  outputInterface: undefined,
  suppressPrefixLength: undefined,
  suppressInterfaceGroup: undefined,
  tunnelId: undefined,
  userIds: { first: 5, last: 6 },
  isForVrf: false,
  ipProtocol: 6,
  sourcePorts: { first: 1, last: 10 },
  destinationPorts: undefined,
  gotoPriority: undefined,
  realms: undefined,
  protocol: 18,
};

/**
 * `ip rule add from 10.9.0.0/24 to 10.1.0.0/16 fwmark 0x10/0xff iif d0 table 300 preference 200 ipproto tcp
 * sport 1-10 protocol 18 uidrange 5-6`
 */
const OF_IPROUTE2 = bytesOf(`
  78 00 00 00 20 00 05 06  ce 44 01 6b 00 00 00 00
  02 10 18 00 00 00 00 01  00 00 00 00 08 00 02 00
  0a 09 00 00 08 00 01 00  0a 01 00 00 08 00 0a 00
  10 00 00 00 08 00 10 00  ff 00 00 00 07 00 03 00
  64 30 00 00 08 00 0f 00  2c 01 00 00 08 00 06 00
  c8 00 00 00 05 00 16 00  06 00 00 00 08 00 17 00
  01 00 0a 00 05 00 15 00  12 00 00 00 0c 00 14 00
  05 00 00 00 06 00 00 00`);

Deno.test("encodeNewRule() asks as iproute2 does", () => {
  const batch = new NetlinkBatch(1024);
  assert(encodeNewRule(batch, 7, SPEC), "there is room");
  assertEquals(messageParts(batch.copyOfOnly()), messageParts(OF_IPROUTE2));
});

Deno.test("decodeRule() tells what names a rule, of requests too", () => {
  const batch = new NetlinkBatch(1024);
  assert(encodeDeleteRule(batch, 7, SPEC), "there is room");
  const reader = new NetlinkReader();
  reader.reset(batch.bytes, batch.length);
  assert(reader.next(), "one message");
  assertEquals(decodeRule(reader), { family: 4, protocol: 18, priority: 200 });
});
