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
  return routersOf(...instances).map(({ ownLink }) => ownLink?.link.name);
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
  ).map(({ ownLink }) =>
    ownLink?.link.kind === "macvlan" ? ownLink.link.mac : undefined
  );
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
  assertEquals(unicast?.ownLink?.advertsByParent, true);
  assertEquals(multicast?.ownLink?.advertsByParent, false);
});

Deno.test("use_vmac_addr gives addresses of other interfaces and of the other family links, named as keepalived names them", () => {
  const placed = (lines: string, vip: string) => {
    const [router] = routersOf(
      `virtual_router_id = 51\nvirtual_ipaddress = ["${vip}"]\n${lines}`,
    );
    return {
      links: router?.addressLinks.map(({ name, parent, mac, group }) =>
        `${name}@${parent} ${mac} ${group ?? "-"}`
      ),
      on: router?.excludedAddresses.map(({ interface: name }) => name),
    };
  };
  const EXCLUDED = 'virtual_ipaddress_excluded = ["fd77::5", ' +
    '{ address = "fd78::5", dev = "eth1" }, ' +
    '{ address = "192.0.2.5", dev = "eth1" }, { address = "192.0.2.6", dev = "eth1" }]';
  assertEquals(placed(`use_vmac_addr = true\n${EXCLUDED}`, "192.0.2.1"), {
    links: [
      "vrrp.51@eth0 00:00:5e:00:02:33 -",
      "vrrp6.51@eth1 00:00:5e:00:02:33 -",
      "vrrp1.51@eth1 00:00:5e:00:01:33 -",
    ],
    on: ["vrrp.51", "vrrp6.51", "vrrp1.51", "vrrp1.51"],
  });
  assertEquals(
    placed(
      `use_vmac = true\nuse_vmac_addr = true\nvmac_group = 7\n${EXCLUDED}`,
      "fe80::1",
    ),
    {
      links: [
        "vrrp6.51@eth1 00:00:5e:00:02:33 7",
        "vrrp1.51@eth1 00:00:5e:00:01:33 7",
      ],
      on: ["vrrp.51", "vrrp6.51", "vrrp1.51", "vrrp1.51"],
    },
  );
  assertEquals(placed(EXCLUDED, "192.0.2.1"), {
    links: [],
    on: ["eth0", "eth1", "eth1", "eth1"],
  });
});

Deno.test("an address with use_vmac has a link wherever it is, unless it is on the instance's own", () => {
  const linksWith = (lines: string) => {
    const [router] = routersOf(
      `${lines}\nvirtual_router_id = 1\nvirtual_ipaddress = [{ address = "192.0.2.1", use_vmac = true }, "192.0.2.2"]`,
    );
    return router?.virtualAddresses.map(({ interface: name }) => name);
  };
  assertEquals(linksWith(""), ["vrrp.1", "eth0"]);
  assertEquals(linksWith("use_vmac = true"), ["vrrp.1", "vrrp.1"]);
});

Deno.test("an instance with use_ipvlan speaks from the ipvlan's address, and its addresses stay on the interface", () => {
  const [router] = routersOf(
    `use_ipvlan = true\nipvlan_addr = "192.0.2.9/24"\nipvlan_type = "private"\n${ONE}`,
  );
  assertEquals<unknown>(router?.ownLink, {
    link: {
      kind: "ipvlan",
      name: "vrrp.1",
      parent: "eth0",
      flag: "private",
      family: 4,
      address: {
        address: "192.0.2.9",
        prefixLength: 24,
        interface: "vrrp.1",
        label: undefined,
        scope: 0,
        broadcast: undefined,
        peer: undefined,
        noTrack: true,
        flags: 0,
        preferredSeconds: undefined,
      },
      group: undefined,
    },
    advertsByParent: false,
  });
  assertEquals<unknown>(router?.sourceAddress, "192.0.2.9");
  assertEquals(router?.virtualAddresses[0]?.interface, "eth0");
});
