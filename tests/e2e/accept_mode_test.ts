/**
 * Accept mode beside Debian's keepalived: who may talk to a virtual address.
 *
 * Two hosts on one switch: `a` is the master, `b` pings its virtual address and its own.
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type DaemonKind, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** The table is looked at with each sign of life of the engine, every ten seconds. */
const REPAIR_MS = 25_000;
const LINK_LOCAL = "fe80::77";

interface Case {
  readonly name: string;
  readonly lines: readonly string[];
  readonly globals?: readonly string[];
  readonly priority?: number;
  readonly addresses?: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "the default", lines: ["version 3"] },
  { name: "no_accept", lines: ["version 3", "no_accept"] },
  {
    name: "no_accept of an owner",
    lines: ["version 3", "no_accept"],
    priority: 255,
  },
  { name: "strict mode", lines: ["version 3"], globals: ["vrrp_strict"] },
  {
    name: "accept in strict mode",
    lines: ["version 3", "accept"],
    globals: ["vrrp_strict"],
  },
  {
    name: "no_accept of a link-local address",
    lines: ["version 3", "no_accept"],
    addresses: [`${LINK_LOCAL}/64`],
  },
];

function configuration(one: Case): string {
  return instanceText({
    priority: one.priority ?? 150,
    state: one.priority === 255 ? "MASTER" : "BACKUP",
    lines: ["advert_int 0.1", ...one.lines],
    ...(one.globals === undefined ? {} : { globals: one.globals }),
    ...(one.addresses === undefined ? {} : { addresses: one.addresses }),
  });
}

async function answers(lab: Lab, address: string): Promise<boolean> {
  const target = address.includes(":") ? `${address}%eth0` : address;
  const { code } = await lab.inside(
    "b",
    "ping",
    "-c3",
    "-i0.3",
    "-W1",
    target,
  );
  return code === 0;
}

/** Whether the virtual address and the master's own one answer while it is MASTER. */
async function outcome(
  kind: DaemonKind,
  one: Case,
): Promise<readonly boolean[]> {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const virtual = one.addresses === undefined ? VIP : LINK_LOCAL;
  await lab.ip("b", "route", "add", VIP, "dev", "eth0");
  const daemon = startDaemon(lab, "a", kind, configuration(one));
  await eventually(
    `${kind} is MASTER\n${daemon.log()}`,
    READY_MS,
    async () =>
      (await lab.addresses("a")).some((held) => held.startsWith(`${virtual}/`)),
  );
  const own = await answers(lab, lab.address("a"));
  const result = [await answers(lab, virtual), own];
  daemon.kill("SIGTERM");
  await daemon.ended;
  return result;
}

for (const one of CASES) {
  Deno.test(`hakeep and keepalived let the same packets to a virtual address: ${one.name}`, async () => {
    const ours = await outcome("hakeep", one);
    assertEquals(ours, await outcome("keepalived", one));
    assertEquals(ours[1], true);
  });
}

Deno.test("the table is put back when somebody flushes it, adopted after a kill, and gone after a stop", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const config = configuration({
    name: "",
    lines: ["version 3", "no_accept"],
    globals: ["nftables vips"],
  });
  const listing = async () =>
    (await lab.inside("a", "nft", "list", "ruleset")).stdout;
  const isFiltered = async () => (await listing()).includes(VIP);
  const first = startDaemon(lab, "a", "hakeep", config);
  await eventually("the address is filtered", READY_MS, isFiltered);
  await lab.inside("a", "nft", "flush", "ruleset");
  await eventually("the table is back", REPAIR_MS, isFiltered);
  first.kill("SIGKILL");
  await first.ended;
  const second = startDaemon(lab, "a", "hakeep", config);
  await eventually(
    `the next one is MASTER\n${second.log()}`,
    READY_MS,
    async () => (await statusOf(second))?.instances[0]?.state === "MASTER",
  );
  assertEquals(await isFiltered(), true);
  second.kill("SIGTERM");
  await second.ended;
  assertEquals((await listing()).trim(), "");
});
