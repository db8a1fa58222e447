/**
 * Whether a router can run now: its interface, carrier and address, as netlink last told.
 *
 * Says:    RFC 9568 has no such state; keepalived calls its absence FAULT. A gate never gives up: whenever what is
 *          missing appears, at boot or a day later, the router goes on.
 * Checks:  the router's own interface and source address, and the interfaces of virtual addresses that are tracked.
 * @module
 */
import { type IpAddress, isLinkLocal } from "../addr/ip_address.ts";
import {
  ADDRESS_DAD_FAILED,
  ADDRESS_TENTATIVE,
  isRunning,
  LINK_MULTICAST,
  LINK_UP,
  type ObservedAddress,
  type ObservedLink,
} from "../route/observed_link.ts";
import { sourceInterface } from "./virtual_link.ts";
import { interfacesOfPolicy } from "./virtual_route.ts";
import type { RouterConfig, VirtualAddress } from "./router_config.ts";
import type { GateReason } from "./router_io.ts";

export type Gate =
  /** `source` is the address adverts leave from. */
  | { readonly kind: "open"; readonly source: IpAddress }
  | { readonly kind: "closed"; readonly reasons: readonly GateReason[] };

/**
 * Judges a router; `linkNamed` finds what is known of an interface. `isVirtual` knows the virtual addresses of all
 * configured routers, which come and go and so are nobody's source; those of `config` itself never are. `linksWith`
 * finds the links that have an address: one that is configured as the source may be on any of them, as on a loopback.
 */
export function judgeGate(
  config: RouterConfig,
  linkNamed: (name: string) => ObservedLink | undefined,
  isVirtual: (address: IpAddress) => boolean = () => false,
  linksWith: (address: IpAddress) => readonly ObservedLink[] = () => [],
): Gate {
  const reasons: GateReason[] = [];
  if (config.lacksPeers) reasons.push({ kind: "noUnicastPeers" });
  const link = linkNamed(config.interface);
  if (
    config.unicastPeers === undefined && link !== undefined &&
    (link.flags & LINK_MULTICAST) === 0
  ) reasons.push({ kind: "noMulticast", interface: config.interface });
  if (config.trackPrimary || link === undefined) {
    addLinkReasons(config.interface, link, reasons);
  }
  for (const name of trackedInterfaces(config)) {
    addLinkReasons(name, linkNamed(name), reasons);
  }
  const speaker = linkNamed(sourceInterface(config));
  const source = speaker === undefined
    ? undefined
    : chooseSource(config, speaker, isVirtual, linksWith, reasons);
  return source === undefined || reasons.length > 0
    ? { kind: "closed", reasons }
    : { kind: "open", source };
}

/** Whether two lists of reasons say the same. */
export function equalReasons(
  a: readonly GateReason[],
  b: readonly GateReason[],
): boolean {
  return a.length === b.length &&
    a.every((reason, i) => JSON.stringify(reason) === JSON.stringify(b[i]));
}

/**
 * Interfaces besides the router's own whose loss is its loss: the link that it has made to run on, and those of
 * virtual addresses without `no_track`.
 */
export function trackedInterfaces(config: RouterConfig): readonly string[] {
  const names = new Set<string>();
  if (config.ownLink !== undefined) names.add(config.ownLink.link.name);
  for (
    const address of [...config.virtualAddresses, ...config.excludedAddresses]
  ) {
    if (!address.noTrack && address.interface !== config.interface) {
      names.add(address.interface);
    }
  }
  for (const policy of config.policies) {
    if (policy.noTrack) continue;
    for (const name of interfacesOfPolicy(policy)) {
      // The loopback interface is up where anything is, and VRRP never runs there.
      if (name !== config.interface && name !== "lo") names.add(name);
    }
  }
  return [...names];
}

/** Up for the administrator and for the driver. */
export function isUpAndRunning(link: ObservedLink): boolean {
  return (link.flags & LINK_UP) !== 0 && isRunning(link);
}

/** Why an interface is not up and running. */
export function addLinkReasons(
  name: string,
  link: ObservedLink | undefined,
  reasons: GateReason[],
): void {
  if (link === undefined) {
    reasons.push({ kind: "interfaceMissing", interface: name });
  } else if ((link.flags & LINK_UP) === 0) {
    reasons.push({ kind: "interfaceDown", interface: name });
  } else if (!isRunning(link)) {
    reasons.push({ kind: "noCarrier", interface: name });
  }
}

function chooseSource(
  config: RouterConfig,
  link: ObservedLink,
  isVirtual: (address: IpAddress) => boolean,
  linksWith: (address: IpAddress) => readonly ObservedLink[],
  reasons: GateReason[],
): IpAddress | undefined {
  const wanted = config.sourceAddress;
  const candidates: Candidate[] = wanted === undefined
    ? candidatesOn(config, link, isVirtual)
    : [link, ...linksWith(wanted)].flatMap((one) => addressOn(one, wanted));
  const usable = candidates.find(({ observed }) => isUsable(observed));
  if (usable !== undefined) return usable.observed.address;
  const unusable = candidates[0];
  if (unusable !== undefined) {
    const isDuplicate = (unusable.observed.flags & ADDRESS_DAD_FAILED) !== 0;
    reasons.push({
      kind: isDuplicate ? "addressDuplicate" : "addressTentative",
      address: unusable.observed.address,
      interface: unusable.link.name,
    });
  } else if (wanted !== undefined) {
    reasons.push({
      kind: "sourceAddressMissing",
      address: wanted,
      interface: link.name,
    });
  } else {
    reasons.push({
      kind: "noAddress",
      interface: link.name,
      family: config.family,
    });
  }
  return undefined;
}

interface Candidate {
  readonly observed: ObservedAddress;
  readonly link: ObservedLink;
}

function candidatesOn(
  config: RouterConfig,
  link: ObservedLink,
  isVirtual: (address: IpAddress) => boolean,
): Candidate[] {
  const candidates: Candidate[] = [];
  for (const observed of link.addresses.values()) {
    if (isVirtual(observed.address) || !isCandidate(config, observed)) continue;
    candidates.push({ observed, link });
  }
  return candidates;
}

function addressOn(link: ObservedLink, wanted: IpAddress): Candidate[] {
  return link.addresses.values().filter(({ address }) => address === wanted)
    .map((observed) => ({ observed, link })).toArray();
}

/** IPv4: any address that is not one of ours to move. IPv6: the link-local one (RFC 9568 §5.1.2.1). */
function isCandidate(config: RouterConfig, address: ObservedAddress): boolean {
  if (address.family !== config.family) return false;
  if (config.family === 6 && !isLinkLocal(address.address)) return false;
  const isOwn = (virtual: VirtualAddress) =>
    virtual.address === address.address;
  return !config.virtualAddresses.some(isOwn) &&
    !config.excludedAddresses.some(isOwn);
}

function isUsable(address: ObservedAddress): boolean {
  return (address.flags & (ADDRESS_TENTATIVE | ADDRESS_DAD_FAILED)) === 0;
}
