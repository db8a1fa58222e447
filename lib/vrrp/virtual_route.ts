/**
 * Routes and policy rules as the kernel is to hold them: plain JSON-able data, every default applied.
 *
 * Says:    rtnetlink(7), ip-route(8), ip-rule(8); keepalived's `virtual_routes` and `virtual_rules`.
 * Units:   numbers as rtnetlink counts.
 * Checks:  nothing; `lib/config/` made it and vouches for the ranges.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Encapsulation } from "./encapsulation.ts";

/** RTPROT_KEEPALIVED: who put a route there. keepalived's own number, so that its leftovers are ours. */
export const OUR_ROUTE_PROTOCOL = 18;

/** An address and how much of it counts. */
export interface IpPrefix {
  readonly address: IpAddress;
  /** 0..32 or 0..128. */
  readonly prefixLength: number;
}

/** One of several ways that a route may go. */
export interface NextHop {
  readonly gateway: IpAddress | undefined;
  readonly interface: string | undefined;
  /** 1..256 */
  readonly weight: number;
  readonly onlink: boolean;
  readonly encapsulation: Encapsulation | undefined;
  readonly realms: Realms | undefined;
}

/** What the routing classifier and a realm match of a firewall see; IPv4 only, 0..65535 each. */
export interface Realms {
  readonly from: number;
  readonly to: number;
}

/** One entry of RTA_METRICS. */
export interface RouteMetric {
  /** RTAX_* */
  readonly metric: number;
  /** Text for the name of a congestion control alone. */
  readonly value: number | string;
}

/** A route. */
export interface VirtualRoute {
  readonly kind: "route";
  readonly family: 4 | 6;
  readonly destination: IpPrefix;
  /** Only packets from there (`from`); IPv6 only. */
  readonly sourcePrefix: IpPrefix | undefined;
  /** RTN_*: 1 unicast, 6 blackhole, 7 unreachable, 8 prohibit, 9 throw. */
  readonly type: number;
  /** Not looked at where there is a `vrf`. */
  readonly table: number;
  /** Its routing table, whatever the number. */
  readonly vrf: string | undefined;
  /** RTPROT_* */
  readonly protocol: number;
  /** RT_SCOPE_* */
  readonly scope: number;
  readonly tos: number;
  readonly priority: number | undefined;
  readonly gateway: IpAddress | undefined;
  readonly interface: string | undefined;
  readonly onlink: boolean;
  /** `src`: the source that the host's own packets get. */
  readonly preferredSource: IpAddress | undefined;
  readonly metrics: readonly RouteMetric[];
  /** The metrics whose values the kernel must not change (`mtu lock`), as bits 1 << RTAX_*. */
  readonly lockedMetrics: number;
  /** ICMPv6 router preference: 0 medium, 1 high, 3 low. */
  readonly routerPreference: number | undefined;
  /** `encap`: packets go through a tunnel. */
  readonly encapsulation: Encapsulation | undefined;
  readonly realms: Realms | undefined;
  /** `expires`: after so many seconds the kernel removes it, and gets it again; IPv6 only. */
  readonly expiresSeconds: number | undefined;
  readonly nextHops: readonly NextHop[];
  /** What if another route has the same key: `add` fails, the others go before or behind it. */
  readonly mode: "add" | "prepend" | "append";
  /** `no_track`: a foreign deletion, and its interface, mean nothing to the instance. */
  readonly noTrack: boolean;
}

/** A policy rule. */
export interface VirtualRule {
  readonly kind: "rule";
  readonly family: 4 | 6;
  readonly priority: number;
  /** FR_ACT_*: 1 look up `table`, 2 goto, 3 nop, 6 blackhole, 7 unreachable, 8 prohibit. */
  readonly action: number;
  readonly table: number;
  readonly isInverted: boolean;
  readonly from: IpPrefix | undefined;
  readonly to: IpPrefix | undefined;
  readonly tos: number;
  readonly firewallMark: number | undefined;
  readonly firewallMask: number | undefined;
  readonly inputInterface: string | undefined;
  readonly outputInterface: string | undefined;
  readonly suppressPrefixLength: number | undefined;
  readonly suppressInterfaceGroup: number | undefined;
  readonly tunnelId: number | undefined;
  readonly userIds: NumberRange | undefined;
  readonly isForVrf: boolean;
  readonly ipProtocol: number | undefined;
  readonly sourcePorts: NumberRange | undefined;
  readonly destinationPorts: NumberRange | undefined;
  readonly gotoPriority: number | undefined;
  /** Given to packets that it matches; IPv4 only. */
  readonly realms: Realms | undefined;
  readonly protocol: number;
  readonly noTrack: boolean;
}

/** Both ends belong to it. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** What a router has in the kernel beside addresses. */
export type Policy = VirtualRoute | VirtualRule;

const IPV6_METRIC = 1024;

/** What netlink tells of a route or rule that tells it from others of its kind; see `policyKey`. */
export interface PolicyIdentity {
  readonly kind: "route" | "rule";
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly priority: number;
  /** Routes: destination, as `address/length` (empty for rules). */
  readonly destination: string;
  readonly table: number;
}

/** Names a route or rule roughly: two that differ may have the same key, and asking for both again does no harm. */
export function policyKey(identity: PolicyIdentity): string {
  const { kind, family, protocol, priority, destination, table } = identity;
  return kind === "rule"
    ? `rule ${family} ${protocol} ${priority}`
    : `route ${family} ${protocol} ${table} ${destination} ${priority}`;
}

/** The key under which netlink will tell of it. */
export function keyOfPolicy(policy: Policy): string {
  if (policy.kind === "rule") {
    return policyKey({ ...policy, destination: "" });
  }
  const { destination: { address, prefixLength }, family, priority } = policy;
  const usual = family === 6 ? IPV6_METRIC : 0;
  return policyKey({
    ...policy,
    // The kernel takes 0 for none in IPv6.
    priority: family === 6 ? priority || usual : priority ?? usual,
    destination: `${address}/${prefixLength}`,
  });
}

/** By the keys under which netlink will tell of them; a route of a VRF has none before the VRF's table is known. */
export function policiesByKey(
  policies: readonly Policy[],
): ReadonlyMap<string, Policy> {
  return new Map(
    policies.filter((one) => one.kind === "rule" || one.vrf === undefined)
      .map((policy) => [keyOfPolicy(policy), policy]),
  );
}

/** The interfaces that a route or rule names. */
export function interfacesOfPolicy(policy: Policy): readonly string[] {
  const names = policy.kind === "rule"
    ? [policy.inputInterface, policy.outputInterface]
    : [policy.interface, ...policy.nextHops.map((hop) => hop.interface)];
  return names.filter((name) => name !== undefined);
}

/** As an operator would call it. */
export function textOfPolicy(policy: Policy): string {
  if (policy.kind === "rule") {
    return `the IPv${policy.family} rule of preference ${policy.priority}`;
  }
  const { destination: { address, prefixLength }, table, vrf } = policy;
  const where = vrf === undefined ? `table ${table}` : `VRF ${vrf}`;
  return `the route to ${address}/${prefixLength} in ${where}`;
}
