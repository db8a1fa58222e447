import { assertEquals } from "@std/assert";
import { exampleIp, exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { compareRouters } from "./router_changes.ts";

const ONE = exampleRouter({ name: "one", vrid: 1 });
const TWO = exampleRouter({ name: "two", vrid: 2 });
const THREE = exampleRouter({ name: "three", vrid: 3 });

Deno.test("compareRouters() finds what is new, changed and gone, whatever the order", () => {
  const changed = { ...ONE, priority: 7 };
  assertEquals(compareRouters([ONE, TWO], [THREE, changed]), {
    added: [THREE],
    changed: [{ router: changed, replaces: "one" }],
    removed: [TWO],
  });
  assertEquals(compareRouters([ONE, TWO], [{ ...TWO }, { ...ONE }]), {
    added: [],
    changed: [],
    removed: [],
  });
});

Deno.test("compareRouters() takes a router of another name for the same, and two that swap names too", () => {
  const one = { ...ONE, name: "two" };
  const two = { ...TWO, name: "one" };
  assertEquals(compareRouters([ONE, TWO], [one, two]).changed, [
    { router: one, replaces: "one" },
    { router: two, replaces: "two" },
  ]);
});

Deno.test("compareRouters() lets one running router go on as one wanted router only", () => {
  const again = { ...ONE, name: "again" };
  assertEquals(compareRouters([ONE], [ONE, again]), {
    added: [again],
    changed: [],
    removed: [],
  });
});

for (
  const [what, change] of [
    ["vrid", { vrid: 9 }],
    ["interface", { interface: "eth9" }],
    ["multicast group", { multicastGroup: exampleIp("224.0.0.19") }],
    ["way of sending", { unicastPeers: [] }],
  ] satisfies [string, Partial<RouterConfig>][]
) {
  Deno.test(`compareRouters() takes a router of another ${what} for another one`, () => {
    const other = { ...ONE, ...change };
    assertEquals(compareRouters([ONE], [other]), {
      added: [other],
      changed: [],
      removed: [ONE],
    });
  });
}

Deno.test("compareRouters() tells unicast routers that differ in their peers alone by their names", () => {
  const to = (name: string, peer: string) =>
    exampleRouter({
      name,
      vrid: 1,
      unicastPeers: [{
        address: exampleIp(peer),
        ttlMin: undefined,
        ttlMax: undefined,
      }],
    });
  const [one, other] = [to("one", "192.0.2.8"), to("other", "192.0.2.9")];
  assertEquals(compareRouters([one, other], [{ ...one }, { ...other }]), {
    added: [],
    changed: [],
    removed: [],
  });
  const changed = { ...other, priority: 7 };
  assertEquals(compareRouters([one, other], [changed, one]), {
    added: [],
    changed: [{ router: changed, replaces: "other" }],
    removed: [],
  });
  const renamed = { ...other, name: "new" };
  assertEquals(compareRouters([one, other], [renamed, one]).changed, [
    { router: renamed, replaces: "other" },
  ]);
});
