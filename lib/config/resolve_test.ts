/** Every default, and what is left out because it would mean nothing. Section numbers are RFC 9568's. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { resolveRouters } from "./resolve.ts";
import { readToml } from "./toml/read.ts";

function routers(text: string): readonly RouterConfig[] {
  const { config } = readToml({ name: "t", text, includedFrom: undefined });
  return config === undefined ? [] : resolveRouters(config);
}

/** One router whose instance has `lines` besides what it needs. */
function router(lines = "", globals = ""): RouterConfig {
  const vip = lines.includes("virtual_ipaddress =")
    ? ""
    : 'virtual_ipaddress = ["192.0.2.10/24"]\n';
  const [one] = routers(
    `[global_defs]\n${globals}\n[vrrp_instance.VI]\ninterface = "eth0"\nvirtual_router_id = 51\n${vip}${lines}\n`,
  );
  if (one === undefined) throw new Error(`no router from ${lines}`);
  return one;
}

const NS_PER_SECOND = 1_000_000_000;

Deno.test("resolveRouters() gives everything a value", () => {
  assertEquals<unknown>(router(), {
    name: "VI",
    vrid: 51,
    family: 4,
    version: 2,
    interface: "eth0",
    ownLink: undefined,
    addressLinks: [],
    priority: 100,
    initialState: "BACKUP",
    advertIntervalNs: NS_PER_SECOND,
    downTimerAdverts: 3,
    preempt: true,
    preemptDelayNs: 0,
    virtualAddresses: [{
      address: "192.0.2.10",
      prefixLength: 24,
      interface: "eth0",
      label: undefined,
      scope: 0,
      broadcast: undefined,
      peer: undefined,
      noTrack: false,
      flags: 0,
      preferredSeconds: undefined,
    }],
    excludedAddresses: [],
    policies: [],
    sourceAddress: undefined,
    multicastGroup: "224.0.0.18",
    unicastPeers: undefined,
    unicastTtl: undefined,
    checkUnicastSource: false,
    authentication: { kind: "none" },
    advertHmac: undefined,
    oldUnicastChecksum: undefined,
    timerExpiredBackup: undefined,
    v3ChecksumAsV2: false,
    skipCheckAdvertAddresses: false,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    acceptsPackets: true,
    trackPrimary: true,
    promotesSecondaries: false,
    links: [],
    gratuitousArp: {
      masterDelayNs: 5 * NS_PER_SECOND,
      masterRepeat: 5,
      masterRefreshNs: 0,
      masterRefreshRepeat: 1,
      extraIntervalNs: 0,
      extraInterfaces: [],
      lowerPriorityDelayNs: 5 * NS_PER_SECOND,
      lowerPriorityRepeat: 5,
    },
  });
});

Deno.test("resolveRouters() leaves out an instance that lacks its interface or virtual_router_id", () => {
  assertEquals(routers('[vrrp_instance.a]\ninterface = "eth0"\n'), []);
  assertEquals(routers("[vrrp_instance.a]\nvirtual_router_id = 1\n"), []);
});

