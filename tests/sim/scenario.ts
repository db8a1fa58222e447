/**
 * What a seed stands for: who is there, how bad the network is, and what goes wrong when.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import { virtualRouterMac } from "../../lib/addr/mac_address.ts";
import type { EnginePlan } from "../../lib/engine/port.ts";
import type { AnnouncementLimit } from "../../lib/vrrp/announcement_limit.ts";
import {
  exampleAddress,
  exampleIp,
  exampleIpvlan,
  exampleMacvlan,
  exampleRouter,
} from "../../lib/vrrp/example_router.ts";
import { masterDownIntervalNs } from "../../lib/vrrp/intervals.ts";
import type {
  Authentication,
  RouterConfig,
  UnicastPeer,
  VirtualAddress,
} from "../../lib/vrrp/router_config.ts";
import type { TrackerLink } from "../../lib/vrrp/tracking.ts";
import type {
  Macvlan,
  OwnLink,
  VirtualLink,
} from "../../lib/vrrp/virtual_link.ts";
import type { Port } from "./host.ts";
import type { LanRules } from "./lan.ts";
import type { Random } from "./random.ts";
import { chooseSigning, type Signing } from "./signing.ts";

/** The one script that routers follow. */
export const SCRIPT = "chk";
/** The vrid that a reload may add. */
const EXTRA_VRID = 90;

const LINKS = ["eth0", "eth1"] as const;

export type HostFault =
  | "linkDown"
  | "noCarrier"
  | "linkRemoved"
  | "linkRenamed"
  | "linkMended"
  | "renumbered"
  | "addressLost"
  | "addressBack"
  | "addressTentative"
  | "stripped"
  | "virtualLinkLost"
  | "overrun"
  | "scriptFails"
  | "scriptSucceeds"
  | "clockForward"
  | "reload"
  | "crash"
  | "kill"
  | "stop"
  | "start"
  | "freeze"
  | "thaw";

export type Fault =
  | { readonly kind: "cut"; readonly pieces: readonly number[] }
  /** Only one segment is cut. */
  | {
    readonly kind: "cutSegment";
    readonly segment: number;
    readonly pieces: readonly number[];
  }
  /** On a segment, `to` no longer hears `host`. */
  | {
    readonly kind: "block";
    readonly segment: number;
    readonly host: number;
    readonly to: number;
  }
  /** Somebody else sends adverts with a vrid of ours. */
  | { readonly kind: "intruder"; readonly segment: number }
  | { readonly kind: HostFault; readonly host: number; readonly link: string };

export interface PlannedFault {
  readonly atNs: number;
  readonly fault: Fault;
}

export interface HostSpec {
  readonly plan: EnginePlan;
  readonly ports: readonly Port[];
  readonly isPromotingSecondaries: boolean;
}

export interface Scenario {
  readonly hosts: readonly HostSpec[];
  readonly segments: number;
  /** The network while things go wrong. */
  readonly rough: LanRules;
  /** The network afterwards. */
  readonly calm: LanRules;
  readonly faults: readonly PlannedFault[];
  /** How long things go wrong. */
  readonly roughNs: number;
  /** How long a calm network may take to settle. */
  readonly settleNs: number;
  /** How long it is then watched for changes. */
  readonly watchNs: number;
  /** Adverts may be rejected with good reason. */
  readonly mayReject: boolean;
}

const INTERVAL_MIN_NS = 10e6;
const FAULTS_MAX = 10;
const HOSTS_MAX = 5;
const ROUGH_INTERVALS = 16;

/** What all hosts have in common. */
interface Cluster {
  readonly hosts: number;
  readonly segments: number;
  /** In one sync group, if there are several. */
  readonly isGrouped: boolean;
  readonly isMixed: boolean;
  readonly intervalNs: number;
  readonly routers: readonly SharedRouter[];
  /** By host and link. */
  readonly addresses: readonly (readonly string[])[];
  readonly links: readonly TrackerLink[];
  readonly limits: readonly AnnouncementLimit[];
  readonly signing: Signing;
}

/** One virtual router, as its members agree. */
interface SharedRouter {
  readonly vrid: number;
  readonly segment: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly isUnicast: boolean;
  readonly authentication: Authentication;
  readonly addresses: readonly VirtualAddress[];
  readonly ownLink: OwnLink | undefined;
  readonly addressLinks: readonly Macvlan[];
}

