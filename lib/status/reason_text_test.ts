import { assertEquals } from "@std/assert";
import { exampleIp } from "../vrrp/example_router.ts";
import type { GateReason } from "../vrrp/router_io.ts";
import { reasonsText, reasonText } from "./reason_text.ts";

const ADDRESS = exampleIp("10.0.0.5");

for (
  const [reason, expected] of [
    [
      { kind: "startDelayed", remainingNs: 12.34e9 },
      "start delay, 12.3 s left",
    ],
    [
      { kind: "linkTaken", interface: "vrrp.51", pid: 77 },
      "link vrrp.51 belongs to another hakeep daemon (process 77)",
    ],
    [
      { kind: "linkTaken", interface: "vrrp.51", pid: undefined },
      "link vrrp.51 belongs to another hakeep daemon",
    ],
    [
      { kind: "interfaceMissing", interface: "eth0" },
      "interface eth0 does not exist",
    ],
    [{ kind: "interfaceDown", interface: "eth0" }, "interface eth0 is down"],
    [{ kind: "noCarrier", interface: "eth0" }, "interface eth0 has no carrier"],
    [
      { kind: "noMulticast", interface: "tun0" },
      "interface tun0 cannot multicast, and it has no unicast peers",
    ],
    [
      { kind: "noAddress", interface: "eth0", family: 4 },
      "eth0 has no IPv4 address",
    ],
    [
      { kind: "noAddress", interface: "eth0", family: 6 },
      "eth0 has no IPv6 link-local address",
    ],
    [
      { kind: "sourceAddressMissing", interface: "eth0", address: ADDRESS },
      "eth0 has no address 10.0.0.5",
    ],
    [
      { kind: "addressTentative", interface: "eth0", address: ADDRESS },
      "10.0.0.5 on eth0 is not usable yet (duplicate address detection)",
    ],
    [
      { kind: "socketFailed", detail: "Cannot open a raw socket" },
      "Cannot open a raw socket",
    ],
  ] satisfies [GateReason, string][]
) {
  Deno.test(`reasonText() of ${reason.kind} is "${expected}"`, () => {
    assertEquals(reasonText(reason), expected);
  });
}

Deno.test("reasonsText() puts all reasons into one line", () => {
  assertEquals(
    reasonsText([
      { kind: "interfaceDown", interface: "eth0" },
      { kind: "noAddress", interface: "eth1", family: 4 },
    ]),
    "interface eth0 is down; eth1 has no IPv4 address",
  );
  assertEquals(reasonsText([]), "");
});
