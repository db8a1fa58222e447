/**
 * From what a configuration says to what the engine runs: every default is applied here, and only here.
 *
 * Says:    keepalived's defaults (RFC 9568 §5.2 and §6.1 where it has one). The model was checked before; what is
 *          impossible in it is left out here, never guessed.
 * Units:   nanoseconds.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  isMulticast,
} from "../addr/ip_address.ts";
import type {
  Authentication,
  GratuitousArpConfig,
  IpFamily,
  RouterConfig,
  UnicastPeer,
  VirtualAddress,
  VrrpVersion,
} from "../vrrp/router_config.ts";
import type { Policy } from "../vrrp/virtual_route.ts";
import { ADDRESS_FLAG, LIFETIME_FOREVER } from "../wire/rtnetlink.ts";
import type {
  AddressEntry,
  AddressScope,
  Config,
  GlobalDefs,
  UnicastPeerEntry,
  VrrpInstance,
} from "./model.ts";
import { DEFAULT_INTERFACE } from "./default_interface.ts";
import { type KeyFiles, NO_KEY_FILES, resolveHmac } from "./resolve_hmac.ts";
import { LinkResolver } from "./resolve_links.ts";
import {
  instanceFamily,
  instanceGroup,
  instanceInterface,
  instancePriority,
  instanceVersion,
} from "./instance_identity.ts";
import { resolveReceiving } from "./resolve_receive.ts";
import { resolveExtraGarp } from "./resolve_extra_garp.ts";
import { acceptsPackets, underStrictMode } from "./strict_mode.ts";
import { resolveRoute, RuleResolver } from "./resolve_policies.ts";
import { VmacResolver } from "./resolve_vmacs.ts";

const NS_PER_S = 1e9;
const NS_PER_CS = 1e7;
const OWNER = 255;
const PASSWORD_LENGTH_MAX = 8;

/** Defaults as documented in docs/ and in keepalived.conf(5). */
const DEFAULT = {
  advertIntervalNs: NS_PER_S,
  downTimerAdverts: 3,
  garpMasterDelayNs: 5 * NS_PER_S,
  garpMasterRepeat: 5,
  garpMasterRefreshNs: 0,
  garpMasterRefreshRepeat: 1,
} as const;

const IPV6_HOST_PREFIX = 128;

/** `static_ipaddress`, `static_routes`, `static_rules`. */
export interface ResolvedStatics {
  readonly addresses: readonly VirtualAddress[];
  /** Routes, then rules. */
  readonly policies: readonly Policy[];
}

/** The routers to run, in the order of the file. An instance without interface or vrid is left out. */
export function resolveRouters(
  config: Config,
  rules = new RuleResolver(),
  keyFiles: KeyFiles = NO_KEY_FILES,
): readonly RouterConfig[] {
  const links = new LinkResolver(config);
  const vmacs = new VmacResolver(config.instances, config.globals);
  return config.instances
    .map((instance) =>
      resolveRouter(instance, config.globals, rules, links, vmacs, keyFiles)
    )
    .filter((router) => router !== undefined);
}

