import { assertEquals } from "@std/assert";
import { resolveRouters } from "./resolve.ts";
import { readToml } from "./toml/read.ts";

function extra(globals: string, instance: string) {
  const { config } = readToml({
    name: "test.toml",
    includedFrom: undefined,
    text: `[global_defs]
${globals}
[vrrp_instance.A]
interface = "eth0"
virtual_router_id = 51
${instance}
virtual_ipaddress = [
  "192.0.2.1",
  { address = "192.0.2.2", dev = "eth1" },
  { address = "192.0.2.3", dev = "eth1" },
]`,
  });
  const arp = config && resolveRouters(config)[0]?.gratuitousArp;
  return [arp?.extraIntervalNs, arp?.extraInterfaces];
}

const VMAC = "use_vmac = true\nvmac_xmit_base = true\n";

Deno.test("garp_extra_if is for interfaces that have addresses and send no adverts", () => {
  const cases: readonly [string, string, unknown[]][] = [
    ["", "", [0, []]],
    // No link of a virtual MAC address there.
    ["vrrp_garp_extra_if = 30", "", [0, []]],
    ["", "garp_extra_if = 30\ngarp_extra_if_all = true", [30e9, ["eth1"]]],
    [
      "vrrp_garp_extra_if = 30\nvrrp_garp_extra_if_all = true",
      "",
      [30e9, ["eth1"]],
    ],
    // The instance's own setting says all there is to say.
    [
      "vrrp_garp_extra_if = 30\nvrrp_garp_extra_if_all = true",
      "garp_extra_if = 10",
      [0, []],
    ],
    [
      "vrrp_garp_extra_if = 30\nvrrp_garp_extra_if_all = true",
      "garp_extra_if = 0",
      [0, []],
    ],
    ["vrrp_garp_extra_if = 30", VMAC, [30e9, ["vrrp.51"]]],
    // Adverts leave by it.
    ["vrrp_garp_extra_if = 30", "use_vmac = true", [0, []]],
  ];
  for (const [globals, instance, expected] of cases) {
    assertEquals(extra(globals, instance), expected, `${globals} ${instance}`);
  }
});
