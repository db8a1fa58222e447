/**
 * The same configuration run by hakeep and by Debian's keepalived, each in a network of its own: as MASTER both give
 * the kernel the same addresses (with labels, scopes, flags and lifetimes), routes and links; and after its stop hakeep
 * leaves what was there before (keepalived leaves addresses with a peer).
 */
import { assertEquals } from "@std/assert";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;

interface Case {
  readonly name: string;
  readonly globals?: readonly string[];
  /** Lines of the instance besides interface, vrid, priority, version and interval. */
  readonly lines: readonly string[];
  /** An address that is there when the instance is MASTER. */
  readonly held: string;
  /** Version 2 has no interval below a second. */
  readonly isVersion2?: true;
}

function block(name: string, ...lines: string[]): string {
  return [`${name} {`, ...lines.map((line) => `    ${line}`), "  }"].join("\n");
}

const VIP = block("virtual_ipaddress", "10.77.1.1/16");

const CASES: readonly Case[] = [
  {
    name: "a host prefix by default",
    lines: [block("virtual_ipaddress", "10.77.1.1")],
    held: "10.77.1.1/32",
  },
  {
    name: "labels, with and without the interface's name",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16 label eth0:1",
      "10.77.1.2/16 dev eth0 label eth0:second",
      "10.77.1.3/32 label vip",
    )],
    held: "10.77.1.3/32",
  },
  {
    name: "scopes by name and number",
    lines: [block(
      "virtual_ipaddress",
      "10.81.1.1/16 scope site",
      "10.82.1.1/16 scope link",
      "10.83.1.1/16 scope host",
      "10.84.1.1/16 scope global",
      "10.85.1.1/16 scope 100",
    )],
    held: "10.85.1.1/16",
  },
  {
    name: "broadcast addresses",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16 brd 10.77.255.255",
      "10.78.1.1/24 brd +",
      "10.79.1.1/24 brd -",
      "10.80.1.1/24",
    )],
    held: "10.80.1.1/24",
  },
  {
    name: "point-to-point addresses",
    lines: [
      block(
        "virtual_ipaddress",
        "10.90.0.1 peer 10.90.0.2",
        "10.91.0.1/24 peer 10.91.0.2",
      ),
    ],
    held: "10.91.0.1/32",
  },
  {
    name: "no prefix route",
    lines: [
      block("virtual_ipaddress", "10.92.0.1/24 noprefixroute", "10.93.0.1/24"),
    ],
    held: "10.93.0.1/24",
  },
  {
    name: "addresses of another interface, tracked and not",
    lines: [
      block(
        "virtual_ipaddress",
        "10.94.0.1/24 dev eth1",
        "10.95.0.1/24 dev eth1 no_track",
      ),
    ],
    held: "10.95.0.1/24",
  },
  {
    name: "an excluded address of either family",
    lines: [
      VIP,
      block(
        "virtual_ipaddress_excluded",
        "10.77.2.1/16",
        "fd77::1/64",
        "fd78::1",
      ),
    ],
    held: "fd78::1/128",
  },
  {
    name: "IPv6 with link-local, prefix and host addresses",
    lines: [
      block(
        "virtual_ipaddress",
        "fe80::77/64",
        "fd77::1/64",
        "fd77::2",
        "fd79::1/48 dev eth1",
      ),
    ],
    held: "fd79::1/48",
  },
  {
    name: "IPv6 addresses without prefix route",
    lines: [block("virtual_ipaddress", "fe80::77", "fd77::1/64 noprefixroute")],
    held: "fd77::1/64",
  },
  {
    name: "VRRPv2 with a password and an owner's priority",
    lines: [
      "state MASTER",
      block("authentication", "auth_type PASS", "auth_pass secret"),
      VIP,
    ],
    held: "10.77.1.1/16",
    isVersion2: true,
  },
  {
    name: "unicast with a source address",
    lines: [
      "unicast_src_ip 10.77.0.1",
      block("unicast_peer", "10.77.0.2"),
      VIP,
    ],
    held: "10.77.1.1/16",
  },
  {
    name: "timers and gratuitous ARP settings",
    globals: [
      "vrrp_garp_master_delay 1",
      "vrrp_garp_master_repeat 2",
      "vrrp_garp_master_refresh 1",
      "vrrp_garp_lower_prio_repeat 1",
    ],
    lines: [
      "garp_master_delay 2",
      "garp_master_repeat 3",
      "garp_lower_prio_delay 1",
      "lower_prio_no_advert true",
      "higher_prio_send_advert true",
      "down_timer_adverts 2",
      "skip_check_adv_addr",
      VIP,
    ],
    held: "10.77.1.1/16",
  },
  {
    name: "a virtual MAC address with vmac_xmit_base",
    lines: ["use_vmac vip51", "vmac_xmit_base", VIP],
    held: "10.77.1.1/16",
  },
  {
    name: "a virtual MAC address of IPv6",
    lines: [
      "use_vmac",
      block("virtual_ipaddress", "fe80::77/64", "fd77::1/64"),
    ],
    held: "fd77::1/64",
  },
  {
    name: "twenty addresses of one subnet",
    lines: [block(
      "virtual_ipaddress",
      ...Array.from({ length: 20 }, (_, i) => `10.77.3.${i + 1}/16`),
    )],
    held: "10.77.3.20/16",
  },
];

