/**
 * Boot: a router waits for what it needs, says so, and goes on the moment it is there.
 */
import { assert, assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { hasState, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

Deno.test("an instance whose unicast_src_ip is late waits for it and then becomes MASTER", async () => {
  await using lab = await Lab.create({ hosts: ["a"], withoutAddress: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({
      priority: 150,
      lines: ["unicast_src_ip 10.77.0.1", "unicast_peer {", "  10.77.0.2", "}"],
    }),
  );
  const waiting = await hasState(daemon, "WAITING");
  assertEquals(
    waiting.instances[0]?.reason,
    "eth0 has no address 10.77.0.1",
  );
  await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
  await hasState(daemon, "MASTER");
  assert(await lab.holds("a", `${VIP}/16`));
});

Deno.test("a gate opens within 50 ms of the netlink event", async () => {
  await using lab = await Lab.create({ hosts: ["a"], withoutAddress: ["a"] });
  // An owner sends its first advert the moment its gate opens: the wire tells when.
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 255, state: "MASTER" }),
  );
  await hasState(daemon, "WAITING");
  const beforeMs = performance.now();
  await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
  const addedMs = performance.now();
  await eventually(
    "the virtual address is there",
    5000,
    () => lab.holds("a", `${VIP}/16`),
  );
  const heldMs = performance.now();
  const transition = (await statusOf(daemon))?.instances[0]?.last_transition ??
    "";
  // Wall clock of the transition against that of the event, which lies between the two marks.
  const openedMs = Date.parse(transition) - performance.timeOrigin;
  assert(
    openedMs >= beforeMs - 5,
    `opened ${openedMs}, event after ${beforeMs}`,
  );
  assert(
    openedMs <= addedMs + 50,
    `opened at ${openedMs}, event before ${addedMs}, address seen at ${heldMs}`,
  );
});

Deno.test("unicast routers whose source addresses are on their loopbacks find each other", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const sources = { a: "198.51.100.1", b: "198.51.100.2" };
  const start = (host: "a" | "b", peer: "a" | "b", priority: number) =>
    startDaemon(
      lab,
      host,
      "hakeep",
      instanceText({
        priority,
        lines: [
          `unicast_src_ip ${sources[host]}`,
          `unicast_peer {\n    ${sources[peer]}\n  }`,
        ],
      }),
    );
  const a = start("a", "b", 150);
  const b = start("b", "a", 100);
  const waiting = await hasState(a, "WAITING");
  assertEquals(
    waiting.instances[0]?.reason,
    `eth0 has no address ${sources.a}`,
  );
  for (const [host, peer] of [["a", "b"], ["b", "a"]] as const) {
    await lab.ip(
      host,
      "route",
      "add",
      sources[peer],
      "via",
      lab.address(peer),
    );
    await lab.ip(host, "addr", "add", `${sources[host]}/32`, "dev", "lo");
  }
  await hasState(a, "MASTER");
  await eventually(
    "b follows a",
    15_000,
    async () =>
      (await statusOf(b))?.instances[0]?.master?.address === sources.a,
  );
});

Deno.test("an instance whose interface does not exist yet waits for it", async () => {
  await using lab = await Lab.create({ hosts: ["a"], withoutLink: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 150 }),
  );
  const waiting = await hasState(daemon, "WAITING");
  assertEquals(waiting.instances[0]?.reason, "interface eth0 does not exist");
  await lab.plug("a");
  const noAddress = await eventually(
    "it waits for an address",
    5000,
    async () => {
      const reason = (await statusOf(daemon))?.instances[0]?.reason;
      return reason === "eth0 has no IPv4 address" ? reason : undefined;
    },
  );
  assertEquals(noAddress, "eth0 has no IPv4 address");
  await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
  await hasState(daemon, "MASTER");
});

Deno.test("an instance that lost its address or interface recovers when they come back, with no restart", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 150, addresses: [`${VIP}/32`] }),
  );
  await hasState(daemon, "MASTER");
  await lab.ip("a", "addr", "del", "10.77.0.1/16", "dev", "eth0");
  await hasState(daemon, "FAULT");
  assert(!await lab.holds("a", `${VIP}/32`));
  await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
  await hasState(daemon, "MASTER");
  await lab.ip("a", "link", "del", "eth0");
  await hasState(daemon, "FAULT");
  await lab.plug("a");
  await lab.ip("a", "addr", "add", "10.77.0.1/16", "dev", "eth0");
  await hasState(daemon, "MASTER");
  assert(await lab.holds("a", `${VIP}/32`));
});

Deno.test("an instance whose interface is renamed leaves no address there, and recovers with the name", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({ priority: 150 }),
  );
  await hasState(daemon, "MASTER");
  await lab.ip("a", "link", "set", "eth0", "name", "wan0");
  await hasState(daemon, "FAULT");
  await eventually(
    "the address is gone",
    5000,
    async () => !await lab.holds("a", `${VIP}/16`),
  );
  await lab.ip("a", "link", "set", "wan0", "name", "eth0");
  await hasState(daemon, "MASTER");
  assert(await lab.holds("a", `${VIP}/16`));
});

Deno.test("an address on another interface is no gate with no_track, and is one without", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const free = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({
      priority: 150,
      addresses: ["2.2.2.2/24 dev ETH4 no_track", `${VIP}/16`],
    }),
  );
  const bound = startDaemon(
    lab,
    "b",
    "hakeep",
    instanceText({
      priority: 150,
      vrid: 52,
      addresses: ["2.2.2.2/24 dev ETH4", `${VIP}/16`],
    }),
  );
  await hasState(free, "MASTER");
  assert(await lab.holds("a", `${VIP}/16`));
  const waiting = await hasState(bound, "WAITING");
  assertEquals(waiting.instances[0]?.reason, "interface ETH4 does not exist");
  // The interface comes later: the address goes there while MASTER.
  await lab.ip(
    "a",
    "link",
    "add",
    "ETH4",
    "type",
    "veth",
    "peer",
    "name",
    "other",
  );
  await lab.ip("a", "link", "set", "ETH4", "up");
  await eventually(
    "the address is on ETH4",
    5000,
    () => lab.holds("a", "2.2.2.2/24"),
  );
});
