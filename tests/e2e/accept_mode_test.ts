/**
 * Accept mode beside Debian's keepalived: who may talk to a virtual address.
 *
 * Two hosts on one switch: `a` is the master, `b` pings its virtual address and its own.
 */
import { assert, assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type DaemonKind, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
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

/** Ruleset of host `a`. */
async function ruleset(lab: Lab): Promise<string> {
  return (await lab.inside("a", "nft", "list", "ruleset")).stdout;
}

Deno.test("the tables are put back as soon as somebody removes them, and nothing else happens", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    instanceText({
      priority: 150,
      lines: ["advert_int 0.1", "use_vmac", "no_accept"],
      addresses: [`${LINK_LOCAL}/64`],
      globals: ["nftables vips"],
    }),
  );
  // In whichever order they were made.
  const tables = async () =>
    (await ruleset(lab)).split(/^(?=table)/m).toSorted().join("");
  const areBoth = async () => {
    const rules = await tables();
    return rules.includes(LINK_LOCAL) && rules.includes("dup to") && rules;
  };
  const state = async () => {
    const instance = (await statusOf(daemon))?.instances[0];
    return [instance?.state, instance?.last_transition];
  };
  await eventually(
    `the instance is MASTER\n${daemon.log()}`,
    READY_MS,
    async () => (await state())[0] === "MASTER",
  );
  const rules = await eventually("both tables are there", READY_MS, areBoth);
  const before = await state();
  const begunMs = performance.now();
  const removals = [
    "delete table inet vips",
    "flush ruleset",
    "delete table ip6 vips",
    "flush table inet vips",
  ];
  for (const removal of removals) {
    const { code, stderr } = await lab.inside("a", "nft", removal);
    assertEquals([code, stderr], [0, ""]);
    await eventually(
      () => `they are back after ${removal}\n${daemon.log()}`,
      READY_MS,
      async () => await tables() === rules,
    );
  }
  // Looked at every ten seconds, four removals one after the other would have taken thirty and more.
  assert(performance.now() - begunMs < 20_000);
  assertEquals(await state(), before);
  const repairs = daemon.log().match(/as it should be again/g) ?? [];
  assertEquals(repairs.length, removals.length + 1, daemon.log());
});

Deno.test("the table is adopted after a kill, and gone after a stop", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const config = configuration({
    name: "",
    lines: ["version 3", "no_accept"],
    globals: ["nftables vips"],
  });
  const isFiltered = async () => (await ruleset(lab)).includes(VIP);
  const first = startDaemon(lab, "a", "hakeep", config);
  await eventually("the address is filtered", READY_MS, isFiltered);
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
  assertEquals((await ruleset(lab)).trim(), "");
});