export function chooseScenario(random: Random): Scenario {
  const cluster = chooseCluster(random);
  const hosts = Array.from(
    { length: cluster.hosts },
    (_, host) => chooseHost(random, cluster, host),
  );
  const configs = hosts.flatMap(({ plan }) => plan.routers);
  const { intervalNs } = cluster;
  const longestNs = 2 * intervalNs;
  const roughNs = ROUGH_INTERVALS * intervalNs;
  const downNs = Math.max(
    ...configs.map((config) => masterDownIntervalNs(config, 1, longestNs)),
  );
  const preemptDelayNs = Math.max(
    ...configs.map((config) => config.preemptDelayNs),
  );
  const calmDelayNs = intervalNs * random.pick([0.001, 0.02]);
  const damage = random.pick([0, 0, 0.1]);
  const faults = chooseFaults(random, cluster, roughNs);
  const hasIntruder = faults.some(({ fault }) => fault.kind === "intruder");
  return {
    hosts,
    segments: cluster.segments,
    rough: {
      loss: random.pick([0, 0.05, 0.3, 0.6]),
      duplication: random.pick([0, 0.1]),
      damage,
      delayMinNs: 0.1e6,
      delayMaxNs: intervalNs * random.pick([0.01, 0.1, 1]),
    },
    calm: {
      loss: 0,
      duplication: 0,
      damage: 0,
      // Always the same: on a calm segment nothing overtakes a farewell.
      delayMinNs: calmDelayNs,
      delayMaxNs: calmDelayNs,
    },
    faults,
    roughNs,
    settleNs: preemptDelayNs + (cluster.isGrouped ? 5 : 3) * downNs,
    watchNs: 1.5 * downNs,
    mayReject: damage > 0 || cluster.isMixed || hasIntruder ||
      // What overtakes another is older than that.
      cluster.signing !== undefined,
  };
}

function chooseCluster(random: Random): Cluster {
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const segments = count > 1 && random.chance(0.7) ? 2 : 1;
  const families = [0, 1].map(() => random.pick([4, 4, 6] as const));
  const isMixed = random.chance(0.1) && !families.includes(6);
  const isSlow = isMixed || random.chance(0.5);
  const intervalNs = isSlow ? 1e9 : random.pick([10e6, 100e6, 1e9]);
  const hosts = 2 + random.below(HOSTS_MAX - 1);
  const isUnicast = random.chance(0.3);
  // Linux has either kind on one interface, never both.
  const speaksBy = !isUnicast && random.chance(0.2) ? "ipvlan" : "macvlan";
  return {
    hosts,
    segments,
    isGrouped: count > 1 && random.chance(0.7),
    isMixed,
    intervalNs,
    addresses: chooseAddresses(random, hosts, segments, families),
    links: chooseLinks(random, segments),
    limits: random.chance(0.15)
      ? [{
        interfaces: undefined,
        arpIntervalNs: intervalNs / 4,
        neighborIntervalNs: intervalNs / 4,
      }]
      : [],
    routers: Array.from({ length: count }, (_, i) => {
      const segment = i % segments;
      const family = families[segment] ?? 4;
      const version = family === 4 && intervalNs === 1e9
        ? random.pick([2, 3] as const)
        : 3;
      return chooseShared(random, 51 + i, segment, family, version, {
        isUnicast,
        speaksBy,
        segments,
      });
    }),
    signing: chooseSigning(random, hosts),
  };
}

/** Who is above whom is the same on all segments: groups that tie on each in another way never come to rest. */
function chooseAddresses(
  random: Random,
  hosts: number,
  segments: number,
  families: readonly (4 | 6)[],
): readonly (readonly string[])[] {
  const text = (segment: number, host: number) =>
    families[segment] === 6
      ? `fe80::${segment + 1}:${(8 + host).toString(16)}/64`
      : `${subnet(segment)}.${8 + host}/24`;
  return random.shuffled(Array.from({ length: hosts }, (_, i) => i)).map((i) =>
    Array.from({ length: segments }, (_, segment) => text(segment, i))
  );
}

function subnet(segment: number): string {
  return segment === 0 ? "192.0.2" : "198.51.100";
}