/** What one setting makes of one field: [lines of the instance, global_defs, field, value]. */
const CASES:
  readonly (readonly [string, string, keyof RouterConfig, unknown])[] = [
    // Family and version.
    ['virtual_ipaddress = ["fe80::1"]', "", "family", 6],
    ['virtual_ipaddress = ["fe80::1"]', "", "version", 3],
    ['virtual_ipaddress = ["fe80::1"]', "vrrp_version = 2", "version", 3],
    ["", "vrrp_version = 3", "version", 3],
    ["version = 2", "vrrp_version = 3", "version", 2],
    ["native_ipv6 = true\nvirtual_ipaddress = []", "", "family", 6],
    [
      'virtual_ipaddress = []\nunicast_src_ip = "2001:db8::1"',
      "",
      "family",
      6,
    ],
    ['virtual_ipaddress = []\nunicast_peer = ["2001:db8::1"]', "", "family", 6],
    [
      'virtual_ipaddress = []\nvirtual_ipaddress_excluded = ["fe80::1"]',
      "",
      "family",
      4,
    ],
    // Priority and state.
    ['state = "MASTER"', "", "priority", 255],
    ['state = "MASTER"', "", "initialState", "MASTER"],
    ['state = "MASTER"\npriority = 150', "", "priority", 150],
    ["priority = 255", "", "initialState", "MASTER"],
    ['priority = 255\nstate = "BACKUP"', "", "initialState", "BACKUP"],
    // Preemption.
    ["nopreempt = true", "", "preempt", false],
    ['nopreempt = true\nstate = "MASTER"\npriority = 9', "", "preempt", true],
    ["nopreempt = true\npriority = 255", "", "preempt", true],
    ["preempt_delay = 30", "", "preemptDelayNs", 30e9],
    ["preempt_delay = 30\nnopreempt = true", "", "preemptDelayNs", 0],
    [
      'preempt_delay = 30\nstate = "MASTER"\npriority = 9',
      "",
      "preemptDelayNs",
      0,
    ],
    // Intervals.
    ["advert_int = 0.3", "", "advertIntervalNs", 1e9],
    ["advert_int = 1.5", "", "advertIntervalNs", 2e9],
    ["advert_int = 255", "", "advertIntervalNs", 255e9],
    ["advert_int = 0.3\nversion = 3", "", "advertIntervalNs", 0.3e9],
    ["advert_int = 0.014\nversion = 3", "", "advertIntervalNs", 0.01e9],
    ["advert_int = 60\nversion = 3", "", "advertIntervalNs", 40.95e9],
    ["", "vrrp_down_timer_adverts = 7", "downTimerAdverts", 7],
    [
      "down_timer_adverts = 2",
      "vrrp_down_timer_adverts = 7",
      "downTimerAdverts",
      2,
    ],
    // Traffic.
    ["", 'vrrp_mcast_group4 = "224.0.0.77"', "multicastGroup", "224.0.0.77"],
    [
      'mcast_dst_ip = "224.0.0.78"',
      'vrrp_mcast_group4 = "224.0.0.77"',
      "multicastGroup",
      "224.0.0.78",
    ],
    ['mcast_dst_ip = "ff02::99"', "", "multicastGroup", "224.0.0.18"],
    ['virtual_ipaddress = ["fe80::1"]', "", "multicastGroup", "ff02::12"],
    [
      'virtual_ipaddress = ["fe80::1"]',
      'vrrp_mcast_group6 = "ff02::77"',
      "multicastGroup",
      "ff02::77",
    ],
    ['mcast_src_ip = "192.0.2.1"', "", "sourceAddress", "192.0.2.1"],
    [
      'mcast_src_ip = "192.0.2.1"\nunicast_src_ip = "192.0.2.2"',
      "",
      "sourceAddress",
      "192.0.2.2",
    ],
    ['mcast_src_ip = "2001:db8::1"', "", "sourceAddress", undefined],
    ["unicast_peer = []", "", "unicastPeers", undefined],
    ['unicast_peer = ["2001:db8::1"]', "", "unicastPeers", undefined],
    ["unicast_ttl = 5", "", "unicastTtl", undefined],
    ['unicast_ttl = 5\nunicast_peer = ["192.0.2.2"]', "", "unicastTtl", 5],
    [
      'unicast_peer = [{ address = "192.0.2.2", min_ttl = 255 }]',
      "",
      "checkUnicastSource",
      true,
    ],
    // Authentication: VRRPv2 over IPv4 only (§9).
    [
      'authentication = { auth_type = "PASS", auth_pass = "123456789" }',
      "",
      "authentication",
      { kind: "pass", password: "12345678" },
    ],
    [
      'version = 3\nauthentication = { auth_type = "PASS", auth_pass = "1" }',
      "",
      "authentication",
      { kind: "none" },
    ],
    [
      'authentication = { auth_pass = "1" }',
      "",
      "authentication",
      { kind: "none" },
    ],
    // Global settings that instances inherit.
    ["", "vrrp_skip_check_adv_addr = true", "skipCheckAdvertAddresses", true],
    [
      "skip_check_adv_addr = false",
      "vrrp_skip_check_adv_addr = true",
      "skipCheckAdvertAddresses",
      false,
    ],
    ["", "vrrp_lower_prio_no_advert = true", "lowerPriorityNoAdvert", true],
    [
      "",
      "vrrp_higher_prio_send_advert = true",
      "higherPrioritySendAdvert",
      true,
    ],
    ["", "v3_checksum_as_v2 = true", "v3ChecksumAsV2", true],
    ["owner_ignore_adverts = true", "", "ownerIgnoreAdverts", false],
    [
      "owner_ignore_adverts = true\npriority = 255",
      "",
      "ownerIgnoreAdverts",
      true,
    ],
    ["dont_track_primary = true", "", "trackPrimary", false],
  ];

