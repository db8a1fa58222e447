/**
 * Virtual MAC addresses: links of our own on the real kernel, beside Debian's keepalived.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import {
  type DaemonKind,
  killTree,
  type RunningDaemon,
  startDaemon,
  startWithFile,
} from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const MAC = "00:00:5e:00:01:33";
const FAST = ["version 3", "advert_int 0.1"];

function vmacText(priority: number, lines: readonly string[] = []): string {
  return instanceText({ priority, lines: [...FAST, "use_vmac", ...lines] });
}

async function isMaster(
  lab: Lab,
  host: string,
  daemon: RunningDaemon,
): Promise<void> {
  await eventually(
    `${host} has the address\n${daemon.log()}`,
    READY_MS,
    () => lab.holds(host, `${VIP}/16`),
  );
}

interface ShownLink {
  readonly ifname: string;
  readonly link?: string;
  readonly flags: readonly string[];
  readonly address: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: { readonly mode?: string };
  };
}

const SETTINGS = [
  "ipv4/conf/vrrp.51/arp_ignore",
  "ipv4/conf/vrrp.51/accept_local",
  "ipv4/conf/vrrp.51/rp_filter",
  "ipv4/conf/vrrp.51/promote_secondaries",
  "ipv6/conf/vrrp.51/disable_ipv6",
  "ipv4/conf/eth0/arp_ignore",
  "ipv4/conf/eth0/arp_filter",
];

/** Links, addresses and settings that a virtual MAC address is about. */
async function kernelState(lab: Lab, host: string): Promise<unknown> {
  const links: ShownLink[] = JSON.parse(
    await lab.ip(host, "-j", "-d", "link", "show"),
  );
  const settings = await lab.inside(
    host,
    "sh",
    "-c",
    `cd /proc/sys/net && cat ${SETTINGS.join(" ")}`,
  );
  return {
    links: links.filter(({ linkinfo }) => linkinfo?.info_kind === "macvlan")
      .map(({ ifname, link, flags, address, linkinfo }) => ({
        ifname,
        link,
        address,
        isUp: flags.includes("UP"),
        mode: linkinfo?.info_data?.mode,
      })),
    addresses: (await lab.addresses(host)).filter((one) =>
      !one.startsWith("fe80")
    ).toSorted(),
    settings: settings.stdout.split("\n"),
  };
}

Deno.test("hakeep and keepalived give the kernel the same link, addresses and settings with use_vmac", async () => {
  const config = instanceText({
    priority: 150,
    lines: [...FAST, "use_vmac"],
    addresses: [
      `${VIP}/16`,
      "10.77.1.2/32 dev eth0",
      "10.77.1.3/16 label far:1",
    ],
  });
  const outcome = async (kind: DaemonKind) => {
    await using lab = await Lab.create({ hosts: ["a"] });
    const daemon = startDaemon(lab, "a", kind, config);
    await isMaster(lab, "a", daemon);
    const master = await kernelState(lab, "a");
    daemon.kill("SIGTERM");
    await daemon.ended;
    return {
      master,
      left: await lab.ip("a", "-br", "link", "show", "type", "macvlan"),
    };
  };
  const [ours, theirs] = await Promise.all([
    outcome("hakeep"),
    outcome("keepalived"),
  ]);
  assertEquals(ours, theirs);
});

/** Settings of host a below net/ipv4, by their paths. */
async function ipv4Settings(lab: Lab, paths: string): Promise<string> {
  const { stdout } = await lab.inside(
    "a",
    "sh",
    "-c",
    `cd /proc/sys/net/ipv4 && grep . ${paths}`,
  );
  return stdout;
}

Deno.test("the host's own settings are after a stop what they were before", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const read = () =>
    ipv4Settings(
      lab,
      "conf/*/rp_filter conf/eth0/arp_* igmp_link_local_mcast_reports",
    );
  await lab.inside("a", "sysctl", "-q", "-w", "net.ipv4.conf.all.rp_filter=1");
  const before = await read();
  const daemon = startDaemon(lab, "a", "hakeep", vmacText(150));
  await isMaster(lab, "a", daemon);
  const all = await lab.inside(
    "a",
    "cat",
    "/proc/sys/net/ipv4/conf/all/rp_filter",
  );
  assertEquals(all.stdout.trim(), "0");
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  assertEquals(await read(), before);
});

