/**
 * Routes and rules as a configuration says them; a part of the model (model.ts).
 *
 * A value that the file does not set is `undefined`; `resolve_policies.ts` applies the defaults.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Encapsulation } from "../vrrp/encapsulation.ts";
import type { NumberRange, Realms } from "../vrrp/virtual_route.ts";
import type { AddressScope, Positions } from "./model.ts";

/** RTN_* by keepalived's and ip-route(8)'s words. */
export const ROUTE_TYPES = {
  unicast: 1,
  local: 2,
  broadcast: 3,
  anycast: 4,
  multicast: 5,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
  throw: 9,
} as const;

export type RouteType = keyof typeof ROUTE_TYPES;

/** ICMPV6_ROUTER_PREF_*. */
export const ROUTER_PREFERENCES = { medium: 0, high: 1, low: 3 } as const;

export type RouterPreference = keyof typeof ROUTER_PREFERENCES;

/** RTAX_* of the metrics that a route may have. */
export const ROUTE_METRICS = {
  mtu: 2,
  window: 3,
  ssthresh: 6,
  cwnd: 7,
  advmss: 8,
  reordering: 9,
  hoplimit: 10,
  initcwnd: 11,
  initrwnd: 14,
  quickack: 15,
  fastopen_no_cookie: 17,
} as const;

export type RouteMetricName = keyof typeof ROUTE_METRICS;

/** Highest values of metrics; 2^32-1 unless given. */
export const ROUTE_METRIC_MAX: Readonly<
  Partial<Record<RouteMetricName, number>>
> = { hoplimit: 255, quickack: 1, fastopen_no_cookie: 1 };

/** RTAX_* of metrics that are times, and how many of the kernel's units are a millisecond. */
export const TIME_METRICS = {
  rtt: { metric: 4, unitsPerMs: 8 },
  rttvar: { metric: 5, unitsPerMs: 4 },
  rto_min: { metric: 13, unitsPerMs: 1 },
} as const;

export type TimeMetricName = keyof typeof TIME_METRICS;

/** What a time metric may be, in nanoseconds; shorter and longer ones keepalived makes so. */
export const TIME_METRIC_MIN_NS = 200e6;
export const TIME_METRIC_MAX_NS = 120e9;

/** RTAX_FEATURES and its only bit that a route may set, RTAX_CC_ALGO. */
export const METRIC_FEATURES = 12;
export const FEATURE_ECN = 1;
export const METRIC_CONGESTION_CONTROL = 16;

/** Metrics that may be locked: the kernel then keeps the value. */
export const LOCKABLE_METRICS = [
  "mtu",
  "advmss",
  "reordering",
  "cwnd",
  "ssthresh",
  "rtt",
  "rttvar",
  "rto_min",
  "congctl",
] as const;

export type LockableMetric = typeof LOCKABLE_METRICS[number];

/** An address with or without a prefix length. */
export interface PrefixEntry {
  readonly address: IpAddress;
  readonly prefixLength: number | undefined;
}

type Metrics =
  & {
    readonly [M in RouteMetricName]: number | undefined;
  }
  & {
    readonly [
      /** In nanoseconds. */
      M in TimeMetricName
    ]: number | undefined;
  };

/** One line of `virtual_routes`. */
export interface RouteEntry extends Metrics {
  readonly destination: PrefixEntry;
  readonly type: RouteType | undefined;
  readonly gateway: IpAddress | undefined;
  readonly interface: string | undefined;
  readonly source: IpAddress | undefined;
  readonly from: PrefixEntry | undefined;
  readonly scope: AddressScope | undefined;
  readonly table: number | undefined;
  /** In place of a number: the table of this VRF. */
  readonly vrf: string | undefined;
  readonly priority: number | undefined;
  readonly protocol: number | undefined;
  readonly tos: number | undefined;
  readonly onlink: boolean;
  /** Metrics that the kernel is to keep as they are. */
  readonly locks: readonly LockableMetric[];
  readonly features: "ecn" | undefined;
  readonly congctl: string | undefined;
  readonly realms: Realms | undefined;
  readonly expiresSeconds: number | undefined;
  readonly encapsulation: Encapsulation | undefined;
  readonly routerPreference: RouterPreference | undefined;
  readonly mode: "add" | "prepend" | "append" | undefined;
  readonly noTrack: boolean;
  readonly nextHops: readonly NextHopEntry[];
  readonly at: Positions<keyof RouteEntry & string>;
}

/** One `nexthop` of a route. */
export interface NextHopEntry {
  readonly gateway: IpAddress | undefined;
  readonly interface: string | undefined;
  readonly weight: number | undefined;
  readonly onlink: boolean;
  readonly encapsulation: Encapsulation | undefined;
  readonly realms: Realms | undefined;
  readonly at: Positions<keyof NextHopEntry & string>;
}

/** FR_ACT_* by words; a rule without one looks up its table. */
export const RULE_ACTIONS = {
  nop: 3,
  blackhole: 6,
  unreachable: 7,
  prohibit: 8,
} as const;

export type RuleAction = keyof typeof RULE_ACTIONS;

/** One line of `virtual_rules`. */
export interface RuleEntry {
  readonly from: PrefixEntry | undefined;
  readonly to: PrefixEntry | undefined;
  readonly table: number | undefined;
  readonly action: RuleAction | undefined;
  readonly gotoPriority: number | undefined;
  readonly isForVrf: boolean;
  readonly priority: number | undefined;
  readonly isInverted: boolean;
  readonly inputInterface: string | undefined;
  readonly outputInterface: string | undefined;
  readonly firewallMark: number | undefined;
  readonly firewallMask: number | undefined;
  readonly tos: number | undefined;
  readonly suppressPrefixLength: number | undefined;
  readonly suppressInterfaceGroup: number | undefined;
  readonly tunnelId: number | undefined;
  readonly userIds: NumberRange | undefined;
  readonly ipProtocol: number | undefined;
  readonly sourcePorts: NumberRange | undefined;
  readonly destinationPorts: NumberRange | undefined;
  readonly protocol: number | undefined;
  readonly realms: Realms | undefined;
  readonly family: 4 | 6 | undefined;
  readonly noTrack: boolean;
  readonly at: Positions<keyof RuleEntry & string>;
}
