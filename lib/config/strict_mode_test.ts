import { assertEquals, assertNotEquals } from "@std/assert";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { defined } from "../assert.ts";
import { resolveRouters } from "./resolve.ts";
import { readToml } from "./toml/read.ts";

function routerOf(globals: string, instance: string): RouterConfig {
  const text = `
[global_defs]
${globals}
[vrrp_instance.a]
interface = "eth0"
virtual_router_id = 1
virtual_ipaddress = ["192.0.2.1"]
${instance}
`;
  const { config } = readToml({ name: "t", text, includedFrom: undefined });
  const [router] = resolveRouters(defined(config, "a configuration"));
  return defined(router, "a router");
}

const LOOSE = `
state = "MASTER"
priority = 100
preempt_delay = 5
down_timer_adverts = 7
lower_prio_no_advert = false
garp_lower_prio_repeat = 3
garp_lower_prio_delay = 3
authentication = { auth_type = "PASS", auth_pass = "secret" }
`;

for (
  const [globals, instance] of [
    ["vrrp_strict = true", LOOSE],
    ["vrrp_down_timer_adverts = 9", `strict_mode = true\n${LOOSE}`],
  ] as const
) {
  Deno.test(`strict mode has the values of the RFC whatever the file says, with ${globals}`, () => {
    const router = routerOf(globals, instance);
    assertEquals(router.initialState, "BACKUP");
    assertEquals(router.priority, 100);
    assertEquals(router.preemptDelayNs, 0);
    assertEquals(router.downTimerAdverts, 3);
    assertEquals(router.lowerPriorityNoAdvert, true);
    assertEquals(router.gratuitousArp.lowerPriorityRepeat, 0);
    assertEquals(router.gratuitousArp.lowerPriorityDelayNs, 0);
    assertEquals(router.authentication, { kind: "none" });
  });
}

Deno.test("in strict mode an owner ignores adverts", () => {
  const router = routerOf("vrrp_strict = true", "priority = 255");
  assertEquals(router.ownerIgnoreAdverts, true);
  assertEquals(router.initialState, "MASTER");
});

Deno.test("`strict_mode` counts before `vrrp_strict`", () => {
  const router = routerOf(
    "vrrp_strict = true",
    `strict_mode = false\n${LOOSE}`,
  );
  assertEquals(router.initialState, "MASTER");
  assertEquals(router.downTimerAdverts, 7);
  assertEquals(router.authentication.kind, "pass");
});

Deno.test("in strict mode adverts leave by the link of the virtual MAC address, whatever vmac_xmit_base says", () => {
  const byParent = (globals: string) =>
    routerOf(globals, "use_vmac = true\nvmac_xmit_base = true").ownLink
      ?.advertsByParent;
  assertEquals(byParent(""), true);
  assertEquals(byParent("vrrp_strict = true"), false);
});

Deno.test("in strict mode the virtual MAC address is that of the standard, whatever the file says", () => {
  const macOf = (globals: string, more: string) => {
    const link = routerOf(globals, `use_vmac = true\n${more}`).ownLink?.link;
    return link?.kind === "macvlan" ? link.mac : undefined;
  };
  const own = 'vmac_addr = "02:00:00:00:00:01"';
  const standard = macOf("", "");
  assertNotEquals(macOf("", own), standard);
  assertEquals(macOf("vrrp_strict = true", own), standard);
});