Deno.test("what a killed daemon borrowed of the host is set back by the next one, which has no use for it", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const read = () =>
    ipv4Settings(
      lab,
      "conf/all/rp_filter conf/default/rp_filter conf/lo/rp_filter conf/eth0/rp_filter conf/eth0/arp_* igmp_link_local_mcast_reports",
    );
  await lab.inside("a", "sysctl", "-q", "-w", "net.ipv4.conf.all.rp_filter=1");
  const before = await read();
  const killed = startDaemon(lab, "a", "hakeep", vmacText(150));
  await isMaster(lab, "a", killed);
  assertNotEquals(await read(), before);
  await killTree(killed.pid);
  await killed.ended;
  const path = `${killed.runtimeDir}/plain.conf`;
  await Deno.writeTextFile(
    path,
    instanceText({
      priority: 150,
      vrid: 52,
      lines: FAST,
      addresses: ["10.77.1.9/16"],
    }),
  );
  const next = startWithFile(lab, "a", "hakeep", path, killed.runtimeDir, []);
  await eventually(
    `the next one is MASTER\n${next.log()}`,
    READY_MS,
    () => lab.holds("a", "10.77.1.9/16"),
  );
  assertEquals(await read(), before);
});

Deno.test("disable_local_igmp ends reports of link-local groups as long as the daemon runs, as under keepalived", async () => {
  const read = async (lab: Lab) => {
    const { stdout } = await lab.inside(
      "a",
      "cat",
      "/proc/sys/net/ipv4/igmp_link_local_mcast_reports",
    );
    return stdout.trim();
  };
  const outcome = async (kind: DaemonKind) => {
    await using lab = await Lab.create({ hosts: ["a"] });
    const seen = [await read(lab)];
    const daemon = startDaemon(
      lab,
      "a",
      kind,
      instanceText({
        priority: 150,
        lines: FAST,
        globals: ["disable_local_igmp"],
      }),
    );
    await isMaster(lab, "a", daemon);
    seen.push(await read(lab));
    daemon.kill("SIGTERM");
    await daemon.ended;
    return [...seen, await read(lab)];
  };
  assertEquals(await outcome("hakeep"), ["1", "0", "1"]);
  assertEquals(await outcome("keepalived"), ["1", "0", "1"]);
});

/** Links with virtual MAC addresses, all addresses, and the settings of links that have to do with them. */
async function linksAndSettings(lab: Lab, host: string): Promise<unknown> {
  const links: (ShownLink & { readonly inet6_addr_gen_mode?: string })[] = JSON
    .parse(await lab.ip(host, "-j", "-d", "link", "show"));
  const shown: {
    ifname: string;
    addr_info: { local?: string; prefixlen: number }[];
  }[] = JSON.parse(await lab.ip(host, "-j", "addr", "show"));
  const made = links.filter(({ linkinfo }) =>
    linkinfo?.info_kind === "macvlan"
  );
  const keys = [
    "arp_ignore",
    "accept_local",
    "rp_filter",
    "promote_secondaries",
  ];
  const { stdout: settings } = await lab.inside(
    host,
    "sh",
    "-c",
    `cd /proc/sys/net; grep . ${
      [
        ...made.flatMap(({ ifname }) => [
          ...keys.map((key) => `ipv4/conf/${ifname}/${key}`),
          `ipv6/conf/${ifname}/disable_ipv6`,
          `ipv6/conf/${ifname}/addr_gen_mode`,
        ]),
        ...["eth0", "eth1"].flatMap((name) => [
          `ipv4/conf/${name}/arp_ignore`,
          `ipv4/conf/${name}/arp_filter`,
        ]),
      ].toSorted().join(" ")
    }`,
  );
  return {
    links: made.map(({ ifname, link, address, flags, linkinfo }) =>
      `${ifname}@${link} ${address} ${linkinfo?.info_data?.mode} ${
        flags.includes("UP")
      }`
    ).toSorted(),
    addresses: shown.flatMap(({ ifname, addr_info }) =>
      addr_info.map(({ local, prefixlen }) =>
        `${ifname} ${
          local?.startsWith("fe80") ? "link-local" : local
        }/${prefixlen}`
      )
    ).toSorted(),
    settings: settings.split("\n"),
  };
}

const ADDRESSES_ELSEWHERE: readonly {
  readonly name: string;
  readonly lines: readonly string[];
  readonly addresses: readonly string[];
  readonly globals?: readonly string[];
}[] = [
  {
    name: "use_vmac and use_vmac_addr",
    lines: ["use_vmac", "use_vmac_addr"],
    addresses: [`${VIP}/16`, "10.78.1.1/16 dev eth1", "10.77.1.2/32 dev eth0"],
  },
  {
    name: "use_vmac_addr alone",
    lines: [
      "use_vmac_addr",
      "virtual_ipaddress_excluded {",
      "fd77::5/64",
      "fd78::5/64 dev eth1",
      "10.78.1.5/32 dev eth1",
      "}",
    ],
    addresses: [`${VIP}/16`],
  },
  {
    name: "use_vmac of addresses, with names of their own",
    lines: [
      "use_vmac foo",
      "virtual_ipaddress_excluded {",
      "fd77::5/64",
      "fd78::5/64 dev eth1 use_vmac",
      "}",
    ],
    addresses: [`${VIP}/16`, "10.78.1.1/16 dev eth1 use_vmac"],
    globals: ["vmac_prefix aa", "vmac_addr_prefix bb"],
  },
  {
    name: "use_vmac of an address on the interface itself",
    lines: [],
    addresses: [`${VIP}/16 use_vmac`, "10.77.1.2/32"],
  },
];

