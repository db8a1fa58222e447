/**
 * Routes and rules: from what a configuration says to what the kernel is asked for, with every default.
 *
 * Says:    ip-route(8), ip-rule(8), keepalived's defaults: routes are keepalived's own (protocol 18), rules without
 *          preference count down from 16384 in each family.
 * @module
 */
import { familyOf, type IpAddress } from "../addr/ip_address.ts";
import {
  type IpPrefix,
  OUR_ROUTE_PROTOCOL,
  type RouteMetric,
  type VirtualRoute,
  type VirtualRule,
} from "../vrrp/virtual_route.ts";
import {
  FEATURE_ECN,
  type LockableMetric,
  METRIC_CONGESTION_CONTROL,
  METRIC_FEATURES,
  type PrefixEntry,
  ROUTE_METRICS,
  ROUTE_TYPES,
  type RouteEntry,
  type RouteMetricName,
  ROUTER_PREFERENCES,
  RULE_ACTIONS,
  type RuleEntry,
  TIME_METRICS,
} from "./route_model.ts";

const NS_PER_MS = 1e6;
const TABLE_MAIN = 254;
const SCOPE = { global: 0, site: 200, link: 253, host: 254 } as const;
const ACTION_LOOK_UP = 1;
const ACTION_GOTO = 2;
const FIRST_PREFERENCE = 16384;

/** A route with its defaults. */
export function resolveRoute(entry: RouteEntry): VirtualRoute {
  const family = familyOf(entry.destination.address);
  return {
    kind: "route",
    family,
    destination: wholePrefix(entry.destination),
    sourcePrefix: entry.from === undefined
      ? undefined
      : wholePrefix(entry.from),
    type: ROUTE_TYPES[entry.type ?? "unicast"],
    table: entry.table ?? TABLE_MAIN,
    vrf: entry.vrf,
    protocol: entry.protocol ?? OUR_ROUTE_PROTOCOL,
    scope: resolveScope(entry, family),
    tos: entry.tos ?? 0,
    priority: entry.priority,
    gateway: entry.gateway,
    interface: entry.interface,
    onlink: entry.onlink,
    preferredSource: entry.source,
    metrics: resolveMetrics(entry),
    lockedMetrics: resolveLocks(entry),
    routerPreference: entry.routerPreference === undefined
      ? undefined
      : ROUTER_PREFERENCES[entry.routerPreference],
    nextHops: entry.nextHops.map((hop) => ({
      gateway: hop.gateway,
      interface: hop.interface,
      weight: hop.weight ?? 1,
      onlink: hop.onlink,
      encapsulation: hop.encapsulation,
      realms: hop.realms,
    })),
    encapsulation: entry.encapsulation,
    realms: entry.realms,
    expiresSeconds: entry.expiresSeconds,
    mode: entry.mode ?? "prepend",
    noTrack: entry.noTrack,
  };
}

/** As keepalived chooses it, by type alone: unlike ip-route(8), which puts what has no gateway on the link. */
function resolveScope(entry: RouteEntry, family: 4 | 6): number {
  const { scope, type = "unicast" } = entry;
  if (scope !== undefined) {
    return typeof scope === "string" ? SCOPE[scope] : scope;
  }
  if (family === 6) return SCOPE.global;
  if (type === "local") return SCOPE.host;
  if (type === "broadcast" || type === "multicast" || type === "anycast") {
    return SCOPE.link;
  }
  return SCOPE.global;
}

function resolveMetrics(entry: RouteEntry): readonly RouteMetric[] {
  const metrics: RouteMetric[] = [];
  const names: readonly RouteMetricName[] = [
    "mtu",
    "window",
    "ssthresh",
    "cwnd",
    "advmss",
    "reordering",
    "hoplimit",
    "initcwnd",
    "initrwnd",
    "quickack",
    "fastopen_no_cookie",
  ];
  for (const name of names) {
    const value = entry[name];
    if (value !== undefined) {
      metrics.push({ metric: ROUTE_METRICS[name], value });
    }
  }
  for (const name of ["rtt", "rttvar", "rto_min"] as const) {
    const ns = entry[name];
    if (ns === undefined) continue;
    const { metric, unitsPerMs } = TIME_METRICS[name];
    const value = Math.round(ns * unitsPerMs / NS_PER_MS);
    metrics.push({ metric, value });
  }
  if (entry.features === "ecn") {
    metrics.push({ metric: METRIC_FEATURES, value: FEATURE_ECN });
  }
  if (entry.congctl !== undefined) {
    metrics.push({ metric: METRIC_CONGESTION_CONTROL, value: entry.congctl });
  }
  return metrics;
}

function resolveLocks({ locks }: RouteEntry): number {
  return locks.reduce((bits, name) => bits | 1 << numberOf(name), 0);
}

function numberOf(name: LockableMetric): number {
  switch (name) {
    case "rtt":
    case "rttvar":
    case "rto_min":
      return TIME_METRICS[name].metric;
    case "congctl":
      return METRIC_CONGESTION_CONTROL;
    default:
      return ROUTE_METRICS[name];
  }
}

/** Gives preferences to rules that have none. One for a whole configuration. */
export class RuleResolver {
  #next = { 4: FIRST_PREFERENCE, 6: FIRST_PREFERENCE };

  resolve(entry: RuleEntry): VirtualRule {
    const address = (entry.from ?? entry.to)?.address;
    const family = address === undefined
      ? entry.family ?? 4
      : familyOf(address);
    return {
      kind: "rule",
      family,
      priority: entry.priority ?? this.#next[family]--,
      action: entry.gotoPriority !== undefined
        ? ACTION_GOTO
        : entry.action === undefined
        ? ACTION_LOOK_UP
        : RULE_ACTIONS[entry.action],
      table: entry.table ?? 0,
      isInverted: entry.isInverted,
      from: entry.from === undefined ? undefined : wholePrefix(entry.from),
      to: entry.to === undefined ? undefined : wholePrefix(entry.to),
      tos: entry.tos ?? 0,
      firewallMark: entry.firewallMark,
      firewallMask: entry.firewallMask,
      inputInterface: entry.inputInterface,
      outputInterface: entry.outputInterface,
      suppressPrefixLength: entry.suppressPrefixLength,
      suppressInterfaceGroup: entry.suppressInterfaceGroup,
      tunnelId: entry.tunnelId,
      userIds: entry.userIds,
      isForVrf: entry.isForVrf,
      ipProtocol: entry.ipProtocol,
      sourcePorts: entry.sourcePorts,
      destinationPorts: entry.destinationPorts,
      gotoPriority: entry.gotoPriority,
      realms: entry.realms,
      protocol: entry.protocol ?? OUR_ROUTE_PROTOCOL,
      noTrack: entry.noTrack,
    };
  }
}

function wholePrefix({ address, prefixLength }: PrefixEntry): IpPrefix {
  return { address, prefixLength: prefixLength ?? hostLength(address) };
}

function hostLength(address: IpAddress): number {
  return familyOf(address) === 4 ? 32 : 128;
}
