import { assert, assertEquals } from "@std/assert";
import { filterCommands } from "./accept_filter.ts";
import { exampleIp } from "./example_router.ts";

const OPTIONS = { table: "hakeep", priority: -1, hasCounters: false };

Deno.test("filterCommands() puts each address into the set of its kind, once", () => {
  const commands = filterCommands(OPTIONS, [
    { address: exampleIp("192.0.2.1"), interface: "eth0" },
    { address: exampleIp("192.0.2.1"), interface: "eth1" },
    { address: exampleIp("192.0.2.2"), interface: "eth0" },
    { address: exampleIp("2001:db8::1"), interface: "eth0" },
    { address: exampleIp("fe80::1"), interface: "eth0" },
    { address: exampleIp("fe80::1"), interface: "eth1" },
  ]).split("\n");
  assertEquals(commands.slice(0, 2), [
    "table inet hakeep",
    "delete table inet hakeep",
  ]);
  assertEquals(commands.filter((line) => line.startsWith("elements")), [
    "elements = { 192.0.2.1, 192.0.2.2 }",
    "elements = { 2001:db8::1 }",
    'elements = { fe80::1 . "eth0", fe80::1 . "eth1" }',
  ]);
  assert(commands.includes("ip daddr @vips4 drop"));
});

Deno.test("filterCommands() counts what it drops when asked, with the priority that is asked for", () => {
  const commands = filterCommands(
    { table: "vips", priority: 10, hasCounters: true },
    [],
  );
  assert(commands.includes("ip saddr @vips4 counter drop"));
  assert(commands.includes("hook output priority 10;"));
  assert(!commands.includes("elements"));
});