for (const { name, lines, addresses, globals = [] } of ADDRESSES_ELSEWHERE) {
  Deno.test(`hakeep and keepalived give the kernel the same links, addresses and settings with ${name}`, async () => {
    const config = instanceText({
      priority: 150,
      lines: [...FAST, ...lines],
      addresses,
      globals,
    });
    const outcome = async (kind: DaemonKind) => {
      await using lab = await Lab.create({ hosts: ["a"] });
      await lab.ip(
        "a",
        "link",
        "add",
        "eth1",
        "type",
        "veth",
        "peer",
        "name",
        "far1",
      );
      for (const link of ["far1", "eth1"]) {
        await lab.ip("a", "link", "set", link, "up");
      }
      await lab.ip("a", "addr", "add", "10.78.0.1/16", "dev", "eth1");
      await eventually(
        "link-local addresses are usable",
        READY_MS,
        async () =>
          (await lab.ip("a", "-6", "addr", "show", "tentative")) === "",
      );
      const daemon = startDaemon(lab, "a", kind, config);
      await isMaster(lab, "a", daemon);
      await eventually(
        "no address is tentative",
        READY_MS,
        async () =>
          (await lab.ip("a", "-6", "addr", "show", "tentative")) === "",
      );
      const master = await linksAndSettings(lab, "a");
      daemon.kill("SIGTERM");
      await daemon.ended;
      return {
        master,
        left: await lab.ip("a", "-br", "link", "show", "type", "macvlan"),
      };
    };
    const [ours, theirs] = await Promise.all([
      outcome("hakeep"),
      outcome("keepalived"),
    ]);
    assertEquals(ours, theirs);
  });
}

const PAIRS: readonly (readonly [DaemonKind, DaemonKind])[] = [
  ["hakeep", "keepalived"],
  ["keepalived", "hakeep"],
  ["hakeep", "hakeep"],
];

for (const [first, second] of PAIRS) {
  Deno.test(`${first} and ${second} hand one virtual MAC address over, and a client of hakeep knows it by that alone`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b", "client"] });
    const a = startDaemon(lab, "a", first, vmacText(150));
    const b = startDaemon(lab, "b", second, vmacText(100));
    await isMaster(lab, "a", a);
    const ping = () =>
      lab.inside("client", "ping", "-c", "1", "-W", "1", VIP)
        .then(({ code }) => code === 0);
    const neighbour = async () =>
      (await lab.ip("client", "neigh", "show", VIP)).includes(MAC);
    await eventually("the client reaches the address", READY_MS, ping);
    // keepalived's own requests tell the client its interface's address instead.
    if (first === "hakeep") assertEquals(await neighbour(), true);
    await killTree(a.pid);
    // What a killed daemon leaves would answer beside the new master.
    await lab.ip("a", "link", "set", "eth0", "down");
    await isMaster(lab, "b", b);
    await eventually("the client reaches it again", READY_MS, ping);
    if (second === "hakeep") assertEquals(await neighbour(), true);
  });
}

Deno.test("a daemon that was killed leaves its link to the next one, which goes on with it", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const killed = startDaemon(lab, "a", "hakeep", vmacText(150));
  await isMaster(lab, "a", killed);
  const index = () =>
    lab.inside("a", "cat", "/sys/class/net/vrrp.51/ifindex")
      .then(({ stdout }) => stdout);
  const before = await index();
  await killTree(killed.pid);
  await killed.ended;
  const next = startDaemon(lab, "a", "hakeep", vmacText(150));
  await eventually(
    `the next one is MASTER\n${next.log()}`,
    READY_MS,
    () => Promise.resolve(next.log().includes("entering MASTER")),
  );
  assertEquals(await index(), before);
  assertEquals(await lab.holds("a", `${VIP}/16`), true);
});

Deno.test("a link that somebody deletes is back at once, with its address", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(lab, "a", "hakeep", vmacText(150));
  await isMaster(lab, "a", daemon);
  await lab.ip("a", "link", "delete", "vrrp.51");
  await eventually(
    `the address is back\n${daemon.log()}`,
    1000,
    () => lab.holds("a", `${VIP}/16`),
  );
  assertEquals(daemon.log().includes("FAULT"), false);
});