function text({ globals = [], lines, isVersion2 }: Case): string {
  return `global_defs {
  ${globals.join("\n  ")}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${isVersion2 ? 255 : 150}
  ${isVersion2 ? "version 2" : "version 3\n  advert_int 0.1"}
  ${lines.join("\n  ")}
}
`;
}

interface ShownAddress {
  readonly local?: string;
  readonly scope?: string;
  readonly prefixlen?: number;
}

interface ShownLink {
  readonly ifname: string;
  readonly addr_info: readonly ShownAddress[];
}

/** A host's own link-local addresses come from chance. */
function isByChance({ local, scope }: ShownAddress): boolean {
  return scope === "link" && local !== "fe80::77" &&
    (local ?? "").startsWith("fe80");
}

async function kernelState(lab: Lab): Promise<unknown> {
  const links: ShownLink[] = JSON.parse(
    await lab.ip("a", "-j", "addr", "show"),
  );
  const routes: { readonly dst: string }[] = [];
  for (const family of ["-4", "-6"]) {
    const shown = JSON.parse(
      await lab.ip("a", "-j", family, "route", "show", "table", "all"),
    );
    routes.push(...shown);
  }
  return {
    links: links.map(({ ifname, addr_info }) => ({
      ifname,
      addresses: addr_info.filter((one) => !isByChance(one)),
    })),
    routes: routes.filter(({ dst }) =>
      !dst.startsWith("fe80:") || dst === "fe80::77"
    )
      .map((route) => JSON.stringify(route)).toSorted(),
  };
}

async function settledState(lab: Lab): Promise<unknown> {
  let before = "";
  let last: unknown;
  await eventually("the kernel settles", READY_MS, async () => {
    last = await kernelState(lab);
    const now = JSON.stringify(last);
    const isSame = now === before;
    before = now;
    return isSame;
  });
  return last;
}

interface Outcome {
  readonly before: unknown;
  readonly master: unknown;
  readonly stopped: unknown;
}

async function outcome(kind: DaemonKind, one: Case): Promise<Outcome> {
  await using lab = await Lab.create({ hosts: ["a"] });
  const peer = ["peer", "name", "far"];
  await lab.ip("a", "link", "add", "eth1", "type", "veth", ...peer);
  await lab.ip("a", "link", "set", "far", "up");
  await lab.ip("a", "link", "set", "eth1", "up");
  const before = await settledState(lab);
  const daemon = startDaemon(lab, "a", kind, text(one));
  await eventually(
    `${kind} has ${one.held}\n${daemon.log()}`,
    READY_MS,
    () => lab.holds("a", one.held),
  );
  const master = await settledState(lab);
  daemon.kill("SIGTERM");
  await daemon.ended;
  return { before, master, stopped: await settledState(lab) };
}

for (const one of CASES) {
  Deno.test(`hakeep and keepalived give the kernel the same: ${one.name}`, async () => {
    const [ours, theirs] = await Promise.all([
      outcome("hakeep", one),
      outcome("keepalived", one),
    ]);
    assertEquals(ours.master, theirs.master);
    assertEquals(ours.stopped, ours.before);
  });
}
