import { assert, assertEquals } from "@std/assert";
import { exampleAddress, exampleRouter } from "../vrrp/example_router.ts";
import { readyHost, runUntil, SECOND_NS, startMasters } from "./engine_lab.ts";

const ROUTERS = 200;

Deno.test("Engine spreads the adverts of many routers, and lets no interval become longer", () => {
  const world = readyHost();
  const engine = startMasters(
    world,
    ...Array.from({ length: ROUTERS }, (_, i) =>
      exampleRouter({
        name: `VI_${i}`,
        vrid: i + 1,
        virtualAddresses: [exampleAddress(`198.51.100.${i + 1}`)],
      })),
  );
  const beganNs = world.clockNs;
  const perTurn: number[] = [];
  while (world.clockNs < beganNs + 3 * SECOND_NS) {
    runUntil(
      world,
      engine,
      Math.min(engine.deadlineNs, beganNs + 3 * SECOND_NS),
    );
    const adverts = world.takeTrace().filter((line) =>
      line.startsWith("advert ")
    ).length;
    if (adverts > 0) perTurn.push(adverts);
  }
  assert(Math.max(...perTurn) <= 32, `${perTurn}`);
  assertEquals(perTurn.reduce((sum, one) => sum + one, 0), 3 * ROUTERS);
});