function chooseShared(
  random: Random,
  vrid: number,
  segment: number,
  family: 4 | 6,
  version: 2 | 3,
  { isUnicast, speaksBy, segments }: {
    readonly isUnicast: boolean;
    readonly speaksBy: VirtualLink["kind"];
    readonly segments: number;
  },
): SharedRouter {
  const port = LINKS[segment] ?? "eth0";
  const ownLink = random.chance(0.15)
    ? {
      link: speaksBy === "macvlan"
        ? exampleMacvlan(`vrrp.${vrid}`, {
          parent: port,
          family,
          mac: virtualRouterMac(family, vrid),
        })
        : exampleIpvlan(`vrrp.${vrid}`, { parent: port, family }),
      advertsByParent: speaksBy === "macvlan" &&
        (random.chance(0.5) || isUnicast),
    }
    : undefined;
  const addressLinks = speaksBy === "macvlan" && random.chance(0.08)
    ? [exampleMacvlan(`vrrp1.${vrid}`, {
      family,
      mac: virtualRouterMac(family, vrid),
      parent: LINKS[segments - 1] ?? port,
    })]
    : [];
  const carrier = ownLink?.link.kind === "macvlan" ? ownLink.link.name : port;
  const count = random.pick([1, 1, 3]);
  const prefixLength = family === 4 && random.chance(0.2) ? 24 : undefined;
  return {
    vrid,
    segment,
    family,
    version,
    isUnicast,
    ownLink,
    addressLinks,
    authentication: version === 2 && random.chance(0.5)
      ? { kind: "pass", password: "secret" }
      : { kind: "none" },
    addresses: Array.from(
      { length: count },
      (_, i) =>
        virtualAddress(
          segment,
          family,
          10 * (vrid - 41) + i,
          i > 0 ? addressLinks[0]?.name ?? carrier : carrier,
          prefixLength,
        ),
    ),
  };
}

/** An ipvlan has an address of its own on each host, beside the one that its interface has. */
function runsOn(
  { ownLink, addressLinks }: SharedRouter,
  hostAddress: string,
): Pick<RouterConfig, "ownLink" | "addressLinks" | "sourceAddress"> {
  if (ownLink?.link.kind !== "ipvlan") {
    return { ownLink, addressLinks, sourceAddress: undefined };
  }
  const { link } = ownLink;
  const text = hostAddress.replace(/\/\d+$/, "").replace(
    /\.(\d+)$|:(\w+)$/,
    (_, last, word) =>
      last === undefined ? `:1${word}` : `.${60 + Number(last)}`,
  );
  const address = exampleAddress(text, { interface: link.name });
  return {
    ownLink: { ...ownLink, link: { ...link, address } },
    addressLinks,
    sourceAddress: address.address,
  };
}

function virtualAddress(
  segment: number,
  family: 4 | 6,
  host: number,
  link: string,
  prefixLength: number | undefined,
): VirtualAddress {
  const text = family === 4
    ? `${subnet(segment)}.${host}`
    : `fe80::${segment + 1}:${host}`;
  const address = exampleAddress(text, { interface: link });
  return prefixLength === undefined ? address : { ...address, prefixLength };
}

function chooseLinks(random: Random, segments: number): readonly TrackerLink[] {
  const links: TrackerLink[] = [];
  if (random.chance(0.3)) {
    links.push({
      kind: "script",
      tracker: SCRIPT,
      weight: random.pick([0, 0, -100, -20, 40]),
      reverse: random.chance(0.15),
    });
  }
  if (segments === 2 && random.chance(0.15)) {
    links.push({
      kind: "interface",
      tracker: "eth1",
      weight: random.pick([0, -60]),
      reverse: false,
    });
  }
  return links;
}

