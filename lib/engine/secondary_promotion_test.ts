import { assertEquals } from "@std/assert";
import { exampleRouter } from "../vrrp/example_router.ts";
import { readyHost, startEngine } from "./engine_lab.ts";
import type { MemoryWorld } from "./memory_world.ts";

function promotions(world: MemoryWorld): readonly string[] {
  return world.takeTrace().filter((line) => line.startsWith("promote"));
}

const PROMOTING = exampleRouter({ promotesSecondaries: true });

Deno.test("promote_secondaries holds from the start to the stop, and only for who asks for it", () => {
  const world = readyHost();
  const engine = startEngine(world, PROMOTING);
  assertEquals(promotions(world), ["promote secondaries of eth0: true"]);
  engine.turn();
  assertEquals(promotions(world), []);
  world.command({ kind: "stop" });
  engine.turn();
  assertEquals(promotions(world), ["promote secondaries of eth0: false"]);
  startEngine(world, exampleRouter());
  assertEquals(promotions(world), []);
});

Deno.test("an interface that goes and comes back has it again", () => {
  const world = readyHost();
  const engine = startEngine(world, PROMOTING);
  promotions(world);
  world.kernel.removeLink("eth0");
  engine.turn();
  assertEquals(promotions(world), ["promote secondaries of eth0: false"]);
  world.kernel.addLink("eth0");
  engine.turn();
  assertEquals(promotions(world), ["promote secondaries of eth0: true"]);
});

Deno.test("a reload that takes it away gives the setting back", () => {
  const world = readyHost();
  const engine = startEngine(world, PROMOTING);
  promotions(world);
  const router = { ...PROMOTING, promotesSecondaries: false };
  world.command({
    kind: "replan",
    id: 1,
    remove: [],
    put: [{ router, replaces: router.name }],
  });
  engine.turn();
  assertEquals(promotions(world), ["promote secondaries of eth0: false"]);
});
