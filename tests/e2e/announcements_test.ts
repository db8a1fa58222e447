/**
 * When gratuitous ARP leaves, on the real wire, beside Debian's keepalived.
 */
import { assertEquals } from "@std/assert";
import { Capture } from "./capture.ts";
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
