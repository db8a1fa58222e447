/**
 * When gratuitous ARP leaves, on the real wire, beside Debian's keepalived.
 */
import { assert, assertEquals } from "@std/assert";
import { Capture, type Sighting } from "./capture.ts";
import { VIP } from "./configurations.ts";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;

interface Seen {
  readonly address: string;
  readonly atMs: number;
}

/** Announcements that `watcher` sees, in milliseconds since the first. */
async function announcements(capture: Capture): Promise<readonly Seen[]> {
  const sightings = (await capture.sightings())
    .filter((one) => one.kind === "announcement");
  const firstNs = sightings[0]?.atNs ?? 0;
  return sightings.map(({ address, atNs }) => ({
    address,
    atMs: (atNs - firstNs) / 1e6,
  }));
}

Deno.test("garp_extra_if all announces one address a second by the link that sends no adverts, as keepalived does", async () => {
  const config = `vrrp_instance VI_1 {
  interface eth1
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.1
  garp_master_delay 0
  garp_master_repeat 1
  garp_extra_if all 1
  virtual_ipaddress {
    10.78.1.1/16
    ${VIP}/16 dev eth0
    10.77.1.2/16 dev eth0
  }
}
`;
  const outcome = async (kind: DaemonKind) => {
    await using lab = await Lab.create({ hosts: ["a", "watcher"] });
    for (const [name, peer] of [["eth1", "far1"]] as const) {
      await lab.ip("a", "link", "add", name, "type", "veth", "peer", peer);
      await lab.ip("a", "link", "set", peer, "up");
      await lab.ip("a", "link", "set", name, "up");
      await lab.ip("a", "addr", "add", "10.78.0.1/16", "dev", name);
    }
    const capture = await Capture.start(lab, "watcher");
    const daemon = startDaemon(lab, "a", kind, config);
    return await eventually(
      `${kind} announced three times more\n${daemon.log()}`,
      READY_MS,
      async () => {
        const seen = await announcements(capture);
        return seen.length >= 5 &&
          seen.slice(0, 5).map(({ address, atMs }) =>
            `${address} ${Math.round(atMs / 1000)}`
          );
      },
    );
  };
  const [ours, theirs] = await Promise.all([
    outcome("hakeep"),
    outcome("keepalived"),
  ]);
  assertEquals(ours, [
    `${VIP} 0`,
    "10.77.1.2 0",
    `${VIP} 1`,
    `${VIP} 2`,
    `${VIP} 3`,
  ]);
  assertEquals(theirs, ours);
});

function owner(
  name: string,
  vrid: number,
  addresses: readonly string[],
): string {
  return `vrrp_instance ${name} {
  state MASTER
  interface eth0
  virtual_router_id ${vrid}
  priority 255
  version 3
  advert_int 0.1
  virtual_ipaddress {
    ${addresses.join("\n    ")}
  }
}
`;
}

const LIMITED = `global_defs {
  vrrp_garp_interval 0.1
  vrrp_gna_interval 0.2
  vrrp_garp_master_delay 0
  vrrp_garp_master_repeat 2
}
garp_group {
  garp_interval 0.15
  interfaces {
    up0
    up1
  }
}
${owner("A", 51, ["10.77.1.1/32", "10.77.1.2/32", "10.78.1.1/32 dev up0"])}
${owner("B", 52, ["10.77.1.3/32", "10.79.1.1/32 dev up1"])}
${owner("C", 53, ["fe80::9:1/128", "fe80::9:2/128"])}`;

/** Each budget: what it is about, its interval, and its frames in order. */
const BUDGETS: readonly {
  readonly addresses: RegExp;
  readonly intervalMs: number;
  readonly order: readonly string[];
}[] = [
  {
    addresses: /^10\.77\./,
    intervalMs: 100,
    order: ["1.1", "1.2", "1.3", "1.1", "1.2", "1.3"].map((one) =>
      `10.77.${one}`
    ),
  },
  {
    addresses: /^10\.7[89]\./,
    intervalMs: 150,
    order: ["10.78.1.1", "10.79.1.1", "10.78.1.1", "10.79.1.1"],
  },
  {
    addresses: /^fe80:/,
    intervalMs: 200,
    order: ["1", "2", "1", "2"].map((one) => `fe80:0:0:0:0:0:9:${one}`),
  },
];
/** Frames on the wire come closer to each other than they left when the machine is busy. */
const SOFT = 0.7;

function gapsMs(seen: readonly Sighting[]): readonly number[] {
  return seen.slice(1).map((one, i) => (one.atNs - (seen[i]?.atNs ?? 0)) / 1e6);
}

const isAnnounced = (addresses: RegExp) => (one: Sighting): boolean =>
  one.kind === "announcement" && addresses.test(one.address);

const isFirst = <T>(one: T, place: number, all: readonly T[]): boolean =>
  all.indexOf(one) === place;

const addressOf = (one: Sighting): string =>
  one.kind === "announcement" ? one.address : "";

/** All that leaves host a until each budget is spent: 2.2.7 announces what waits once, however often it is asked for. */
async function limitedBy(kind: DaemonKind): Promise<readonly Sighting[]> {
  await using lab = await Lab.create({ hosts: ["a", "watcher"] });
  const captures = [await Capture.start(lab, "watcher")];
  for (const name of ["up0", "up1"]) {
    const far = ["peer", "name", `far-${name}`];
    await lab.ip("a", "link", "add", name, "type", "veth", ...far);
    await lab.ip("a", "link", "set", `far-${name}`, "up");
    await lab.ip("a", "link", "set", name, "up");
    captures.push(await Capture.start(lab, "a", "arp", `far-${name}`));
  }
  const daemon = startDaemon(lab, "a", kind, LIMITED);
  return await eventually(
    () => `${kind} announces all\n${daemon.log()}`,
    READY_MS,
    async () => {
      const seen = (await Promise.all(captures.map((one) => one.sightings())))
        .flat().toSorted((one, other) => one.atNs - other.atNs);
      return BUDGETS.every(({ addresses, order }) => {
        const found = seen.filter(isAnnounced(addresses)).map(addressOf);
        return kind === "hakeep"
          ? found.length >= order.length
          : found.filter(isFirst).length >= order.filter(isFirst).length;
      }) && seen;
    },
  );
}

Deno.test("announcements of several instances keep the distance that their interfaces ask for, and no advert waits for them", async () => {
  const [ours, theirs] = await Promise.all([
    limitedBy("hakeep"),
    limitedBy("keepalived"),
  ]);
  for (const { addresses, intervalMs, order } of BUDGETS) {
    const seen = ours.filter(isAnnounced(addresses));
    assertEquals(seen.map(addressOf), order);
    const least = Math.min(...gapsMs(seen));
    assert(least > intervalMs * SOFT, `${order[0]} comes after ${least} ms`);
    const others = theirs.filter(isAnnounced(addresses)).map(addressOf);
    assertEquals(
      others.filter(isFirst).toSorted(),
      order.filter(isFirst).toSorted(),
    );
  }
  for (const vrid of [51, 52, 53]) {
    const adverts = ours.filter((one) =>
      one.kind === "advert" && one.vrid === vrid
    );
    const usual = gapsMs(adverts).toSorted((one, other) => one - other);
    const median = usual[Math.floor(usual.length / 2)] ?? 0;
    assert(adverts.length > 4 && median < 200, `${vrid} all ${median} ms`);
  }
});
