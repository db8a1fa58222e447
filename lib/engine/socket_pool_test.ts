import { assertEquals, assertThrows } from "@std/assert";
import { exampleIp, exampleRouter } from "../vrrp/example_router.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { MemoryWorld } from "./memory_world.ts";
import { defined } from "../assert.ts";
import { RouterRuntime } from "./router_runtime.ts";
import { SocketPool } from "./socket_pool.ts";

const SOURCE = exampleIp("192.0.2.10");
const UNICAST: Partial<RouterConfig> = {
  unicastPeers: [{
    address: exampleIp("192.0.2.20"),
    ttlMin: undefined,
    ttlMax: undefined,
  }],
};

function worldWithLink(): MemoryWorld {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  return world;
}

function router(changes: Partial<RouterConfig> = {}): RouterRuntime {
  return new RouterRuntime(exampleRouter(changes), 0);
}

/** The only receiver of a router without authentication headers. */
function take(pool: SocketPool, one: RouterRuntime, ifIndex: number) {
  const [share, ...others] = pool.takeReceivers(one, ifIndex, SOURCE);
  assertEquals(others, []);
  return defined(share, "a receiver");
}

Deno.test("SocketPool shares what can be shared and opens the rest", () => {
  const cases: readonly {
    readonly name: string;
    readonly first: Partial<RouterConfig>;
    readonly second: Partial<RouterConfig>;
    readonly receivers: number;
    readonly senders: number;
  }[] = [
    {
      name: "two vrids",
      first: {},
      second: { vrid: 52 },
      receivers: 1,
      senders: 1,
    },
    {
      name: "two groups",
      first: {},
      second: { multicastGroup: exampleIp("224.0.0.19") },
      receivers: 2,
      senders: 1,
    },
    {
      name: "multicast and unicast",
      first: {},
      second: UNICAST,
      receivers: 2,
      senders: 2,
    },
    {
      name: "two families",
      first: {},
      second: { family: 6, multicastGroup: exampleIp("ff02::12") },
      receivers: 2,
      senders: 2,
    },
    {
      name: "two unicast routers",
      first: UNICAST,
      second: UNICAST,
      receivers: 1,
      senders: 1,
    },
  ];
  for (const { name, first, second, receivers, senders } of cases) {
    const world = worldWithLink();
    const pool = new SocketPool(world);
    const taken = [router(first), router(second)].map((one) => ({
      one,
      receiver: take(pool, one, 1),
      sender: pool.takeSender(one.config, 1, SOURCE),
    }));
    const opened = world.takeTrace();
    const count = (word: string) =>
      opened.filter((line) => line.startsWith(`open ${word}`)).length;
    assertEquals(
      [count("receiver"), count("sender")],
      [receivers, senders],
      name,
    );
    for (const { one, receiver, sender } of taken) {
      pool.giveReceiver(receiver, one);
      pool.giveSender(sender);
    }
    assertEquals(world.takeTrace().length, opened.length, name);
    for (const { receiver } of taken) {
      assertEquals(pool.receiverOf(receiver.handle), undefined, name);
    }
  }
});

Deno.test("SocketPool keeps a shared receiver open until its last router goes", () => {
  const world = worldWithLink();
  const pool = new SocketPool(world);
  const [one, same, other] = [router(), router(), router({ vrid: 52 })];
  const share = take(pool, one, 1);
  take(pool, same, 1);
  take(pool, other, 1);
  assertEquals(share.byVrid.get(51), [one, same]);
  assertEquals(pool.receiverOf(share.handle), share);
  pool.giveReceiver(share, one);
  assertEquals(share.byVrid.get(51), [same]);
  pool.giveReceiver(share, same);
  assertEquals([...share.byVrid.keys()], [52]);
  world.takeTrace();
  pool.giveReceiver(share, other);
  assertEquals(world.takeTrace(), ["close receiver 224.0.0.18 on eth0(1)"]);
});

Deno.test("SocketPool opens anew for a link with another index", () => {
  const world = worldWithLink();
  const pool = new SocketPool(world);
  const one = router();
  const old = take(pool, one, 1);
  world.kernel.removeLink("eth0");
  world.kernel.addLink("eth0");
  const anew = take(pool, one, 2);
  assertEquals(old === anew, false);
  pool.giveReceiver(old, one);
  assertEquals(pool.receiverOf(anew.handle), anew);
});

Deno.test("SocketPool holds nothing of what the kernel refused", () => {
  const world = worldWithLink();
  const pool = new SocketPool(world);
  world.socketRefusal = "no";
  const one = router();
  assertThrows(() => take(pool, one, 1), Error, "no");
  assertThrows(() => pool.takeSender(one.config, 1, SOURCE), Error, "no");
  world.socketRefusal = undefined;
  assertEquals(take(pool, one, 1).byVrid.get(51), [one]);
  assertEquals(pool.takeSender(one.config, 1, SOURCE).users, 1);
});

Deno.test("SocketPool lets a router with authentication headers hear adverts with and without them", () => {
  const world = worldWithLink();
  const pool = new SocketPool(world);
  const one = router({ authentication: { kind: "ah", password: "1111" } });
  const shares = pool.takeReceivers(one, 1, SOURCE);
  assertEquals(world.takeTrace(), [
    "open receiver 224.0.0.18 (protocol 51) on eth0(1)",
    "open receiver 224.0.0.18 on eth0(1)",
  ]);
  for (const share of shares) pool.giveReceiver(share, one);
  assertEquals(world.takeTrace().length, 2);
});

Deno.test("SocketPool makes room for what the routers of a receiver ask for together, and again when the MTU changes", () => {
  const world = worldWithLink();
  let mtu = 1500;
  const pool = new SocketPool(world, () => mtu);
  const sizes = () =>
    world.takeTrace().filter((line) => line.startsWith("receiver has"));
  const byMtu = router({ receiveBuffer: { kind: "frames", count: 3 } });
  const share = take(pool, byMtu, 1);
  assertEquals(sizes(), ["receiver has 4500 bytes"]);
  const byBytes = router({
    vrid: 52,
    receiveBuffer: { kind: "bytes", bytes: 7000 },
  });
  take(pool, byBytes, 1);
  take(pool, router({ vrid: 53 }), 1);
  assertEquals(sizes(), ["receiver has 11500 bytes"]);
  mtu = 9000;
  pool.linkChanged(2);
  pool.linkChanged(1);
  assertEquals(sizes(), ["receiver has 34000 bytes"]);
  pool.giveReceiver(share, byMtu);
  assertEquals(sizes(), ["receiver has 7000 bytes"]);
  // 20 octets of IPv4, 8 of VRRP, 4 for the one address, 8 of version 2's authentication.
  const byAdverts = router({
    vrid: 54,
    receiveBuffer: { kind: "adverts", count: 10 },
  });
  take(pool, byAdverts, 1);
  assertEquals(sizes(), ["receiver has 7400 bytes"]);
});
