import { assertEquals } from "@std/assert";
import {
  ADDRESS_TENTATIVE,
  type ObservedAddress,
} from "../route/observed_link.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import type { LinkFacts } from "../world/engine_world.ts";
import { LinkTable } from "./link_table.ts";

function facts(
  index: number,
  name: string,
  changes: Partial<LinkFacts> = {},
): LinkFacts {
  return { index, name, flags: 0x41, mac: undefined, mtu: 1500, ...changes };
}

function address(
  text: string,
  changes: Partial<ObservedAddress> = {},
): ObservedAddress {
  return {
    address: exampleIp(text),
    family: text.includes(":") ? 6 : 4,
    prefixLength: 24,
    scope: 0,
    flags: 0,
    ...changes,
  };
}

Deno.test("LinkTable.link() names those whom a message concerns", () => {
  const table = new LinkTable();
  assertEquals(table.link(facts(1, "eth0")), ["eth0"]);
  assertEquals(table.link(facts(1, "eth0")), []);
  assertEquals(table.link(facts(1, "eth0", { flags: 1 })), ["eth0"]);
  assertEquals(table.link(facts(1, "eth0", { flags: 1, mtu: 9000 })), ["eth0"]);
  assertEquals(table.link(facts(1, "lan0", { flags: 1, mtu: 9000 })), [
    "lan0",
    "eth0",
  ]);
  assertEquals(table.named("eth0"), undefined);
  assertEquals(table.named("lan0")?.index, 1);
});

Deno.test("LinkTable.link() keeps the addresses of a link that changes", () => {
  const table = new LinkTable();
  table.link(facts(1, "eth0"));
  table.address(1, address("192.0.2.1"));
  table.link(facts(1, "lan0", { flags: 0 }));
  assertEquals(table.named("lan0")?.addresses.size, 1);
});

Deno.test("LinkTable.address() and removeAddress() name the link only when something changed", () => {
  const table = new LinkTable();
  table.link(facts(1, "eth0"));
  const one = address("192.0.2.1");
  const steps: readonly [() => string | undefined, string | undefined][] = [
    [() => table.address(9, one), undefined],
    [() => table.address(1, one), "eth0"],
    [() => table.address(1, one), undefined],
    [() => table.address(1, { ...one, flags: ADDRESS_TENTATIVE }), "eth0"],
    [
      () => table.address(1, { ...one, flags: ADDRESS_TENTATIVE, scope: 253 }),
      "eth0",
    ],
    // The same address with another prefix length is another one.
    [() => table.address(1, { ...one, prefixLength: 32 }), "eth0"],
    [() => table.removeAddress(9, one), undefined],
    [() => table.removeAddress(1, address("192.0.2.2")), undefined],
    [() => table.removeAddress(1, one), "eth0"],
    [() => table.removeAddress(1, one), undefined],
  ];
  for (const [i, [step, name]] of steps.entries()) {
    assertEquals(step(), name, `step ${i}`);
  }
  assertEquals(
    table.at(1)?.addresses.values().map(({ prefixLength }) => prefixLength)
      .toArray(),
    [32],
  );
});

Deno.test("LinkTable keeps addresses in the kernel's order, also when one changes", () => {
  const table = new LinkTable();
  table.link(facts(1, "eth0"));
  for (const last of [1, 2, 3]) table.address(1, address(`192.0.2.${last}`));
  table.address(1, address("192.0.2.1", { flags: 1 }));
  assertEquals(
    table.named("eth0")?.addresses.values().map(({ address }) => address)
      .toArray(),
    ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(exampleIp),
  );
});

Deno.test("LinkTable.remove() forgets a link, but not another that has its name by now", () => {
  const table = new LinkTable();
  table.link(facts(1, "eth0"));
  table.link(facts(2, "eth0"));
  assertEquals(table.remove(1), "eth0");
  assertEquals(table.named("eth0")?.index, 2);
  assertEquals(table.remove(1), undefined);
  assertEquals(table.remove(2), "eth0");
  assertEquals(table.named("eth0"), undefined);
});

Deno.test("LinkTable ends right when messages of before an inventory come after it", () => {
  // Two links swapped their names while the inventory was taken: it has the end, and the messages tell the way.
  const table = new LinkTable();
  table.link(facts(1, "eth1"));
  table.link(facts(2, "eth0"));
  table.link(facts(1, "eth0"));
  table.link(facts(1, "tmp"));
  table.link(facts(2, "eth0"));
  table.link(facts(1, "eth1"));
  assertEquals(table.named("eth0")?.index, 2);
  assertEquals(table.named("eth1")?.index, 1);
  assertEquals(table.named("tmp"), undefined);
  assertEquals([...table.links()].length, 2);
});

Deno.test("LinkTable.clear() forgets everything", () => {
  const table = new LinkTable();
  table.link(facts(1, "eth0"));
  table.clear();
  assertEquals([table.named("eth0"), table.at(1)], [undefined, undefined]);
  assertEquals([...table.links()], []);
});
