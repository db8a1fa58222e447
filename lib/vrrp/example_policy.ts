/**
 * A route and a rule to start from, for tests.
 * @module
 */
import { exampleIp } from "./example_router.ts";
import {
  OUR_ROUTE_PROTOCOL,
  type VirtualRoute,
  type VirtualRule,
} from "./virtual_route.ts";

/** To 198.51.100.0/24 through 192.0.2.1, but for what `changes` says. */
export function exampleRoute(
  changes: Partial<VirtualRoute> = {},
): VirtualRoute {
  return {
    kind: "route",
    family: 4,
    destination: { address: exampleIp("198.51.100.0"), prefixLength: 24 },
    sourcePrefix: undefined,
    type: 1,
    vrf: undefined,
    table: 254,
    protocol: OUR_ROUTE_PROTOCOL,
    scope: 0,
    tos: 0,
    priority: undefined,
    gateway: exampleIp("192.0.2.1"),
    interface: undefined,
    onlink: false,
    preferredSource: undefined,
    metrics: [],
    lockedMetrics: 0,
    routerPreference: undefined,
    encapsulation: undefined,
    realms: undefined,
    expiresSeconds: undefined,
    nextHops: [],
    mode: "prepend",
    noTrack: false,
    ...changes,
  };
}

/** From 198.51.100.0/24 to table 100, but for what `changes` says. */
export function exampleRule(changes: Partial<VirtualRule> = {}): VirtualRule {
  return {
    kind: "rule",
    family: 4,
    priority: 200,
    action: 1,
    table: 100,
    isInverted: false,
    from: { address: exampleIp("198.51.100.0"), prefixLength: 24 },
    to: undefined,
    tos: 0,
    firewallMark: undefined,
    firewallMask: undefined,
    inputInterface: undefined,
    outputInterface: undefined,
    suppressPrefixLength: undefined,
    suppressInterfaceGroup: undefined,
    tunnelId: undefined,
    userIds: undefined,
    isForVrf: false,
    ipProtocol: undefined,
    sourcePorts: undefined,
    destinationPorts: undefined,
    gotoPriority: undefined,
    realms: undefined,
    protocol: OUR_ROUTE_PROTOCOL,
    noTrack: false,
    ...changes,
  };
}
