/**
 * What a seed stands for: who is there, how bad the network is, and what goes wrong when.
 *
 * Units:   nanoseconds of simulated time.
 * @module
 */
import {
  exampleAddress,
  exampleIp,
  exampleRouter,
} from "../../lib/vrrp/example_router.ts";
import { masterDownIntervalNs } from "../../lib/vrrp/intervals.ts";
import type {
  RouterConfig,
  UnicastPeer,
} from "../../lib/vrrp/router_config.ts";
import type { LanRules } from "./lan.ts";
import type { Random } from "./random.ts";

export type Fault =
  | { readonly kind: "cut"; readonly pieces: readonly number[] }
  /** `to` no longer hears `host`. */
  | { readonly kind: "block"; readonly host: number; readonly to: number }
  | {
    readonly kind:
      | "linkDown"
      | "linkUp"
      | "addressLost"
      | "addressBack"
      | "kill"
      | "stop"
      | "start"
      | "freeze"
      | "thaw";
    readonly host: number;
  };

export interface PlannedFault {
  readonly atNs: number;
  readonly fault: Fault;
}

export interface Scenario {
  readonly configs: readonly RouterConfig[];
  /** Text of each host's own address. */
  readonly sources: readonly string[];
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
}

const FAULTS_MAX = 10;
const HOSTS_MAX = 6;
const ROUGH_INTERVALS = 20;

export function chooseScenario(random: Random): Scenario {
  const hosts = 2 + random.below(HOSTS_MAX - 1);
  const { configs, sources } = chooseRouters(random, hosts);
  const intervals = configs.map(({ advertIntervalNs }) => advertIntervalNs);
  const longestNs = Math.max(...intervals);
  const shortestNs = Math.min(...intervals);
  const roughNs = ROUGH_INTERVALS * longestNs;
  const downNs = Math.max(
    ...configs.map((config) => masterDownIntervalNs(config, 1, longestNs)),
  );
  const preemptDelayNs = Math.max(
    ...configs.map((config) => config.preemptDelayNs),
  );
  const calmDelayNs = shortestNs * random.pick([0.001, 0.02]);
  return {
    configs,
    sources,
    rough: {
      loss: random.pick([0, 0.05, 0.3, 0.6]),
      duplication: random.pick([0, 0.1]),
      damage: random.pick([0, 0.1]),
      delayMinNs: 0.1e6,
      delayMaxNs: shortestNs * random.pick([0.01, 0.1, 1]),
    },
    calm: {
      loss: 0,
      duplication: 0,
      damage: 0,
      // Always the same: on a calm segment nothing overtakes a farewell.
      delayMinNs: calmDelayNs,
      delayMaxNs: calmDelayNs,
    },
    faults: chooseFaults(random, hosts, roughNs),
    roughNs,
    settleNs: preemptDelayNs + 3 * downNs,
    watchNs: 2 * downNs,
  };
}

function chooseRouters(
  random: Random,
  hosts: number,
): Pick<Scenario, "configs" | "sources"> {
  const family = random.pick([4, 4, 6] as const);
  const version = family === 6 ? 3 : random.pick([2, 3] as const);
  const texts = Array.from(
    { length: hosts },
    (_, i) =>
      family === 4 ? `192.0.2.${8 + i}` : `fe80::${(8 + i).toString(16)}`,
  );
  const sources = random.shuffled(texts);
  const isUnicast = random.chance(0.3);
  const intervalNs = version === 2 ? 1e9 : random.pick([10e6, 100e6, 1e9]);
  const virtualAddresses = Array.from(
    { length: random.pick([1, 1, 3]) },
    (_, i) =>
      exampleAddress(family === 4 ? `192.0.2.${100 + i}` : `fe80::${100 + i}`),
  );
  const authentication = version === 2 && random.chance(0.5)
    ? { kind: "pass", password: "secret" } as const
    : { kind: "none" } as const;
  const configs = sources.map((source) => {
    const priority = random.pick([1, 50, 100, 100, 150, 254, 255]);
    return exampleRouter({
      family,
      version,
      priority,
      initialState: priority === 255 && random.chance(0.8)
        ? "MASTER"
        : "BACKUP",
      virtualAddresses,
      authentication,
      // Version 3 learns; let the peers differ now and then.
      advertIntervalNs: version === 3 && random.chance(0.2)
        ? intervalNs * 2
        : intervalNs,
      preempt: priority === 255 || random.chance(0.7),
      preemptDelayNs: priority < 255 && random.chance(0.15)
        ? random.pick([1, 5]) * intervalNs
        : 0,
      lowerPriorityNoAdvert: random.chance(0.2),
      higherPrioritySendAdvert: random.chance(0.2),
      skipCheckAdvertAddresses: random.chance(0.5),
      checkUnicastSource: isUnicast && random.chance(0.5),
      unicastPeers: isUnicast ? peersOf(sources, source) : undefined,
    });
  });
  return { configs, sources };
}

function peersOf(sources: readonly string[], own: string): UnicastPeer[] {
  return sources.filter((source) => source !== own).map((source) => ({
    address: exampleIp(source),
    ttlMin: undefined,
    ttlMax: undefined,
  }));
}

function chooseFaults(
  random: Random,
  hosts: number,
  roughNs: number,
): readonly PlannedFault[] {
  const count = random.below(FAULTS_MAX + 1);
  return Array.from({ length: count }, () => ({
    atNs: random.between(0, roughNs),
    fault: chooseFault(random, hosts),
  }));
}

function chooseFault(random: Random, hosts: number): Fault {
  const kind = random.pick(
    [
      "cut",
      "cut",
      "block",
      "block",
      "linkDown",
      "linkUp",
      "addressLost",
      "addressBack",
      "kill",
      "stop",
      "start",
      "start",
      "freeze",
      "thaw",
    ] as const,
  );
  if (kind === "block") {
    return { kind, host: random.below(hosts), to: random.below(hosts) };
  }
  if (kind !== "cut") return { kind, host: random.below(hosts) };
  return {
    kind,
    pieces: Array.from({ length: hosts }, () => random.below(2)),
  };
}