function resolveRouter(
  written: VrrpInstance,
  globals: GlobalDefs,
  rules: RuleResolver,
  links: LinkResolver,
  vmacs: VmacResolver,
  keyFiles: KeyFiles,
): RouterConfig | undefined {
  const instance = underStrictMode(written, globals);
  const { name, virtualRouterId: vrid } = instance;
  const interfaceName = instanceInterface(instance);
  if (interfaceName === undefined || vrid === undefined) return undefined;
  const family = instanceFamily(instance);
  const version = instanceVersion(instance, globals);
  const priority = instancePriority(instance);
  const advertIntervalNs = resolveInterval(
    instance.advertIntervalNs ?? DEFAULT.advertIntervalNs,
    version,
  );
  const advertHmac = resolveHmac(
    instance.authHmac,
    advertIntervalNs,
    keyFiles,
  );
  if (advertHmac === "unusable") return undefined;
  const initialState = instance.state ??
    (priority === OWNER ? "MASTER" : "BACKUP");
  // keepalived drops both with `state MASTER`, and an owner never yields anyway.
  const mayWait = instance.state !== "MASTER" && priority !== OWNER;
  const preempt = mayWait ? instance.preempt ?? true : true;
  const peers = (instance.unicastPeers ?? [])
    .filter(({ address }) => familyOf(address) === family);
  const { ownLink, addressLinks, linkOf } = vmacs.resolve(instance, {
    vrid,
    family,
    interface: interfaceName,
    isUnicast: peers.length > 0,
  });
  const ipvlan = ownLink?.link.kind === "ipvlan" ? ownLink.link : undefined;
  const virtualAddresses = resolveAddresses(
    instance.virtualAddresses.filter((entry) => entry.family === family),
    linkOf,
  );
  const excludedAddresses = resolveAddresses(
    instance.excludedAddresses,
    linkOf,
  );
  return {
    name,
    vrid,
    family,
    version,
    interface: interfaceName,
    ownLink,
    addressLinks,
    priority,
    initialState,
    advertIntervalNs,
    downTimerAdverts: instance.downTimerAdverts ?? globals.downTimerAdverts ??
      DEFAULT.downTimerAdverts,
    preempt,
    timerExpiredBackup: preempt ? undefined : instance.timerExpiredBackup,
    preemptDelayNs: mayWait && preempt ? instance.preemptDelayNs ?? 0 : 0,
    virtualAddresses,
    excludedAddresses,
    policies: [
      ...instance.virtualRoutes.map(resolveRoute),
      ...instance.virtualRules.map((entry) => rules.resolve(entry)),
    ],
    sourceAddress: [instance.unicastSourceIp, instance.multicastSourceIp]
      .find((one) => one !== undefined && familyOf(one) === family) ??
      ipvlan?.address?.address,
    multicastGroup: instanceGroup(instance, globals),
    unicastPeers: peers.length === 0 ? undefined : peers.map(resolvePeer),
    ...resolveReceiving(instance, globals, peers.length),
    unicastTtl: peers.length === 0 ? undefined : instance.unicastTtl,
    checkUnicastSource: instance.checkUnicastSource ??
      (peers.some(hasTtlBound) ||
        (peers.length > 0 && (globals.checkUnicastSource ?? false))),
    authentication: advertHmac === undefined
      ? resolveAuthentication(instance, version, family)
      : { kind: "none" },
    advertHmac,
    oldUnicastChecksum: instance.oldUnicastChecksum &&
      instance.oldUnicastChecksum !== "never",
    v3ChecksumAsV2: instance.v3ChecksumAsV2 ?? globals.v3ChecksumAsV2 ?? false,
    skipCheckAdvertAddresses: instance.skipCheckAdvertAddresses ??
      globals.skipCheckAdvertAddresses ?? false,
    lowerPriorityNoAdvert: instance.lowerPriorityNoAdvert ??
      globals.lowerPriorityNoAdvert ?? false,
    higherPrioritySendAdvert: instance.higherPrioritySendAdvert ??
      globals.higherPrioritySendAdvert ?? false,
    ownerIgnoreAdverts: priority === OWNER &&
      (instance.ownerIgnoreAdverts ?? globals.ownerIgnoreAdverts ?? false),
    acceptsPackets: acceptsPackets(instance, globals),
    trackPrimary: !(instance.dontTrackPrimary ?? false),
    promotesSecondaries: ownLink === undefined &&
      (instance.promoteSecondaries ?? false),
    links: links.ofInstance(instance),
    gratuitousArp: {
      ...resolveGratuitousArp(instance, globals),
      ...resolveExtraGarp(instance, globals, {
        carriers: [...virtualAddresses, ...excludedAddresses]
          .map((address) => address.interface),
        advertInterface: ownLink?.advertsByParent === false
          ? ownLink.link.name
          : interfaceName,
        isVirtualMac: (name) =>
          [ownLink?.link, ...addressLinks].some((link) =>
            link?.kind === "macvlan" && link.name === name
          ),
      }),
    },
  };
}

/** v2 carries whole seconds, at least one; v3 hundredths, at least one and at most 4095. */
function resolveInterval(intervalNs: number, version: VrrpVersion): number {
  if (version === 2) {
    return Math.min(Math.max(Math.round(intervalNs / NS_PER_S), 1), 255) *
      NS_PER_S;
  }
  return Math.min(Math.max(Math.round(intervalNs / NS_PER_CS), 1), 4095) *
    NS_PER_CS;
}

function resolvePeer(
  { address, ttlMin, ttlMax }: UnicastPeerEntry,
): UnicastPeer {
  return { address, ttlMin, ttlMax };
}

function hasTtlBound({ ttlMin, ttlMax }: UnicastPeerEntry): boolean {
  return ttlMin !== undefined || ttlMax !== undefined;
}

/** Only VRRPv2 over IPv4 has room for a password, and for eight bytes of it. */
function resolveAuthentication(
  instance: VrrpInstance,
  version: VrrpVersion,
  family: IpFamily,
): Authentication {
  const { authentication } = instance;
  if (authentication?.type === undefined || version !== 2 || family !== 4) {
    return { kind: "none" };
  }
  const bytes = new TextEncoder().encode(authentication.password ?? "")
    .subarray(0, PASSWORD_LENGTH_MAX);
  const password = new TextDecoder().decode(bytes);
  if (password === "") return { kind: "none" };
  return { kind: authentication.type === "AH" ? "ah" : "pass", password };
}

