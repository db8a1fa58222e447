/**
 * Routes and rules beside Debian's keepalived: both daemons run the same text, each in a network of its own, and the
 * kernel must hold the same afterwards.
 */
import { assertEquals } from "@std/assert";
import { assert } from "../../lib/assert.ts";
import { instanceText, VIP } from "./configurations.ts";
import {
  type DaemonKind,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** A foreign deletion is to be repaired within this, and asking takes its own time. */
const REPAIR_MS = 1000;

interface Case {
  readonly name: string;
  readonly routes?: readonly string[];
  readonly rules?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "a default route through a gateway, with metric",
    routes: ["default via 10.77.0.200 metric 5"],
  },
  {
    name: "an on-link route of a device",
    routes: ["10.99.0.0/24 dev eth0"],
  },
  {
    name: "a route with source, scope, table and metric",
    routes: [
      `10.99.1.0/24 via 10.77.0.200 dev eth0 src ${VIP} scope global table 300 metric 77`,
    ],
  },
  {
    name: "metrics of a route",
    routes: [
      "10.99.2.0/24 via 10.77.0.200 mtu lock 1400 advmss 1300 initcwnd 20 hoplimit 9",
    ],
  },
  {
    name: "a gateway that is only on the link by decree",
    routes: ["10.99.3.0/24 via 192.0.2.1 dev eth0 onlink"],
  },
  {
    name: "types other than unicast",
    routes: [
      "blackhole 10.99.4.0/24",
      "unreachable 10.99.5.0/24",
      "prohibit 10.99.6.0/24",
    ],
  },
  {
    name: "next hops with weights",
    routes: [
      "10.99.7.0/24 nexthop via 10.77.0.200 dev eth0 weight 2 nexthop via 10.77.0.201 dev eth0 weight 5",
    ],
  },
  {
    name: "IPv6 routes",
    routes: [
      "fd99:1::/64 dev eth0 metric 9",
      "fd99:2::/64 via fe80::1 dev eth0 mtu 1400 table 301",
    ],
  },
  {
    name: "rules with addresses, tables and preferences",
    rules: [
      "from 10.9.0.0/24 lookup 100 preference 200",
      "to 10.1.0.0/16 table 300 priority 201",
      "from fd99::/64 table 301 preference 202",
    ],
  },
  {
    name: "rules without preference count down",
    rules: ["from 10.9.1.0/24 lookup 100", "from 10.9.2.0/24 lookup 101"],
  },
  {
    name: "rules by mark, interface, user, protocol and port",
    rules: [
      "fwmark 0x10/0xff table 100 preference 210",
      "iif eth0 from 10.2.0.0/16 table 100 preference 211",
      "oif eth0 to 10.3.0.0/16 table 100 preference 212",
      "uidrange 1000-1999 table 100 preference 213",
      "ipproto tcp dport 80-90 sport 1-1000 table 100 preference 214",
    ],
  },
  {
    name: "rules that suppress, jump, refuse and negate",
    rules: [
      "from all table 254 suppress_prefixlength 0 preference 220",
      "from 10.4.0.0/16 goto 400 preference 221",
      "from 10.5.0.0/16 blackhole preference 222",
      "from 10.6.0.0/16 prohibit preference 223",
      "not from 10.7.0.0/16 table 100 preference 224",
    ],
  },
];

