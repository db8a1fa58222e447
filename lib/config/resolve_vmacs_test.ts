import { assertEquals } from "@std/assert";
import { readToml } from "./toml/read.ts";
import { defined } from "../assert.ts";
import { resolveRouters } from "./resolve.ts";

function routersOf(...instances: readonly string[]) {
  const text = instances.map((lines, index) =>
    `[vrrp_instance.vi${index}]\ninterface = "eth0"\n${lines}\n`
  ).join("\n");
  const { config } = readToml({
    name: "a.toml",
    text,
    includedFrom: undefined,
  });
  return resolveRouters(defined(config, "a configuration"));
}

function linksOf(...instances: readonly string[]): (string | undefined)[] {
  return routersOf(...instances).map(({ virtualMac }) => virtualMac?.link);
}

const ONE = 'virtual_router_id = 1\nvirtual_ipaddress = ["192.0.2.1"]';
const ONE_IPV6 = 'virtual_router_id = 1\nvirtual_ipaddress = ["fe80::1"]';

Deno.test("a link is called after its vrid, and differently where that is taken", () => {
  assertEquals(
    linksOf(
      `use_vmac = true\n${ONE}`,
      `use_vmac = true\n${ONE_IPV6}`,
      `use_vmac = true\n${ONE_IPV6}`,
      `use_vmac = true\n${ONE}`,
      ONE,
    ),
    ["vrrp.1", "vrrp6.1", "vrrp1.1", "vrrp2.1", undefined],
  );
});

Deno.test("a name that an instance chose is nobody else's, and the first one's where two chose it", () => {
  assertEquals(
    linksOf(
      `use_vmac = true\n${ONE}`,
      `use_vmac = true\nvmac_name = "vrrp.1"\n${ONE}`,
      `use_vmac = true\nvmac_name = "vrrp.1"\n${ONE}`,
    ),
    ["vrrp1.1", "vrrp.1", "vrrp2.1"],
  );
});

Deno.test("an interface that an instance runs on is no name for a link", () => {
  assertEquals(
    linksOf(`use_vmac = true\nvmac_name = "eth0"\n${ONE}`),
    ["vrrp.1"],
  );
});

Deno.test("the hardware address is the standard's, or the one given, completed by the vrid", () => {
  const macs = routersOf(
    `use_vmac = true\n${ONE}`,
    `use_vmac = true\n${ONE_IPV6}`,
    `use_vmac = true\nvmac_addr = "02:00:00:00:07"\n${ONE}`,
    `use_vmac = true\nvmac_addr = "02:00:00:00:07:08"\n${ONE}`,
  ).map(({ virtualMac }) => virtualMac?.mac);
  assertEquals<readonly unknown[]>(macs, [
    "00:00:5e:00:01:01",
    "00:00:5e:00:02:01",
    "02:00:00:00:07:01",
    "02:00:00:00:07:08",
  ]);
});

Deno.test("addresses of the interface itself go to the link, those of others stay where they are", () => {
  const [router] = routersOf(
    'use_vmac = true\nvirtual_router_id = 1\nvirtual_ipaddress = ["192.0.2.1", ' +
      '{ address = "192.0.2.2", dev = "eth0" }, { address = "192.0.2.3", dev = "eth1" }]',
  );
  assertEquals(
    router?.virtualAddresses.map(({ interface: name }) => name),
    ["vrrp.1", "vrrp.1", "eth1"],
  );
});

Deno.test("with unicast peers adverts leave by the interface, whether vmac_xmit_base says so or not", () => {
  const [unicast, multicast] = routersOf(
    `use_vmac = true\nunicast_peer = ["192.0.2.9"]\n${ONE}`,
    `use_vmac = true\n${ONE}`,
  );
  assertEquals(unicast?.virtualMac?.advertsByParent, true);
  assertEquals(multicast?.virtualMac?.advertsByParent, false);
});
