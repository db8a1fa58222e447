/** Routes and rules of a router: after its addresses, before its announcements, and back when somebody removes them. */
import { assertEquals } from "@std/assert";
import { assert } from "../assert.ts";
import { exampleRoute, exampleRule } from "../vrrp/example_policy.ts";
import { exampleRouter } from "../vrrp/example_router.ts";
import { keyOfPolicy, type Policy } from "../vrrp/virtual_route.ts";
import { Engine } from "./engine.ts";
import { MemoryWorld } from "./memory_world.ts";

const ROUTE = exampleRoute();
const RULE = exampleRule();

function master(
  policies: readonly Policy[] = [ROUTE, RULE],
): { readonly world: MemoryWorld; readonly engine: Engine } {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", "192.0.2.10/24");
  const engine = new Engine(world, {
    routers: [exampleRouter({ policies })],
  });
  engine.start();
  for (let turns = 0; turns < 100; turns++) {
    engine.turn();
    const isMaster = world.takeNotices().some((notice) =>
      notice.kind === "transition" && notice.transition.to === "MASTER"
    );
    if (isMaster) return { world, engine };
  }
  throw new Error("no master");
}

function changes(world: MemoryWorld): string[] {
  return world.takeTrace().filter((line) =>
    /^(add|remove|announce)/.test(line)
  );
}

Deno.test("Engine adds routes after addresses, then rules, before it announces", () => {
  const { world } = master();
  assertEquals(changes(world).slice(0, 4), [
    "add 192.0.2.100/32 on eth0(1)",
    `add ${keyOfPolicy(ROUTE)}`,
    `add ${keyOfPolicy(RULE)}`,
    "announce 192.0.2.100 on eth0",
  ]);
});

Deno.test("Engine removes rules, then routes, before the addresses when it stops", () => {
  const { world, engine } = master();
  world.takeTrace();
  world.command({ kind: "stop" });
  while (engine.turn());
  assertEquals(changes(world), [
    `remove ${keyOfPolicy(RULE)}`,
    `remove ${keyOfPolicy(ROUTE)}`,
    "remove 192.0.2.100/32 on eth0(1)",
  ]);
});

Deno.test("Engine puts a route back in the turn in which somebody removed it, counts and tells it", () => {
  const { world, engine } = master();
  engine.turn();
  world.takeTrace();
  world.takeNotices();
  world.losePolicy(keyOfPolicy(ROUTE));
  engine.turn();
  assertEquals(changes(world), [`add ${keyOfPolicy(ROUTE)}`]);
  assertEquals(world.takeNotices(), [{
    kind: "routeRestored",
    router: "VI_1",
    what: "the route to 198.51.100.0/24 in table 254",
  }]);
  world.command({ kind: "snapshot", id: 1 });
  engine.turn();
  const snapshot = world.takeNotices().find(({ kind }) => kind === "snapshot");
  assert(snapshot?.kind === "snapshot", "a snapshot was asked for");
  assertEquals(snapshot.routers[0]?.counters.routesRestored, 1);
});

Deno.test("Engine adds a route of a VRF when the VRF comes, and puts it back into that table", () => {
  const { world, engine } = master([exampleRoute({ vrf: "red" })]);
  const inTable = keyOfPolicy(exampleRoute({ table: 10 }));
  assertEquals(changes(world).filter((line) => line.includes("route")), []);
  world.kernel.addLink("red", { kind: "vrf", vrfTable: 10 });
  engine.turn();
  assertEquals(changes(world), [`add ${inTable}`]);
  world.takeNotices();
  world.losePolicy(inTable);
  engine.turn();
  assertEquals(changes(world), [`add ${inTable}`]);
  assertEquals(world.takeNotices(), [{
    kind: "routeRestored",
    router: "VI_1",
    what: "the route to 198.51.100.0/24 in VRF red",
  }]);
});

Deno.test("Engine puts back a route beside one of a VRF to the same destination", () => {
  const { world, engine } = master([ROUTE, exampleRoute({ vrf: "red" })]);
  world.takeTrace();
  world.losePolicy(keyOfPolicy(ROUTE));
  engine.turn();
  assertEquals(changes(world), [`add ${keyOfPolicy(ROUTE)}`]);
});