function text({ routes = [], rules = [] }: Case): string {
  const block = (name: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [`${name} {`, ...lines.map((line) => `  ${line}`), "}"];
  return instanceText({
    priority: 150,
    lines: [
      "version 3",
      "advert_int 0.1",
      ...block("virtual_routes", routes),
      ...block("virtual_rules", rules),
    ],
  });
}

interface Held {
  readonly addresses: readonly unknown[];
  readonly routes: readonly string[];
  readonly rules: readonly string[];
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((value) => JSON.stringify(value)).toSorted();
}

/** What the kernel has, without what differs between two hosts by nature. */
async function held(lab: Lab): Promise<Held> {
  const routes: string[] = [];
  const rules: string[] = [];
  for (const family of ["-4", "-6"]) {
    const shown: unknown[] = JSON.parse(
      await lab.ip("a", "-j", family, "route", "show", "table", "all"),
    );
    routes.push(...sorted(shown).filter((one) => !one.includes("fe80::")));
    // Gateways of IPv6 are link-local.
    routes.push(...sorted(shown).filter((one) => one.includes("fd99:")));
    const ruled: unknown[] = JSON.parse(
      await lab.ip("a", "-j", "-d", family, "rule", "show"),
    );
    rules.push(...sorted(ruled));
  }
  const addresses = (await lab.addresses("a")).filter((one) =>
    !one.startsWith("fe80")
  );
  return { addresses: addresses.toSorted(), routes, rules };
}

async function isMaster(lab: Lab, daemon: RunningDaemon): Promise<void> {
  await eventually(
    `the master has its address\n${daemon.log()}`,
    READY_MS,
    () => lab.holds("a", `${VIP}/16`),
  );
}

/** Waits until nothing changes any more. */
async function settled(lab: Lab): Promise<Held> {
  let before = "";
  let last: Held | undefined;
  await eventually("the kernel settles", READY_MS, async () => {
    last = await held(lab);
    const now = JSON.stringify(last);
    const isSame = now === before;
    before = now;
    return isSame;
  });
  assert(last !== undefined, "what is held was asked");
  return last;
}

async function outcome(
  kind: DaemonKind,
  config: string,
): Promise<{ readonly master: Held; readonly stopped: Held }> {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(lab, "a", kind, config);
  await isMaster(lab, daemon);
  const master = await settled(lab);
  daemon.kill("SIGTERM");
  await daemon.ended;
  return { master, stopped: await settled(lab) };
}

for (const one of CASES) {
  Deno.test(`hakeep and keepalived give the kernel the same: ${one.name}`, async () => {
    const [ours, theirs] = await Promise.all([
      outcome("hakeep", text(one)),
      outcome("keepalived", text(one)),
    ]);
    assertEquals(ours.master, theirs.master);
    assertEquals(ours.stopped, theirs.stopped);
  });
}

Deno.test("a route and a rule that somebody removes are put back and counted", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(
    lab,
    "a",
    "hakeep",
    text({
      name: "",
      routes: ["10.99.0.0/24 via 10.77.0.200", "10.99.1.0/24 dev eth0"],
      rules: ["from 10.9.0.0/24 lookup 100 preference 200"],
    }),
  );
  await isMaster(lab, daemon);
  const before = await settled(lab);
  await lab.ip("a", "route", "del", "10.99.0.0/24");
  await eventually(
    `the route is back\n${daemon.log()}`,
    REPAIR_MS,
    async () =>
      (await lab.ip("a", "route", "show", "10.99.0.0/24")).includes("via"),
  );
  await lab.ip("a", "rule", "del", "preference", "200");
  await eventually(
    `the rule is back\n${daemon.log()}`,
    REPAIR_MS,
    async () => (await lab.ip("a", "rule", "show")).includes("10.9.0.0/24"),
  );
  assertEquals(await settled(lab), before);
  const status = await statusOf(daemon);
  assertEquals(status?.instances[0]?.counters.routesRestored, 2);
});

Deno.test("routes that a killed hakeep left are adopted, and go with the next one", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const config = text({
    name: "",
    routes: ["10.99.0.0/24 via 10.77.0.200"],
    rules: ["from 10.9.0.0/24 lookup 100 preference 200"],
  });
  const first = startDaemon(lab, "a", "hakeep", config);
  await isMaster(lab, first);
  const before = await settled(lab);
  first.kill("SIGKILL");
  await first.ended;
  const second = startDaemon(lab, "a", "hakeep", config);
  await eventually("the second is MASTER", READY_MS, async () => {
    const status = await statusOf(second);
    return status?.instances[0]?.state === "MASTER";
  });
  assertEquals(await settled(lab), before);
  second.kill("SIGTERM");
  await second.ended;
  const after = await lab.ip("a", "route", "show") +
    await lab.ip("a", "rule", "show");
  assertEquals(after.includes("10.99."), false, after);
  assertEquals(after.includes("10.9.0"), false, after);
});