for (const [lines, globals, field, value] of CASES) {
  const said = [globals, lines].filter((one) => one !== "").join("; ")
    .replaceAll("\n", "; ");
  Deno.test(`resolveRouters() makes ${field} ${JSON.stringify(value)} of ${said}`, () => {
    const found: unknown = router(lines, globals)[field];
    assertEquals(found, value);
  });
}

Deno.test("an instance's announcements are its own, else the global ones, else the default", () => {
  const globals =
    "vrrp_garp_master_delay = 2\nvrrp_garp_master_repeat = 3\nvrrp_garp_master_refresh = 60";
  assertEquals(router("", globals).gratuitousArp, {
    masterDelayNs: 2e9,
    masterRepeat: 3,
    masterRefreshNs: 60e9,
    masterRefreshRepeat: 1,
    extraIntervalNs: 0,
    extraInterfaces: [],
    // Those for lower priorities follow the global ones for masters.
    lowerPriorityDelayNs: 2e9,
    lowerPriorityRepeat: 3,
  });
  const own =
    "garp_master_delay = 0\ngarp_master_repeat = 1\ngarp_lower_prio_repeat = 0";
  assertEquals(router(own, globals).gratuitousArp, {
    masterDelayNs: 0,
    masterRepeat: 1,
    masterRefreshNs: 60e9,
    masterRefreshRepeat: 1,
    extraIntervalNs: 0,
    extraInterfaces: [],
    lowerPriorityDelayNs: 2e9,
    lowerPriorityRepeat: 0,
  });
});

Deno.test("virtual addresses get their device, length, scope and broadcast address", () => {
  const { virtualAddresses } = router(`virtual_ipaddress = [
    "192.0.2.10",
    { address = "192.0.2.77/26", dev = "eth1", label = "eth1:1", scope = "link", brd = "+" },
    { address = "192.0.2.78/20", brd = "-", scope = 7 },
    { address = "192.0.2.79/0", brd = "192.0.2.255", scope = "host" },
    { address = "192.0.2.10", no_track = true },
    "2001:db8::1",
  ]`);
  const rows = virtualAddresses.map((one) =>
    [
      one.address,
      one.prefixLength,
      one.interface,
      one.label,
      one.scope,
      one.broadcast,
    ].map((cell) => cell ?? "-").join(" ")
  );
  assertEquals(rows, [
    "192.0.2.10 32 eth0 - 0 -",
    "192.0.2.77 26 eth1 eth1:1 253 192.0.2.127",
    "192.0.2.78 20 eth0 - 7 192.0.0.0",
    "192.0.2.79 0 eth0 - 254 192.0.2.255",
  ]);
});

Deno.test("excluded addresses may be of either family, and IPv6 has no label and no broadcast address", () => {
  const { excludedAddresses } = router(
    'virtual_ipaddress_excluded = [{ address = "2001:db8::1", label = "x", brd = "+" }, "192.0.2.11"]',
  );
  assertEquals(
    excludedAddresses.map(({ address, prefixLength, label, broadcast }) =>
      `${address} ${prefixLength} ${label} ${broadcast}`
    ),
    [
      "2001:db8::1 128 undefined undefined",
      "192.0.2.11 32 undefined undefined",
    ],
  );
});

Deno.test("the interval of any file is one that its version can carry (§5.2.7)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25500 }),
      fc.constantFrom(2, 3),
      (centiseconds, version) => {
        const { advertIntervalNs } = router(
          `version = ${version}\nadvert_int = "${centiseconds * 10}ms"`,
        );
        const step = version === 2 ? NS_PER_SECOND : NS_PER_SECOND / 100;
        const max = version === 2 ? 255 : 4095;
        const steps = advertIntervalNs / step;
        return Number.isInteger(steps) && steps >= 1 && steps <= max;
      },
    ),
    { numRuns: 200 },
  );
});
