/**
 * Sync groups between hakeep and Debian's keepalived: both addresses are always on the same host.
 */
import { assertEquals } from "@std/assert";
import {
  type DaemonKind,
  hasState,
  killTree,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const INSIDE = "10.77.1.1/16";
const OUTSIDE = "10.77.2.1/16";

/** Two instances of one group; `uplink` is what the second one needs. */
function groupText(priority: number): string {
  const instance = (
    name: string,
    vrid: number,
    address: string,
    lines: string,
  ) =>
    `vrrp_instance ${name} {
  interface eth0
  version 3
  advert_int 0.1
  virtual_router_id ${vrid}
  priority ${priority}
  ${lines}
  virtual_ipaddress {
    ${address}
  }
}
`;
  return `vrrp_sync_group G {
  group {
    inside
    outside
  }
}
${instance("inside", 51, INSIDE, "")}
${instance("outside", 52, OUTSIDE, "track_interface {\n    uplink\n  }")}`;
}

const PAIRS: readonly (readonly [DaemonKind, DaemonKind])[] = [
  ["hakeep", "hakeep"],
  ["hakeep", "keepalived"],
  ["keepalived", "hakeep"],
];

async function addUplink(lab: Lab, host: string): Promise<void> {
  const peer = ["peer", "name", "far"];
  await lab.ip(host, "link", "add", "uplink", "type", "veth", ...peer);
  await lab.ip(host, "link", "set", "far", "up");
  await lab.ip(host, "link", "set", "uplink", "up");
}

async function holdsBoth(lab: Lab, host: string): Promise<boolean> {
  const held = await lab.addresses(host);
  return held.includes(INSIDE) && held.includes(OUTSIDE);
}

async function holdsNone(lab: Lab, host: string): Promise<boolean> {
  const held = await lab.addresses(host);
  return !held.includes(INSIDE) && !held.includes(OUTSIDE);
}

for (const [first, second] of PAIRS) {
  Deno.test(`the group of ${first} moves as a whole to ${second} and back, by an interface and by a crash`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b"] });
    for (const host of ["a", "b"]) {
      await addUplink(lab, host);
    }
    const a = startDaemon(lab, "a", first, groupText(150));
    const b = startDaemon(lab, "b", second, groupText(100));
    const isAt = (host: string, other: string) =>
      eventually(
        `${host} has both addresses and ${other} none\n${a.log()}\n${b.log()}`,
        READY_MS,
        async () => await holdsBoth(lab, host) && await holdsNone(lab, other),
      );
    await isAt("a", "b");
    // Only the second instance minds; the first one has to go with it.
    await lab.ip("a", "link", "set", "uplink", "down");
    await isAt("b", "a");
    await lab.ip("a", "link", "set", "uplink", "up");
    await isAt("a", "b");
    await killTree(a.pid);
    await eventually(
      `b has both addresses\n${b.log()}`,
      READY_MS,
      () => holdsBoth(lab, "b"),
    );
  });
}

Deno.test("status names the group, and the member that holds it", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(lab, "a", "hakeep", groupText(150));
  const status = await hasState(daemon, "WAITING");
  assertEquals(status.sync_groups, [
    { name: "G", state: "WAITING", members: ["inside", "outside"] },
  ]);
  assertEquals(
    status.instances.map(({ name, reason }) => `${name}: ${reason}`),
    [
      "inside: sync group G is held by outside",
      "outside: interface uplink does not exist",
    ],
  );
  await addUplink(lab, "a");
  await hasState(daemon, "MASTER");
});

Deno.test("a reload that makes a group of masters disturbs none of them", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  await addUplink(lab, "a");
  const ungrouped = groupText(150).replace(/vrrp_sync_group[^]*?\n}\n/, "");
  const daemon = startDaemon(lab, "a", "hakeep", ungrouped);
  await hasState(daemon, "MASTER");
  const before = daemon.log().length;
  Deno.writeTextFileSync(`${daemon.runtimeDir}/config.conf`, groupText(150));
  daemon.kill("SIGHUP");
  await eventually(
    "the group is there",
    READY_MS,
    async () => (await statusOf(daemon))?.sync_groups[0]?.state === "MASTER",
  );
  assertEquals(daemon.log().slice(before).includes("entering"), false);
});
