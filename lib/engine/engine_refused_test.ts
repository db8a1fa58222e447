/**
 * A MASTER that needs new sockets and does not get them.
 */
import { assertEquals } from "@std/assert";
import { exampleIp, exampleRouter } from "../vrrp/example_router.ts";
import {
  OUR_ADDRESS,
  readyHost,
  runUntil,
  SECOND_NS,
  snapshot,
  startMasters,
  story,
} from "./engine_lab.ts";

const REFUSAL = "Cannot open a raw socket";
const UNICAST = exampleRouter({
  unicastPeers: [{
    address: exampleIp("192.0.2.20"),
    ttlMin: undefined,
    ttlMax: undefined,
  }],
});

Deno.test("a MASTER whose address changed and whose new socket is refused says farewell by the old one", () => {
  const world = readyHost();
  const engine = startMasters(world, UNICAST);
  world.socketRefusal = REFUSAL;
  world.kernel.addAddress("eth0", "198.51.100.11/24");
  world.kernel.removeAddress("eth0", OUR_ADDRESS);
  engine.turn();
  const trace = world.takeTrace();
  assertEquals(trace[0], "advert 51/0 to 192.0.2.20 on eth0");
  assertEquals(trace.includes("close sender on eth0(1)"), true);
  assertEquals(story(world.takeNotices()), [
    "VI_1 MASTER -> FAULT: gateClosed",
    "VI_1 socketFailed",
  ]);

  world.socketRefusal = undefined;
  runUntil(world, engine, world.clockNs + 2 * SECOND_NS);
  assertEquals(snapshot(world, engine).state, "BACKUP");
});

Deno.test("a MASTER whose new address needs no new receiver keeps what it hears by", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.kernel.addAddress("eth0", "198.51.100.11/24");
  world.kernel.removeAddress("eth0", OUR_ADDRESS);
  engine.turn();
  assertEquals(
    world.takeTrace().filter((line) => line.includes("receiver")),
    [],
  );
  assertEquals(snapshot(world, engine).state, "MASTER");
});

Deno.test("a MASTER whose new configuration needs a socket that is refused says the old one's farewell", () => {
  const world = readyHost();
  const engine = startMasters(world, exampleRouter());
  world.socketRefusal = REFUSAL;
  world.command({
    kind: "replan",
    id: 9,
    remove: [],
    put: [{ router: UNICAST, replaces: "VI_1" }],
  });
  engine.turn();
  assertEquals(
    world.takeTrace().filter((line) => line.startsWith("advert")),
    ["advert 51/0 to 224.0.0.18 on eth0"],
  );
  assertEquals(snapshot(world, engine).state === "MASTER", false);
});
