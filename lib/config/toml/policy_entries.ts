/**
 * Entries of `virtual_routes` and `virtual_rules`: tables with keepalived's words as keys.
 * @module
 */
import { familyOf } from "../../addr/ip_address.ts";
import type { NumberRange } from "../../vrrp/virtual_route.ts";
import type {
  NextHopEntry,
  PrefixEntry,
  RouteEntry,
  RuleEntry,
} from "../route_model.ts";
import { MEANINGLESS_POLICY_WORDS } from "../no_meaning.ts";
import {
  LOCKABLE_METRICS,
  ROUTE_METRIC_MAX,
  type RouteMetricName,
  TIME_METRIC_MAX_NS,
  TIME_METRIC_MIN_NS,
  type TimeMetricName,
} from "../route_model.ts";
import { ENCAPSULATION } from "./encap_entry.ts";
import { type PrintedEntry, quoted } from "./printed_item.ts";
import {
  inlineTable,
  readSettings,
  type Setting,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { REALMS } from "./realms_value.ts";
import { SCOPE } from "./scope_value.ts";
import { reportKind, type ValueReader } from "./value_readers.ts";
import {
  ADDRESS,
  BOOLEAN,
  duration,
  type EntryType,
  type InlineType,
  list,
  NAME,
  oneOf,
  PREFIXED,
  shortList,
  textUpTo,
  whole,
  word,
} from "./value_type.ts";

const UINT32_MAX = 4_294_967_295;
const UINT32 = whole(0, UINT32_MAX);
const BYTE = whole(0, 255);

/** A row for what is there or not. */
function flag(key: string, about: string): Setting<boolean> {
  return {
    key,
    type: BOOLEAN,
    absent: false,
    other: undefined,
    about,
    fallback: "false",
  };
}

function metric(
  key: RouteMetricName,
  about: string,
): Setting<number | undefined> {
  const max = ROUTE_METRIC_MAX[key] ?? UINT32_MAX;
  return setting(key, whole(0, max), about, "the kernel's");
}

/** `"FIRST-LAST"` */
function range(max: number): InlineType<NumberRange> {
  return {
    shape: { kind: "text" },
    read: (node, sink) => {
      if (node.kind !== "string") return reportKind(node, "a range", sink);
      const match = /^([0-9]+)-([0-9]+)$/.exec(node.value);
      const first = Number(match?.[1]);
      const last = Number(match?.[2]);
      if (match !== null && first <= max && last <= max) return { first, last };
      sink.error("HK0104", node.span, `\`${node.value}\` is no range`, {
        label: `must be two numbers up to ${max}, such as "10-20"`,
      });
      return undefined;
    },
    text: ({ first, last }) => quoted(`${first}-${last}`),
    print: (key, { first, last }, at) => [
      { kind: "line", at, text: `${key} = ${quoted(`${first}-${last}`)}` },
    ],
  };
}

function time(key: TimeMetricName, about: string): Setting<number | undefined> {
  const type = duration(TIME_METRIC_MIN_NS, TIME_METRIC_MAX_NS);
  return setting(key, type, about, "the kernel's");
}

const NEXT_HOP_TABLE: SettingTable<Omit<NextHopEntry, "at">> = {
  name: "a next hop",
  settings: {
    gateway: setting("via", ADDRESS, "the gateway", "none"),
    interface: setting(
      "dev",
      NAME,
      "interface that leads there",
      "found by the kernel",
    ),
    weight: setting("weight", whole(1, 256), "its share", "1"),
    onlink: flag("onlink", "the gateway counts as directly reachable"),
    encapsulation: setting(
      "encap",
      ENCAPSULATION,
      "tunnel to go through",
      "none",
    ),
    realms: setting("realms", REALMS, "routing realms; IPv4 only", "none"),
  },
};

const NEXT_HOP: EntryType<NextHopEntry> = {
  shape: { kind: "table", table: tableShape(NEXT_HOP_TABLE) },
  read: (node, sink) => {
    if (node.kind !== "table") return reportKind(node, "a table", sink);
    const { values, at } = readSettings(
      NEXT_HOP_TABLE,
      node,
      "a next hop",
      sink,
    );
    return { ...values, at };
  },
  entry: (hop) => ({
    at: hop.at.self,
    text: inlineTable(NEXT_HOP_TABLE, hop),
  }),
};

/** What has an own place in the destination's text or elsewhere. */
type RouteTable =
  & { readonly destination: PrefixEntry | undefined }
  & Omit<RouteEntry, "destination" | "at">;

const ROUTE_TABLE: SettingTable<RouteTable> = {
  name: "a route",
  meaningless: MEANINGLESS_POLICY_WORDS,
  settings: {
    destination: setting(
      "to",
      PREFIXED,
      "the destination, such as `0.0.0.0/0`; it must be given",
    ),
    type: setting(
      "type",
      word([
        "unicast",
        "local",
        "broadcast",
        "anycast",
        "multicast",
        "blackhole",
        "unreachable",
        "prohibit",
        "throw",
      ]),
      "what becomes of packets",
      '"unicast"',
    ),
    gateway: setting("via", ADDRESS, "the gateway", "none"),
    interface: setting(
      "dev",
      NAME,
      "interface that leads there",
      "found by the kernel",
    ),
    source: setting(
      "src",
      ADDRESS,
      "source address of the host's own packets",
      "chosen by the kernel",
    ),
    from: setting(
      "from",
      PREFIXED,
      "only packets from there; IPv6 only",
      "all",
    ),
    scope: setting(
      "scope",
      SCOPE,
      "scope of an IPv4 route",
      '"global"; by `type` for others than unicast',
    ),
    table: setting(
      "table",
      UINT32,
      "number of the routing table",
      "254 (main)",
    ),
    vrf: setting(
      "vrf",
      NAME,
      "VRF whose routing table it is, in place of `table`",
      "none",
    ),
    priority: setting("metric", UINT32, "the lower wins", "the kernel's"),
    protocol: setting(
      "protocol",
      BYTE,
      "who the route is from; only with `no_track`",
      "18 (keepalived)",
    ),
    tos: setting("tos", BYTE, "only packets of this type of service", "0"),
    onlink: flag("onlink", "the gateway counts as directly reachable"),
    mtu: metric("mtu", "path MTU"),
    advmss: metric("advmss", "advertised MSS"),
    hoplimit: metric("hoplimit", "hop limit"),
    window: metric("window", "largest window to advertise"),
    ssthresh: metric("ssthresh", "slow start threshold"),
    cwnd: metric("cwnd", "clamp of the congestion window"),
    reordering: metric("reordering", "reordering to allow for"),
    initcwnd: metric("initcwnd", "congestion window to begin with"),
    initrwnd: metric("initrwnd", "receive window to begin with"),
    quickack: metric("quickack", "1 acknowledges at once"),
    fastopen_no_cookie: metric(
      "fastopen_no_cookie",
      "1 allows TCP fast open without cookie",
    ),
    rtt: time("rtt", "round trip time to begin with"),
    rttvar: time("rttvar", "round trip variance to begin with"),
    rto_min: time("rto_min", "least time until a segment is sent again"),
    locks: {
      ...setting(
        "lock",
        shortList(word(LOCKABLE_METRICS)),
        "metrics that the kernel does not change by itself",
        "none",
      ),
      absent: [],
    },
    features: setting(
      "features",
      word(["ecn"]),
      "explicit congestion notification, whatever the host's setting",
      "none",
    ),
    congctl: setting(
      "congctl",
      textUpTo(15),
      "TCP congestion control",
      "the host's",
    ),
    realms: setting(
      "realms",
      REALMS,
      'routing realms, `"TO"` or `"FROM/TO"`; IPv4 only',
      "none",
    ),
    expiresSeconds: setting(
      "expires",
      UINT32,
      "whole seconds after which the kernel removes the route, and gets it again; IPv6 only",
      "never",
    ),
    encapsulation: setting(
      "encap",
      ENCAPSULATION,
      "tunnel to go through",
      "none",
    ),
    routerPreference: setting(
      "pref",
      word(["low", "medium", "high"]),
      "router preference; IPv6 only",
      '"medium"',
    ),
    mode: setting(
      "mode",
      word(["add", "prepend", "append"]),
      "where the route goes if others have the same destination and metric; `add` fails then",
      '"prepend"',
    ),
    noTrack: flag(
      "no_track",
      "whether `dev` is up, and the route still there, is no matter to the instance",
    ),
    nextHops: {
      ...setting("nexthop", list(NEXT_HOP), "several ways to go", "none"),
      absent: [],
    },
  },
};

const readRoute: ValueReader<RouteEntry> = (node, sink) => {
  if (node.kind !== "table") return reportKind(node, "a table", sink);
  const { values, at } = readSettings(ROUTE_TABLE, node, "a route", sink);
  const { destination, ...options } = values;
  if (destination === undefined) {
    if (at.of.destination === undefined) {
      sink.error("HK0108", node.span, "`to` is missing", {});
    }
    return undefined;
  }
  const route = { destination, ...options, at };
  const problem = routeProblem(route);
  if (problem === undefined) return route;
  sink.error("HK0110", node.span, problem, {});
  return undefined;
};

/** What the kernel would refuse. */
function routeProblem(route: RouteEntry): string | undefined {
  if (route.vrf !== undefined && route.table !== undefined) {
    return "`vrf` and `table` both name a table";
  }
  const family = familyOf(route.destination.address);
  const others = [
    route.gateway,
    route.source,
    route.from?.address,
    ...route.nextHops.map(({ gateway }) => gateway),
  ];
  if (others.some((one) => one !== undefined && familyOf(one) !== family)) {
    return "the route's addresses are of two families";
  }
  const hasRealms = [route, ...route.nextHops].some(({ realms }) =>
    realms !== undefined
  );
  if (family === 6) return hasRealms ? "IPv6 routes have no realms" : undefined;
  if (route.expiresSeconds !== undefined) return "IPv4 routes do not expire";
  if (route.from !== undefined) return "`from` exists for IPv6 routes alone";
  return route.routerPreference === undefined
    ? undefined
    : "IPv4 routes have no router preference";
}

/** What the kernel would refuse, or nobody can mean. */
function ruleProblem(rule: RuleEntry): string | undefined {
  const { table, action, gotoPriority, isForVrf, priority } = rule;
  const actions = [table, action, gotoPriority, isForVrf || undefined]
    .filter((one) => one !== undefined).length;
  if (actions !== 1) {
    return `the rule ${
      actions === 0 ? "says nothing to do" : "does two things"
    }: give one of \`table\`, \`action\`, \`goto\` and \`l3mdev\``;
  }
  if (gotoPriority !== undefined && !((priority ?? Infinity) < gotoPriority)) {
    return "`goto` needs a `preference` that is lower than where it leads";
  }
  const isSuppressing = rule.suppressPrefixLength !== undefined ||
    rule.suppressInterfaceGroup !== undefined;
  if (isSuppressing && table === undefined) {
    return "only a rule with a table can suppress routes";
  }
  const families = new Set(
    [rule.from, rule.to].filter((one) => one !== undefined).map((one) =>
      familyOf(one.address)
    ),
  );
  if (families.size > 1) return "the rule's addresses are of two families";
  if (rule.realms !== undefined) {
    if (table === undefined) return "only a rule with a table has realms";
    if (families.has(6) || rule.family === 6) {
      return "IPv6 rules have no realms";
    }
  }
  return rule.family !== undefined && families.size === 1 &&
      !families.has(rule.family)
    ? "`family` contradicts the rule's addresses"
    : undefined;
}

/** An entry of `virtual_routes`. */
export const ROUTE_ENTRY: EntryType<RouteEntry> = {
  shape: { kind: "table", table: tableShape(ROUTE_TABLE) },
  read: readRoute,
  entry: (value): PrintedEntry => ({
    at: value.at.self,
    text: inlineTable(ROUTE_TABLE, value),
  }),
};

type RuleTable = Omit<RuleEntry, "at">;

const RULE_TABLE: SettingTable<RuleTable> = {
  name: "a rule",
  settings: {
    from: setting("from", PREFIXED, "only packets from there", "all"),
    to: setting("to", PREFIXED, "only packets to there", "all"),
    table: setting("table", whole(1, UINT32_MAX), "look up this table"),
    action: setting(
      "action",
      word(["nop", "blackhole", "unreachable", "prohibit"]),
      "what to do instead of looking up a table",
      "look up `table`",
    ),
    gotoPriority: setting(
      "goto",
      UINT32,
      "go on at the rule of this preference",
    ),
    isForVrf: flag("l3mdev", "look up the table of the packet's VRF"),
    priority: setting(
      "preference",
      UINT32,
      "the lower counts first",
      "16384, counting down",
    ),
    isInverted: flag("not", "packets that do not match"),
    inputInterface: setting(
      "iif",
      NAME,
      "only packets that came in there",
      "all",
    ),
    outputInterface: setting("oif", NAME, "only packets bound to it", "all"),
    firewallMark: setting(
      "fwmark",
      UINT32,
      "only packets with this mark",
      "all",
    ),
    firewallMask: setting(
      "fwmask",
      UINT32,
      "the bits of the mark that count",
      "all bits",
    ),
    tos: setting("tos", BYTE, "only packets of this type of service", "all"),
    suppressPrefixLength: setting(
      "suppress_prefixlength",
      whole(0, 2_147_483_647),
      "ignore routes with a prefix this short or shorter",
      "none",
    ),
    suppressInterfaceGroup: setting(
      "suppress_ifgroup",
      UINT32,
      "ignore routes through interfaces of this group",
      "none",
    ),
    tunnelId: setting(
      "tunnel-id",
      whole(0, Number.MAX_SAFE_INTEGER),
      "only packets of this tunnel",
      "all",
    ),
    userIds: setting(
      "uidrange",
      range(UINT32_MAX),
      'only packets of these users, such as "1000-1999"',
      "all",
    ),
    ipProtocol: setting("ipproto", BYTE, "only this IP protocol", "all"),
    sourcePorts: setting(
      "sport",
      range(65535),
      "only these source ports",
      "all",
    ),
    destinationPorts: setting(
      "dport",
      range(65535),
      "only these destination ports",
      "all",
    ),
    protocol: setting(
      "protocol",
      BYTE,
      "who the rule is from; only with `no_track`",
      "18 (keepalived)",
    ),
    realms: setting(
      "realms",
      REALMS,
      'routing realms of what it matches, `"TO"` or `"FROM/TO"`; IPv4 only',
      "none",
    ),
    family: setting(
      "family",
      oneOf([4, 6] as const),
      "4 or 6; the addresses tell it where there are some",
      "4",
    ),
    noTrack: flag(
      "no_track",
      "whether its interfaces are up, and the rule still there, is no matter to the instance",
    ),
  },
};

/** An entry of `virtual_rules`. */
export const RULE_ENTRY: EntryType<RuleEntry> = {
  shape: { kind: "table", table: tableShape(RULE_TABLE) },
  read: (node, sink) => {
    if (node.kind !== "table") return reportKind(node, "a table", sink);
    const { values, at } = readSettings(RULE_TABLE, node, "a rule", sink);
    const rule = { ...values, at };
    const problem = ruleProblem(rule);
    if (problem === undefined) return rule;
    sink.error("HK0110", node.span, problem, {});
    return undefined;
  },
  entry: (value): PrintedEntry => ({
    at: value.at.self,
    text: inlineTable(RULE_TABLE, value),
  }),
};
