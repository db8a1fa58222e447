/**
 * What the kernel had to tell and could not: more changes of links, addresses and routes than the daemon's sockets have
 * room for.
 */
import { assertEquals } from "@std/assert";
import { Capture } from "./capture.ts";
import { VIP } from "./configurations.ts";
import { startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
/** A socket has room for some 11,000 changes. */
const PAIRS = 10_000;

/** An interval long enough to be stopped for some seconds without a take-over that was missed. */
const instance = (name: string, vrid: number, ...lines: readonly string[]) =>
  `vrrp_instance ${name} {
  state MASTER
  interface eth0
  virtual_router_id ${vrid}
  priority 255
  version 3
  advert_int 5
  ${lines.join("\n  ")}
}
`;

const CONFIG = `static_ipaddress {
  10.66.0.1/24 dev up0
}
static_routes {
  10.67.0.0/24 via 10.66.0.9 dev up0
}
${
  instance(
    "A",
    51,
    "use_vmac",
    "virtual_ipaddress { 10.77.9.1/16 }",
    "virtual_routes { 10.55.0.0/24 via 10.77.0.9 dev vrrp.51 }",
    "virtual_rules { from 10.55.0.0/24 table 100 preference 900 }",
  )
}
${
  instance(
    "B",
    52,
    `virtual_ipaddress { ${VIP}/16 }`,
    "virtual_ipaddress_excluded { fd77::9:2/64 }",
  )
}`;

/** What goes in the midst of it. */
const TAKEN = [
  "route del 10.55.0.0/24",
  "route del 10.67.0.0/24",
  "rule del from 10.55.0.0/24",
  "addr del 10.66.0.1/24 dev up0",
  `addr del ${VIP}/16 dev eth0`,
  "addr del fd77::9:2/64 dev eth0",
  "link del vrrp.51",
];

const HELD = [
  "10.66.0.1/24",
  `${VIP}/16`,
  "10.77.9.1/16",
  "fd77::9:2/64",
  "10.55.0.0/24 via 10.77.0.9 dev vrrp.51",
  "10.67.0.0/24 via 10.66.0.9 dev up0",
  "from 10.55.0.0/24 lookup 100",
];

function flood(): string {
  const lines: string[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const address = `10.99.${i >> 8}.${i & 255}/32`;
    lines.push(`addr add ${address} dev lo`, `addr del ${address} dev lo`);
    lines.push(`route add ${address} dev lo`, `route del ${address} dev lo`);
    if (i === PAIRS / 2) lines.push(...TAKEN);
  }
  return lines.join("\n");
}

Deno.test("a flood of changes that the daemon could not read is no transition; what went in it is put back and announced", async () => {
  await using lab = await Lab.create({ hosts: ["a", "watcher"] });
  await lab.ip(
    "a",
    "link",
    "add",
    "up0",
    "type",
    "veth",
    "peer",
    "name",
    "far",
  );
  await lab.ip("a", "link", "set", "far", "up");
  await lab.ip("a", "link", "set", "up0", "up");
  const daemon = startDaemon(lab, "a", "hakeep", CONFIG);
  const isAllThere = () =>
    eventually(() => `all is there\n${daemon.log()}`, READY_MS, async () => {
      const shown = [
        ...await lab.addresses("a"),
        await lab.ip("a", "route", "show"),
        await lab.ip("a", "rule", "show"),
      ].join("\n");
      return HELD.every((one) => shown.includes(one));
    });
  await isAllThere();
  const capture = await Capture.start(lab, "watcher");
  const batch = `${lab.directory}/flood`;
  Deno.writeTextFileSync(batch, flood());
  daemon.kill("SIGSTOP");
  await lab.ip("a", "-batch", batch);
  daemon.kill("SIGCONT");
  await eventually(
    () => `the address is announced again\n${daemon.log()}`,
    READY_MS,
    async () =>
      (await capture.sightings()).some((one) =>
        one.kind === "announcement" && one.address === VIP
      ),
  );
  await isAllThere();
  const instances = await eventually(
    () => `both addresses are counted\n${daemon.log()}`,
    READY_MS,
    async () => {
      const instances = (await statusOf(daemon))?.instances;
      return instances?.[1]?.counters.addressesRestored === 2 && instances;
    },
  );
  for (const { name, state, counters } of instances) {
    const { becameMaster, releasedMaster } = counters;
    assertEquals([state, becameMaster, releasedMaster], ["MASTER", 1, 0], name);
  }
  const told = daemon.log().split("read anew").length - 1;
  assertEquals(told, 1, daemon.log());
});
