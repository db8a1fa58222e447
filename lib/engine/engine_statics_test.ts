import { assertEquals } from "@std/assert";
import { exampleAddress, exampleRouter } from "../vrrp/example_router.ts";
import { exampleRoute } from "../vrrp/example_policy.ts";
import { keyOfPolicy } from "../vrrp/virtual_route.ts";
import { Engine } from "./engine.ts";
import { readyHost } from "./engine_lab.ts";
import type { MemoryWorld } from "./memory_world.ts";
import type { StaticPlan } from "./port.ts";

const ADDRESS = exampleAddress("192.0.2.200");
const ROUTE = exampleRoute();
const STATICS: StaticPlan = { addresses: [ADDRESS], policies: [ROUTE] };

function started(statics: StaticPlan) {
  const world = readyHost();
  const engine = new Engine(world, { routers: [exampleRouter()], statics });
  engine.start();
  const done = world.takeTrace();
  return { world, engine, done };
}

function changes(trace: readonly string[]): readonly string[] {
  return trace.filter((line) => /^(add|remove) /.test(line));
}

function restored(world: MemoryWorld): readonly string[] {
  return world.takeNotices().flatMap((notice) =>
    notice.kind === "staticRestored" ? [notice.what] : []
  );
}

Deno.test("what is static is there from the start, whatever state routers are in, and goes at the end", () => {
  const { world, engine, done } = started(STATICS);
  assertEquals(changes(done).length, 2);
  engine.turn();
  world.takeTrace();
  world.command({ kind: "stop" });
  engine.turn();
  const removed = changes(world.takeTrace()).filter((line) =>
    line.startsWith("remove")
  );
  assertEquals(removed.length, 2);
  assertEquals(
    world.kernel.addressesOf("eth0").includes("192.0.2.200/32"),
    false,
  );
});

Deno.test("static addresses and routes that somebody removes are put back, but for no_track", () => {
  const quiet = exampleAddress("192.0.2.201", { noTrack: true });
  const { world, engine } = started({
    ...STATICS,
    addresses: [ADDRESS, quiet],
  });
  engine.turn();
  world.takeTrace();
  world.kernel.removeAddress("eth0", "192.0.2.200/32");
  world.kernel.removeAddress("eth0", "192.0.2.201/32");
  engine.turn();
  engine.turn();
  assertEquals(
    world.kernel.addressesOf("eth0").filter((one) =>
      one.startsWith("192.0.2.20")
    ),
    ["192.0.2.200/32"],
  );
  assertEquals(restored(world), ["192.0.2.200/32 from eth0"]);
  world.takeTrace();
  world.losePolicy(keyOfPolicy(ROUTE));
  engine.turn();
  assertEquals(changes(world.takeTrace()).length, 1);
});

Deno.test("a reload removes what is no longer static, and leaves the rest alone", () => {
  const { world, engine } = started(STATICS);
  engine.turn();
  world.takeTrace();
  const other = exampleAddress("192.0.2.202");
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [],
    statics: { addresses: [ADDRESS, other], policies: [] },
  });
  engine.turn();
  const done = changes(world.takeTrace());
  assertEquals(done.filter((line) => line.includes("192.0.2.200")), []);
  assertEquals(done.length, 2);
});

Deno.test("what the kernel may have refused for want of an address is ordered again when one comes, and not for our own", () => {
  const { world, engine } = started(STATICS);
  engine.turn();
  engine.turn();
  world.takeTrace();
  world.kernel.addAddress("eth0", "198.51.100.11/24");
  engine.turn();
  engine.turn();
  assertEquals(
    changes(world.takeTrace()).map((line) => line.split(" ")[0]),
    ["add"],
  );
  assertEquals(restored(world), []);
  const own = exampleRouter().virtualAddresses[0]?.address ?? "";
  world.kernel.addAddress("eth0", `${own}/24`);
  engine.turn();
  engine.turn();
  assertEquals(
    changes(world.takeTrace()).filter((line) => line.startsWith("add")),
    [],
  );
});
