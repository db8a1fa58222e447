/**
 * A router's configuration for tests: keepalived's defaults, one address, vrid 51.
 * @module
 */
import { type IpAddress, parseIpAddress } from "../addr/ip_address.ts";
import { defined } from "../assert.ts";
import { NS_PER_S } from "../time/duration.ts";
import type { RouterConfig, VirtualAddress } from "./router_config.ts";

/** The address that `text` says; a test that writes something else is wrong. */
export function exampleIp(text: string): IpAddress {
  return defined(parseIpAddress(text), `the address ${text}`);
}

/** `text` as a virtual address with a host prefix on eth0. */
export function exampleAddress(
  text: string,
  changes: Partial<VirtualAddress> = {},
): VirtualAddress {
  const address = exampleIp(text);
  return {
    address,
    prefixLength: text.includes(":") ? 128 : 32,
    interface: "eth0",
    label: undefined,
    scope: 0,
    broadcast: undefined,
    peer: undefined,
    noTrack: false,
    noPrefixRoute: false,
    ...changes,
  };
}

/** Version 2 over IPv4 by multicast, priority 100, an advert a second, unless `changes` say otherwise. */
export function exampleRouter(
  changes: Partial<RouterConfig> = {},
): RouterConfig {
  const isIpv6 = changes.family === 6;
  return {
    name: "VI_1",
    vrid: 51,
    family: 4,
    version: isIpv6 ? 3 : 2,
    interface: "eth0",
    priority: 100,
    initialState: changes.priority === 255 ? "MASTER" : "BACKUP",
    advertIntervalNs: NS_PER_S,
    downTimerAdverts: 3,
    preempt: true,
    preemptDelayNs: 0,
    virtualAddresses: [exampleAddress(isIpv6 ? "fe80::64" : "192.0.2.100")],
    excludedAddresses: [],
    sourceAddress: undefined,
    multicastGroup: exampleIp(isIpv6 ? "ff02::12" : "224.0.0.18"),
    unicastPeers: undefined,
    unicastTtl: undefined,
    checkUnicastSource: false,
    authentication: { kind: "none" },
    v3ChecksumAsV2: false,
    skipCheckAdvertAddresses: false,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    trackPrimary: true,
    gratuitousArp: {
      masterDelayNs: 5 * NS_PER_S,
      masterRepeat: 5,
      masterRefreshNs: 0,
      masterRefreshRepeat: 1,
      lowerPriorityDelayNs: 5 * NS_PER_S,
      lowerPriorityRepeat: 5,
    },
    ...changes,
  };
}
