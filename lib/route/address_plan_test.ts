import { assertEquals } from "@std/assert";
import { familyOf } from "../addr/ip_address.ts";
import { exampleAddress, exampleIp } from "../vrrp/example_router.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { isObserved, planAddresses } from "./address_plan.ts";
import { byPlace, type ObservedLink } from "./observed_link.ts";

/** A link that holds `texts` (address/prefix length). */
function link(index: number, name: string, ...texts: string[]): ObservedLink {
  return {
    index,
    name,
    flags: 0x41,
    mac: undefined,
    mtu: 1500,
    addresses: byPlace(texts.map((text) => {
      const [address = "", prefixLength] = text.split("/");
      return {
        address: exampleIp(address),
        family: familyOf(exampleIp(address)),
        prefixLength: Number(prefixLength),
        scope: 0,
        flags: 0,
      };
    })),
  };
}

const ONE = exampleAddress("192.0.2.100");
const TWO = exampleAddress("192.0.2.101", { interface: "eth1" });
const NONE_LEFT_ALONE = new Map<VirtualAddress, number>();

const CASES: readonly {
  readonly name: string;
  readonly links: readonly ObservedLink[];
  readonly isHeld: boolean;
  readonly leftAlone?: ReadonlyMap<VirtualAddress, number>;
  readonly plan: readonly (readonly [boolean, number, string])[];
}[] = [
  {
    name: "adds what is not there, where it belongs, in order",
    links: [link(7, "eth0"), link(3, "eth1")],
    isHeld: true,
    plan: [[true, 7, "192.0.2.100"], [true, 3, "192.0.2.101"]],
  },
  {
    name: "adds nothing that is there",
    links: [
      link(7, "eth0", "192.0.2.100/32"),
      link(3, "eth1", "192.0.2.101/32"),
    ],
    isHeld: true,
    plan: [],
  },
  {
    name: "removes what is there",
    links: [link(7, "eth0", "192.0.2.100/32"), link(3, "eth1")],
    isHeld: false,
    plan: [[false, 7, "192.0.2.100"]],
  },
  {
    name: "takes another prefix length, and another link, for another address",
    links: [
      link(7, "eth0", "192.0.2.100/24", "192.0.2.101/32"),
      link(3, "eth1"),
    ],
    isHeld: true,
    plan: [[true, 7, "192.0.2.100"], [true, 3, "192.0.2.101"]],
  },
  {
    name: "leaves out an address whose interface is missing",
    links: [link(3, "eth1")],
    isHeld: true,
    plan: [[true, 3, "192.0.2.101"]],
  },
  {
    name: "leaves alone what somebody took from that link",
    links: [link(7, "eth0"), link(3, "eth1")],
    isHeld: true,
    leftAlone: new Map([[ONE, 7]]),
    plan: [[true, 3, "192.0.2.101"]],
  },
  {
    name:
      "does not leave alone what was taken from an earlier link of the name",
    links: [link(7, "eth0"), link(3, "eth1")],
    isHeld: true,
    leftAlone: new Map([[ONE, 6]]),
    plan: [[true, 7, "192.0.2.100"], [true, 3, "192.0.2.101"]],
  },
  {
    name: "removes also what was taken and came back",
    links: [link(7, "eth0", "192.0.2.100/32"), link(3, "eth1")],
    isHeld: false,
    leftAlone: new Map([[ONE, 7]]),
    plan: [[false, 7, "192.0.2.100"]],
  },
];

for (const { name, links, isHeld, leftAlone, plan } of CASES) {
  Deno.test(`planAddresses() ${name}`, () => {
    const changes = planAddresses(
      [ONE, TWO],
      isHeld,
      leftAlone ?? NONE_LEFT_ALONE,
      (wanted) => links.find((one) => one.name === wanted),
    );
    assertEquals(
      changes.map(({ present, ifIndex, address }) => [
        present,
        ifIndex,
        address.address,
      ]),
      plan,
    );
  });
}

Deno.test("isObserved() knows an address with a far end by the far end's prefix length", () => {
  const address = exampleAddress("192.0.2.100", {
    peer: { address: exampleIp("198.51.100.1"), prefixLength: 30 },
  });
  assertEquals(isObserved(link(1, "eth0", "192.0.2.100/32"), address), false);
  assertEquals(isObserved(link(1, "eth0", "192.0.2.100/30"), address), true);
});
