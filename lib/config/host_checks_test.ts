import { assertEquals } from "@std/assert";
import { defined } from "../assert.ts";
import { checkConfig } from "./checks.ts";
import { withoutExcused } from "./host_checks.ts";
import type { HostInterfaces } from "./host_facts.ts";
import { readToml } from "./toml/read.ts";

const TEXT = `
[global_defs]
vrrp_strict = true
[vrrp_instance.a]
interface = "eth0"
virtual_router_id = 1
unicast_peer = ["192.0.2.2"]
virtual_ipaddress = ["192.0.2.1"]
`;

function codes(interfaces: HostInterfaces): readonly string[] {
  const { config } = readToml({
    name: "t",
    text: TEXT,
    includedFrom: undefined,
  });
  const read = defined(config, "a configuration");
  return withoutExcused(checkConfig(read), read, interfaces)
    .map(({ code }) => code);
}

Deno.test("unicast peers of a strict instance are held against it unless its interface is known not to multicast", () => {
  const eth0 = (canMulticast: boolean): HostInterfaces =>
    new Map([["eth0", { addresses: [], canMulticast }]]);
  assertEquals(codes(eth0(true)), ["HK0282"]);
  assertEquals(codes(eth0(false)), []);
  assertEquals(codes(new Map()), ["HK0282"]);
});