function chooseHost(random: Random, cluster: Cluster, host: number): HostSpec {
  const { isGrouped, routers, segments, links, limits } = cluster;
  const priorities = [1, 50, 100, 100, 150, 254, 255];
  const preempts = random.chance(0.7);
  const priority = random.pick(priorities);
  const speaksOther = cluster.isMixed && random.chance(0.4);
  const configs = routers.map((agreed) => {
    const shared = speaksOther ? inOtherVersion(agreed) : agreed;
    // Members of a group that disagree about who is best never come to rest, here as anywhere.
    return isGrouped
      ? routerOf(random, cluster, shared, host, priority, preempts)
      : routerOf(
        random,
        cluster,
        shared,
        host,
        random.pick(priorities),
        random.chance(0.7),
      );
  });
  return {
    plan: {
      routers: configs,
      groups: isGrouped
        ? [{ name: "G", members: configs.map(({ name }) => name), links }]
        : [],
      announcementLimits: limits,
      startsAtNs: random.chance(0.05) ? cluster.intervalNs : 0,
    },
    ports: Array.from({ length: segments }, (_, segment) => ({
      link: LINKS[segment] ?? "eth0",
      segment,
      address: cluster.addresses[host]?.[segment] ?? "",
    })),
    isPromotingSecondaries: random.chance(0.5),
  };
}

function inOtherVersion(shared: SharedRouter): SharedRouter {
  return { ...shared, version: shared.version === 2 ? 3 : 2 };
}

function routerOf(
  random: Random,
  cluster: Cluster,
  shared: SharedRouter,
  host: number,
  priority: number,
  preempts: boolean,
): RouterConfig {
  const { intervalNs, isGrouped, links } = cluster;
  const { vrid, segment, isUnicast, family, version } = shared;
  const isOwner = priority === 255;
  return exampleRouter({
    name: `VI_${vrid}`,
    vrid,
    family,
    version,
    interface: LINKS[segment] ?? "eth0",
    ...runsOn(shared, cluster.addresses[host]?.[segment] ?? ""),
    priority,
    initialState: isOwner && random.chance(0.8) ? "MASTER" : "BACKUP",
    virtualAddresses: shared.addresses,
    authentication: version === 2 && cluster.signing === undefined
      ? shared.authentication
      : { kind: "none" },
    advertHmac: cluster.signing?.[host],
    // Version 3 learns; let the peers differ now and then.
    advertIntervalNs: version === 3 && random.chance(0.2)
      ? intervalNs * 2
      : intervalNs,
    preempt: isOwner || preempts,
    preemptDelayNs: !isOwner && random.chance(0.15)
      ? random.pick([1, 5]) * intervalNs
      : 0,
    lowerPriorityNoAdvert: random.chance(0.2),
    higherPrioritySendAdvert: random.chance(0.2),
    skipCheckAdvertAddresses: random.chance(0.5),
    checkUnicastSource: isUnicast && random.chance(0.5),
    unicastPeers: isUnicast ? peersOf(cluster, segment, host) : undefined,
    links: isGrouped ? [] : links,
    gratuitousArp: {
      masterDelayNs: 2 * intervalNs,
      masterRepeat: 2,
      masterRefreshNs: 0,
      masterRefreshRepeat: 1,
      extraIntervalNs: 0,
      extraInterfaces: [],
      lowerPriorityDelayNs: 2 * intervalNs,
      lowerPriorityRepeat: 2,
    },
  });
}

function peersOf(
  { addresses }: Cluster,
  segment: number,
  host: number,
): UnicastPeer[] {
  return addresses.flatMap((texts, other) =>
    other === host ? [] : [{
      address: exampleIp(texts[segment]?.split("/")[0] ?? ""),
      ttlMin: undefined,
      ttlMax: undefined,
    }]
  );
}

function chooseFaults(
  random: Random,
  cluster: Cluster,
  roughNs: number,
): readonly PlannedFault[] {
  const count = random.below(FAULTS_MAX + 1);
  return Array.from({ length: count }, () => ({
    atNs: random.between(0, roughNs),
    fault: chooseFault(random, cluster),
  }));
}

