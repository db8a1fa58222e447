/**
 * What an instance is to its peers, with the defaults that decide it: family, version, priority, group.
 *
 * Says:    keepalived's defaults.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  parseIpAddress,
} from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import type { IpFamily, VrrpVersion } from "../vrrp/router_config.ts";
import type { GlobalDefs, VrrpInstance } from "./model.ts";

const OWNER = 255;
const DEFAULT_VERSION = 2;
const DEFAULT_PRIORITY = 100;
const GROUP4 = defined(parseIpAddress("224.0.0.18"), "the IPv4 group");
const GROUP6 = defined(parseIpAddress("ff02::12"), "the IPv6 group");

/** The family of an instance: that of the first address it names, IPv4 if it names none. */
export function instanceFamily(instance: VrrpInstance): IpFamily {
  if (instance.nativeIpv6 === true) return 6;
  const first = instance.virtualAddresses[0]?.address ??
    instance.unicastSourceIp ?? instance.multicastSourceIp ??
    instance.unicastPeers?.[0]?.address ?? instance.multicastDestinationIp;
  return first === undefined ? 4 : familyOf(first);
}

/** The device that an instance speaks by: its interface, or its VRF where it has peers and no interface. */
export function instanceInterface(
  { interface: name, vrf, unicastPeers }: Pick<
    VrrpInstance,
    "interface" | "vrf" | "unicastPeers"
  >,
): string | undefined {
  return name ?? ((unicastPeers ?? []).length > 0 ? vrf : undefined);
}

/** The VRRP version of an instance: its own, 3 for IPv6, else the global one, else 2. */
export function instanceVersion(
  instance: VrrpInstance,
  globals: GlobalDefs,
): VrrpVersion {
  return instance.version ??
    (instanceFamily(instance) === 6
      ? 3
      : globals.vrrpVersion ?? DEFAULT_VERSION);
}

/** `state MASTER` without a priority makes an address owner, as in keepalived. */
export function instancePriority(instance: VrrpInstance): number {
  return instance.priority ??
    (instance.state === "MASTER" ? OWNER : DEFAULT_PRIORITY);
}

/** The group that an instance's adverts go to, and are heard from, without peers. */
export function instanceGroup(
  instance: VrrpInstance,
  globals: GlobalDefs,
): IpAddress {
  const family = instanceFamily(instance);
  const own = instance.multicastDestinationIp;
  if (own !== undefined && familyOf(own) === family) return own;
  return family === 4
    ? globals.multicastGroup4 ?? GROUP4
    : globals.multicastGroup6 ?? GROUP6;
}
