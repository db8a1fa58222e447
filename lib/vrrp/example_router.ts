/**
 * A router for tests: keepalived's defaults, one address, vrid 51; and the states it can be in.
 * @module
 */
import { type IpAddress, parseIpAddress } from "../addr/ip_address.ts";
import { virtualRouterMac } from "../addr/mac_address.ts";
import { assert, defined } from "../assert.ts";
import { ADDRESS_FLAG } from "../wire/rtnetlink.ts";
import { NS_PER_S } from "../time/duration.ts";
import { stepRouter } from "./machine.ts";
import {
  type BackupState,
  INITIAL_STATE,
  type MasterState,
} from "./router_state.ts";
import type { RouterConfig, VirtualAddress } from "./router_config.ts";
import type { Ipvlan, Macvlan } from "./virtual_link.ts";
import type { RouterEvent } from "./router_io.ts";

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
  const isIpv6 = text.includes(":");
  return {
    address,
    prefixLength: isIpv6 ? 128 : 32,
    interface: "eth0",
    label: undefined,
    scope: 0,
    broadcast: undefined,
    peer: undefined,
    noTrack: false,
    flags: isIpv6 ? ADDRESS_FLAG.noDad : 0,
    preferredSeconds: undefined,
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
    ownLink: undefined,
    addressLinks: [],
    priority: 100,
    initialState: changes.priority === 255 ? "MASTER" : "BACKUP",
    advertIntervalNs: NS_PER_S,
    downTimerAdverts: 3,
    preempt: true,
    preemptDelayNs: 0,
    timerExpiredBackup: undefined,
    virtualAddresses: [exampleAddress(isIpv6 ? "fe80::64" : "192.0.2.100")],
    excludedAddresses: [],
    policies: [],
    sourceAddress: undefined,
    multicastGroup: exampleIp(isIpv6 ? "ff02::12" : "224.0.0.18"),
    unicastPeers: undefined,
    unicastTtl: undefined,
    checkUnicastSource: false,
    authentication: { kind: "none" },
    advertHmac: undefined,
    v3ChecksumAsV2: false,
    oldUnicastChecksum: undefined,
    skipCheckAdvertAddresses: false,
    lowerPriorityNoAdvert: false,
    higherPrioritySendAdvert: false,
    ownerIgnoreAdverts: false,
    acceptsPackets: true,
    trackPrimary: true,
    promotesSecondaries: false,
    links: [],
    gratuitousArp: {
      masterDelayNs: 5 * NS_PER_S,
      masterRepeat: 5,
      masterRefreshNs: 0,
      masterRefreshRepeat: 1,
      extraIntervalNs: 0,
      extraInterfaces: [],
      lowerPriorityDelayNs: 5 * NS_PER_S,
      lowerPriorityRepeat: 5,
    },
    ...changes,
  };
}

/** The link of a virtual MAC address: on eth0, for vrid 51 and IPv4, unless `changes` say otherwise. */
export function exampleMacvlan(
  name: string,
  changes: Partial<Macvlan> = {},
): Macvlan {
  const { family = 4 } = changes;
  return {
    kind: "macvlan",
    name,
    parent: "eth0",
    mac: virtualRouterMac(family, 51),
    family,
    hasIpv6: family === 6,
    lendsLinkLocal: family === 6,
    group: undefined,
    ...changes,
  };
}

/** An ipvlan on eth0 without an address, unless `changes` say otherwise. */
export function exampleIpvlan(
  name: string,
  changes: Partial<Ipvlan> = {},
): Ipvlan {
  return {
    kind: "ipvlan",
    name,
    parent: "eth0",
    flag: "bridge",
    family: 4,
    address: undefined,
    group: undefined,
    ...changes,
  };
}

/** Our own address wherever a test's router runs. */
export const EXAMPLE_SOURCE = exampleIp("192.0.2.10");

/** The router of `config` in BACKUP, its gate opened at `nowNs`. */
export function exampleBackup(config: RouterConfig, nowNs = 0): BackupState {
  const opened = stepRouter(
    { ...config, initialState: "BACKUP" },
    INITIAL_STATE,
    { kind: "gateOpened", source: EXAMPLE_SOURCE },
    nowNs,
  );
  assert(opened.state.kind === "backup", "an open gate leads to BACKUP");
  return opened.state;
}

/** The router of `config` in MASTER, its masterDown timer fired at `nowNs`. */
export function exampleMaster(config: RouterConfig, nowNs = 0): MasterState {
  const fired = stepRouter(
    config,
    exampleBackup(config),
    { kind: "timer", timer: "masterDown" },
    nowNs,
  );
  assert(fired.state.kind === "master", "the timer leads to MASTER");
  return fired.state;
}

/** The event of an accepted advert; from a sender above ours, at our own interval, unless said otherwise. */
export function exampleAdvert(
  priority: number,
  source = "192.0.2.20",
  advertIntervalNs = NS_PER_S,
): RouterEvent {
  return {
    kind: "advert",
    advert: { source: exampleIp(source), priority, advertIntervalNs },
  };
}