function chooseFault(
  random: Random,
  { hosts, segments }: Cluster,
): Fault {
  const kind = random.pick(
    [
      "cut",
      "cut",
      "cutSegment",
      "block",
      "block",
      "intruder",
      "linkDown",
      "noCarrier",
      "linkRemoved",
      "linkRenamed",
      "linkMended",
      "linkMended",
      "renumbered",
      "addressLost",
      "addressBack",
      "addressTentative",
      "stripped",
      "stripped",
      "virtualLinkLost",
      "overrun",
      "scriptFails",
      "scriptSucceeds",
      "clockForward",
      "reload",
      "reload",
      "reload",
      "crash",
      "crash",
      "kill",
      "stop",
      "start",
      "start",
      "freeze",
      "thaw",
    ] as const,
  );
  const segment = random.below(segments);
  const pieces = Array.from({ length: hosts }, () => random.below(2));
  switch (kind) {
    case "cut":
      return { kind, pieces };
    case "cutSegment":
      return { kind, segment, pieces };
    case "block":
      return {
        kind,
        segment,
        host: random.below(hosts),
        to: random.below(hosts),
      };
    case "intruder":
      return { kind, segment };
    default:
      return {
        kind,
        host: random.below(hosts),
        link: LINKS[segment] ?? "eth0",
      };
  }
}

/** What an operator may make of a configuration. */
export function chooseReload(random: Random, plan: EnginePlan): EnginePlan {
  const { routers, groups = [] } = plan;
  const kind = random.pick(
    [
      "same",
      "priority",
      "preempt",
      "interval",
      "address",
      "remove",
      "add",
      "group",
    ] as const,
  );
  switch (kind) {
    case "same":
      return plan;
    case "priority": {
      const priority = random.pick([10, 100, 200]);
      return withRouters(
        plan,
        (router) =>
          router.priority === 255
            ? router
            : { ...router, priority, initialState: "BACKUP" },
      );
    }
    case "preempt":
      return withRouters(
        plan,
        (router) =>
          router.priority === 255
            ? router
            : { ...router, preempt: !router.preempt },
      );
    case "interval":
      return withRouters(plan, (router) =>
        router.version === 2 ? router : {
          ...router,
          advertIntervalNs: halved(router.advertIntervalNs),
        });
    case "address":
      return withRouters(plan, (router, i) => i === 0 ? grown(router) : router);
    case "remove": {
      const [gone, ...kept] = [...routers].reverse();
      if (gone === undefined || kept.length === 0) return plan;
      return {
        ...plan,
        routers: kept.reverse(),
        groups: groups.map((group) => ({
          ...group,
          members: group.members.filter((name) => name !== gone.name),
        })),
      };
    }
    case "add":
      return withExtra(plan);
    case "group":
      return groups.length > 0 || routers.length < 2
        ? { ...plan, groups: [] }
        : {
          ...plan,
          groups: [{
            name: "G",
            members: routers.map(({ name }) => name),
            links: [],
          }],
        };
  }
}

/** A whole number of the shortest there is. */
function halved(intervalNs: number): number {
  return Math.ceil(intervalNs / 2 / INTERVAL_MIN_NS) * INTERVAL_MIN_NS;
}

function withRouters(
  plan: EnginePlan,
  change: (router: RouterConfig, i: number) => RouterConfig,
): EnginePlan {
  return { ...plan, routers: plan.routers.map(change) };
}

/** One more address, or without it again. */
function grown(router: RouterConfig): RouterConfig {
  const [first, ...others] = router.virtualAddresses;
  if (first === undefined || others.length > 0) {
    return {
      ...router,
      virtualAddresses: router.virtualAddresses.slice(0, 1),
    };
  }
  const address = exampleIp(
    router.family === 4 ? "203.0.113.77" : "fe80::7:77",
  );
  return { ...router, virtualAddresses: [first, { ...first, address }] };
}

/** One more virtual router beside the first, or without it again. */
function withExtra(plan: EnginePlan): EnginePlan {
  const { routers } = plan;
  const [first] = routers;
  if (first === undefined) return plan;
  if (routers.some(({ vrid }) => vrid === EXTRA_VRID)) {
    const kept = routers.filter(({ vrid }) => vrid !== EXTRA_VRID);
    return {
      ...plan,
      routers: kept,
      groups: (plan.groups ?? []).map((group) => ({
        ...group,
        members: group.members.filter((name) => name !== `VI_${EXTRA_VRID}`),
      })),
    };
  }
  const extra: RouterConfig = {
    ...first,
    name: `VI_${EXTRA_VRID}`,
    vrid: EXTRA_VRID,
    ownLink: undefined,
    addressLinks: [],
    virtualAddresses: [
      exampleAddress(first.family === 4 ? "203.0.113.90" : "fe80::9:90", {
        interface: first.interface,
      }),
    ],
  };
  return { ...plan, routers: [...routers, extra] };
}
