/**
 * kernel_state_test.ts covers the language: each keyword of VRRP's blocks, and each word of an address, a route or a
 * rule, stands in one of its configurations, or says here why it does not.
 */
import { assertEquals } from "@std/assert";
import type { Keyword } from "../../lib/config/keepalived/block.ts";
import { allKeywords } from "../../lib/config/keepalived/top_level.ts";
import { textOf } from "./kernel_state.ts";
import { KERNEL_CASES } from "./kernel_state_cases.ts";

const WHEN = "decides when an instance is MASTER, not what the kernel has then";
const WIRE =
  "is about adverts on the wire, which the differential test compares";
const TOLD = "is about who is told";
const LATER_VERSION = "keepalived 2.2.7 does not have it";
const FILTER = "filters packets in a table that has another name on purpose";
const BOTH_REFUSE = "is an old spelling of another keyword";
const NO_KERNEL = "this kernel has no such links";
const PROCESS = "is about the process";
const MEANS_NOTHING = "means nothing in hakeep";

/** By place and keyword: why no configuration has it. */
const EXCUSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vrrp_instance: {
    preempt: WHEN,
    no_accept: FILTER,
    no_virtual_ipaddress: LATER_VERSION,
    auth_hmac: LATER_VERSION,
    owner_ignore_adverts: LATER_VERSION,
    v3_checksum_as_v2: LATER_VERSION,
    timer_expired_backup: LATER_VERSION,
    thread_timer_expired: LATER_VERSION,
    track_interface: WHEN,
    track_script: WHEN,
    track_file: WHEN,
    track_process: WHEN,
    track_bfd: WHEN,
    track_src_ip: WHEN,
    linkbeat_use_polling: WHEN,
    unicast_fault_no_peer: WHEN,
    notify_master: TOLD,
    notify_backup: TOLD,
    notify_fault: TOLD,
    notify_stop: TOLD,
    notify: TOLD,
    notify_priority_changes: TOLD,
    notify_deleted: TOLD,
    notify_master_rx_lower_pri: TOLD,
    smtp_alert: TOLD,
    garp_extra_if: WIRE,
    vmac_garp_intvl: WIRE,
    old_unicast_checksum: WIRE,
    kernel_rx_buf_size: PROCESS,
    use_ipvlan: NO_KERNEL,
    vrf: NO_KERNEL,
    use_vmac_addr: "has a test of its own beside the virtual MAC",
    debug: MEANS_NOTHING,
    lvs_sync_daemon_interface: "is about load balancing",
  },
  "vrrp_instance/auth_hmac": {
    key: LATER_VERSION,
    active_key: LATER_VERSION,
    time_window: LATER_VERSION,
    anti_replay: LATER_VERSION,
    mode: LATER_VERSION,
  },
  vrrp_sync_group: {
    track_interface: WHEN,
    track_script: WHEN,
    track_file: WHEN,
    track_process: WHEN,
    track_bfd: WHEN,
    sync_group_tracking_weight: WHEN,
    global_tracking: WHEN,
    notify_master: TOLD,
    notify_backup: TOLD,
    notify_fault: TOLD,
    notify_stop: TOLD,
    notify: TOLD,
    notify_priority_changes: TOLD,
    smtp_alert: TOLD,
  },
  global_defs: {
    vrrp_garp_extra_if: WIRE,
    vrrp_vmac_garp_intvl: WIRE,
    vrrp_min_garp: BOTH_REFUSE,
    vrrp_down_timer_adverts: WHEN,
    vrrp_owner_ignore_adverts: LATER_VERSION,
    vrrp_delay_after_boot: LATER_VERSION,
    vrrp_strict: "holds for each instance, whose strict_mode is covered",
    vrrp_iptables: FILTER,
    vrrp_ipsets: FILTER,
    vrrp_notify_fifo: TOLD,
    vrrp_notify_fifo_script: TOLD,
    vrrp_notify_priority_changes: TOLD,
    vrrp_rx_bufs_policy: PROCESS,
    vrrp_rx_bufs_multiplier: PROCESS,
    vrrp_rt_priority: PROCESS,
    vrrp_cpu_affinity: PROCESS,
    vrrp_process_name: PROCESS,
    vrrp_priority: PROCESS,
    vrrp_no_swap: PROCESS,
    vrrp_rlimit_rttime: PROCESS,
    vrrp_rlimit_rtime: PROCESS,
    vrrp_netlink_cmd_rcv_bufs: PROCESS,
    vrrp_netlink_monitor_rcv_bufs: PROCESS,
    vrrp_netlink_cmd_rcv_bufs_force: PROCESS,
    vrrp_netlink_monitor_rcv_bufs_force: PROCESS,
  },
  address: {
    use_vmac: "has a test of its own beside the virtual MAC",
    track_group: WHEN,
  },
  route: {
    vrf: NO_KERNEL,
    track_group: WHEN,
    inet6: "is read as inet is",
    nat: "Linux refuses the type",
    xresolve: "Linux refuses the type",
    mpls: "has a configuration, and Linux may refuse it",
  },
  rule: { track_group: WHEN, inet: "is read as inet6 is" },
};