function resolveGratuitousArp(
  instance: VrrpInstance,
  globals: GlobalDefs,
): Omit<GratuitousArpConfig, "extraIntervalNs" | "extraInterfaces"> {
  const globalDelayNs = globals.garpMasterDelayNs ?? DEFAULT.garpMasterDelayNs;
  const globalRepeat = globals.garpMasterRepeat ?? DEFAULT.garpMasterRepeat;
  return {
    masterDelayNs: instance.garpMasterDelayNs ?? globalDelayNs,
    masterRepeat: Math.max(1, instance.garpMasterRepeat ?? globalRepeat),
    masterRefreshNs: instance.garpMasterRefreshNs ??
      globals.garpMasterRefreshNs ?? DEFAULT.garpMasterRefreshNs,
    masterRefreshRepeat: Math.max(
      1,
      instance.garpMasterRefreshRepeat ?? globals.garpMasterRefreshRepeat ??
        DEFAULT.garpMasterRefreshRepeat,
    ),
    lowerPriorityDelayNs: instance.garpLowerPriorityDelayNs ??
      globals.garpLowerPriorityDelayNs ?? globalDelayNs,
    lowerPriorityRepeat: instance.garpLowerPriorityRepeat ??
      globals.garpLowerPriorityRepeat ?? globalRepeat,
  };
}

const SCOPES: Readonly<Record<Exclude<AddressScope, number>, number>> = {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
};

/** What is there as long as the daemon runs. Rules without a preference count down, with those of `rules`. */
export function resolveStatics(
  { globals }: Config,
  rules: RuleResolver,
): ResolvedStatics {
  const { staticAddresses, staticRoutes, staticRules } = globals;
  return {
    addresses: resolveAddresses(
      staticAddresses,
      (entry) =>
        entry.interface ?? globals.defaultInterface ?? DEFAULT_INTERFACE,
    ),
    policies: [
      ...staticRoutes.map(resolveRoute),
      ...staticRules.map((entry) => rules.resolve(entry)),
    ],
  };
}

/** Each address once, where it stands first. With a `dev` of its own it is another one, as on keepalived's wire. */
function resolveAddresses(
  entries: readonly AddressEntry[],
  linkOf: (entry: AddressEntry) => string,
): readonly VirtualAddress[] {
  const seen = new Set<string>();
  return entries
    .filter((one) => {
      const key = `${one.address} ${one.interface ?? ""}`;
      return !seen.has(key) && seen.add(key);
    })
    .map((entry) => resolveAddress(entry, linkOf(entry)));
}

function resolveAddress(
  entry: AddressEntry,
  link: string,
): VirtualAddress {
  const { address, family, scope, broadcast } = entry;
  const prefixLength = entry.prefixLength ?? (family === 4 ? 32 : 128);
  return {
    address,
    prefixLength,
    interface: link,
    label: family === 4 ? entry.label : undefined,
    scope: typeof scope === "string" ? SCOPES[scope] : scope ?? 0,
    broadcast: family === 6
      ? undefined
      : broadcast === "+" || broadcast === "-"
      ? hostBits(address, prefixLength, broadcast === "+")
      : broadcast,
    peer: entry.peer,
    noTrack: entry.noTrack,
    flags: resolveFlags(entry),
    preferredSeconds: resolvePreferred(entry, prefixLength),
  };
}

/** Detection of duplicates would delay an address, and fail for ever after a moment with two masters. */
function resolveFlags(entry: AddressEntry): number {
  const isSilent = entry.family === 6 && entry.detectsDuplicates !== true;
  const flags = [
    isSilent ? ADDRESS_FLAG.noDad : 0,
    entry.noPrefixRoute ? ADDRESS_FLAG.noPrefixRoute : 0,
    entry.home === true ? ADDRESS_FLAG.home : 0,
    entry.managesTemporary === true ? ADDRESS_FLAG.manageTemporary : 0,
    entry.autojoin === true && isMulticast(entry.address)
      ? ADDRESS_FLAG.autojoin
      : 0,
  ];
  return flags.reduce((all, one) => all | one, 0);
}

/** A host address of IPv6 is not to become the source of the host's own connections. IPv4 has no such lifetime. */
function resolvePreferred(
  { family, preferredSeconds }: AddressEntry,
  prefixLength: number,
): number | undefined {
  if (family === 4 || preferredSeconds === LIFETIME_FOREVER) return undefined;
  return preferredSeconds ??
    (prefixLength === IPV6_HOST_PREFIX ? 0 : undefined);
}

/** The address with all its host bits one or zero: `brd +` and `brd -`. */
function hostBits(
  address: IpAddress,
  prefixLength: number,
  isOne: boolean,
): IpAddress {
  const bytes = ipAddressBytes(address);
  for (let i = 0; i < bytes.length; i++) {
    const networkBits = Math.min(Math.max(prefixLength - i * 8, 0), 8);
    const hostMask = 0xff >> networkBits;
    const byte = bytes[i] ?? 0;
    bytes[i] = isOne ? byte | hostMask : byte & ~hostMask;
  }
  return ipAddressFromBytes(bytes, 0, familyOf(address));
}