/** Words of a line, by what the line is about; keepalived.conf(5) has all of them. */
const WORDS: Readonly<Record<string, string>> = {
  address:
    `dev scope broadcast brd label peer home -nodad mngtmpaddr noprefixroute
    autojoin no_track preferred_lft use_vmac track_group`,
  route: `to inet inet6 src from via gw as tos dsfield table protocol scope
    metric priority preference dev oif onlink encap ip ip6 mpls ila id dst
    ttl tc hoplimit flags expires mtu lock advmss rtt rttvar reordering window
    cwnd ssthresh realms rto_min initcwnd initrwnd features ecn quickack
    congctl pref low medium high ttl-propagate fastopen_no_cookie add prepend
    append or nexthop weight no_track vrf track_group default any all default6
    unicast local nat broadcast brd anycast multicast prohibit unreachable
    blackhole xresolve throw`,
  rule: `inet inet6 from to table lookup not preference order priority tos
    dsfield fwmark realms suppress_prefixlength sup_pl suppress_ifgroup
    sup_group dev iif oif tunnel-id uidrange l3mdev protocol ipproto sport
    dport no_track type goto nop blackhole unreachable prohibit track_group
    default any all`,
};

/** The blocks whose lines are of a kind. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  address: [
    "virtual_ipaddress",
    "virtual_ipaddress_excluded",
    "static_ipaddress",
  ],
  route: ["virtual_routes", "static_routes"],
  rule: ["virtual_rules", "static_rules"],
};

/** First words of the lines of each block, by its place; all words for blocks of values. */
function usedWords(): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>();
  const add = (place: string, words: readonly string[]) => {
    const known = used.get(place) ?? new Set();
    for (const word of words) known.add(word);
    used.set(place, known);
  };
  for (const one of KERNEL_CASES) {
    const path: string[] = [];
    for (const line of textOf(one).split("\n")) {
      const words = line.trim().split(/\s+/);
      const [first = ""] = words;
      if (first === "}") path.pop();
      else if (first !== "") {
        const place = path.join("/");
        const isValue = Object.values(LINES).flat().includes(path.at(-1) ?? "");
        if (isValue) add(path.at(-1) ?? "", words);
        else add(place, [first]);
        if (words.at(-1) === "{") path.push(first);
      }
    }
  }
  return used;
}

/** What is neither used nor excused, and what is excused though it is used or unknown. */
function gaps(
  place: string,
  wanted: readonly string[],
  used: ReadonlySet<string>,
): readonly string[] {
  const excused = EXCUSED[place] ?? {};
  const known = new Set(wanted);
  return [
    ...wanted.filter((word) => !used.has(word) && !(word in excused))
      .map((word) => `${place} ${word}: in no configuration`),
    ...Object.keys(excused).filter((word) => !known.has(word))
      .map((word) => `${place} ${word}: excused, and no keyword`),
  ];
}

function blockOf(name: string): ReadonlyMap<string, Keyword> {
  return allKeywords().get(name)?.block ?? new Map();
}

Deno.test("each keyword of VRRP's blocks stands in a configuration of kernel_state_test.ts, or is excused", () => {
  const used = usedWords();
  const found: string[] = [];
  for (const name of ["vrrp_instance", "vrrp_sync_group"]) {
    const keywords = blockOf(name);
    found.push(
      ...gaps(name, [...keywords.keys()], used.get(name) ?? new Set()),
    );
    for (const [inner, { block }] of keywords) {
      if (block === undefined || block.size === 0) continue;
      const place = `${name}/${inner}`;
      found.push(
        ...gaps(place, [...block.keys()], used.get(place) ?? new Set()),
      );
    }
  }
  const globals = [...blockOf("global_defs").keys()]
    .filter((keyword) => keyword.startsWith("vrrp_"));
  found.push(
    ...gaps("global_defs", globals, used.get("global_defs") ?? new Set()),
  );
  assertEquals(found, []);
});

Deno.test("each word of an address, a route or a rule stands in a configuration, or is excused", () => {
  const used = usedWords();
  const found = Object.entries(LINES).flatMap(([kind, blocks]) => {
    const words = new Set(
      blocks.flatMap((name) => [...used.get(name) ?? []]),
    );
    return [
      ...gaps(kind, (WORDS[kind] ?? "").trim().split(/\s+/), words),
      ...blocks.filter((name) => !used.has(name))
        .map((name) => `${name}: in no configuration`),
    ];
  });
  assertEquals(found, []);
});
