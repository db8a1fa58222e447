/**
 * Everything that a configuration makes run: routers, the groups they are in, and what they follow.
 *
 * Errors:  none: what is impossible in the model is left out; the checks have reported it.
 * @module
 */
import type { AnnouncementLimit } from "../vrrp/announcement_limit.ts";
import type { FilterOptions } from "../vrrp/accept_filter.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { SyncGroupConfig } from "../vrrp/sync_group.ts";
import type { TrackerLink } from "../vrrp/tracking.ts";
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import { resolveBfd } from "./resolve_bfd.ts";
import { resolveAnnouncementLimits } from "./resolve_garp.ts";
import type { LinkDelay, PolledLink } from "../vrrp/link_watch_config.ts";
import type { Config } from "./model.ts";
import { resolveLinkDelays, resolvePolledLinks } from "./resolve_watch.ts";
import {
  type ResolvedStatics,
  resolveRouters,
  resolveStatics,
} from "./resolve.ts";
import { type KeyFiles, NO_KEY_FILES } from "./resolve_hmac.ts";
import { RuleResolver } from "./resolve_policies.ts";
import { LinkResolver } from "./resolve_links.ts";
import {
  resolveFile,
  resolveProcess,
  resolveScript,
} from "./resolve_trackers.ts";
import type { NotifyScript } from "./notify_model.ts";
import type { TrackerDefinition, VrrpScript } from "./tracking_model.ts";

/** How the kernel treats the VRRP engine's thread. */
export interface EngineScheduling {
  /** `vrrp_rt_priority`, 1..99. */
  readonly realtimePriority: number | undefined;
  /** `vrrp_cpu_affinity`: processors by number. */
  readonly cpus: readonly number[] | undefined;
}

/** How long instances wait before they start, in nanoseconds; 0 is no delay. */
export interface StartDelay {
  /** `vrrp_startup_delay`, from the daemon's start. */
  readonly afterStartNs: number;
  /** `vrrp_delay_after_boot`. */
  readonly afterBootNs: number;
}

export interface ResolvedPlan {
  /** In the order of the file. */
  readonly routers: readonly RouterConfig[];
  /** Each has a member that runs, and only such. */
  readonly groups: readonly SyncGroupConfig[];
  /** What somebody follows and a runner has to watch: scripts, files, processes. */
  readonly definitions: readonly TrackerDefinition[];
  readonly announcementLimits: readonly AnnouncementLimit[];
  readonly linkDelays: readonly LinkDelay[];
  readonly logUnknownVrids: boolean;
  /** Whose carrier is asked for. */
  readonly polledLinks: readonly PolledLink[];
  /** Also those that nobody follows here: the neighbour may. */
  readonly bfdSessions: readonly BfdSessionConfig[];
  readonly startDelay: StartDelay;
  readonly scheduling: EngineScheduling;
  /** How packets to addresses that do not take them are dropped. */
  readonly filter: FilterOptions;
  /** There as long as the daemon runs. */
  readonly statics: ResolvedStatics;
  /** Whether the host goes on to report groups of 224.0.0.0/24; `disable_local_igmp` ends that. */
  readonly hasLocalIgmp: boolean;
}

/** Nothing runs. */
export const EMPTY_PLAN: ResolvedPlan = {
  routers: [],
  groups: [],
  definitions: [],
  announcementLimits: [],
  linkDelays: [],
  logUnknownVrids: false,
  polledLinks: [],
  bfdSessions: [],
  startDelay: { afterStartNs: 0, afterBootNs: 0 },
  statics: { addresses: [], policies: [] },
  hasLocalIgmp: true,
  filter: { table: "hakeep", priority: -1, hasCounters: false },
  scheduling: {
    realtimePriority: undefined,
    cpus: undefined,
  },
};

/** A script that is ready to be run; undefined if it may not run. */
export type PrepareTracked = (block: VrrpScript) => NotifyScript | undefined;

/** What `config` makes run. Nobody follows a script that may not run: it neither faults nor helps, as in keepalived. */
export function resolvePlan(
  read: Config,
  prepare: PrepareTracked,
  keyFiles: KeyFiles = NO_KEY_FILES,
): ResolvedPlan {
  const ready = new Map(
    read.scripts.map((block) => [block.name, prepare(block)]),
  );
  const config = {
    ...read,
    scripts: read.scripts.filter(({ name }) => ready.get(name) !== undefined),
  };
  // In the order in which keepalived counts rules without a preference.
  const rules = new RuleResolver();
  const statics = resolveStatics(config, rules);
  const routers = resolveRouters(config, rules, keyFiles);
  const groups = resolveGroups(config, routers);
  const definitions = resolveDefinitions(
    config,
    ready,
    [...routers, ...groups].flatMap(({ links }) => links),
  );
  return {
    routers,
    groups,
    definitions,
    announcementLimits: resolveAnnouncementLimits(config),
    linkDelays: resolveLinkDelays(config),
    logUnknownVrids: config.globals.logUnknownVrids ?? false,
    polledLinks: resolvePolledLinks(config),
    bfdSessions: resolveBfd(config.bfdInstances),
    startDelay: {
      afterStartNs: config.globals.startupDelayNs ?? 0,
      afterBootNs: config.globals.delayAfterBootNs ?? 0,
    },
    filter: resolveFilter(config),
    statics,
    hasLocalIgmp: config.globals.disableLocalIgmp !== true,
    scheduling: {
      realtimePriority: config.globals.vrrpRealtimePriority,
      cpus: config.globals.vrrpCpus,
    },
  };
}

/** keepalived's defaults, but for the name: its tables are not ours. */
function resolveFilter({ globals }: Config): FilterOptions {
  const { nftables, nftablesPriority, nftablesCounters } = globals;
  return {
    table: typeof nftables === "string" ? nftables : "hakeep",
    priority: nftablesPriority ?? -1,
    hasCounters: nftablesCounters ?? false,
    isOff: nftables === false,
  };
}

function resolveGroups(
  config: Config,
  routers: readonly RouterConfig[],
): readonly SyncGroupConfig[] {
  const links = new LinkResolver(config);
  const running = new Set(routers.map(({ name }) => name));
  return config.groups.flatMap((group) => {
    const members = links.membersOf(group).map(({ name }) => name)
      .filter((name) => running.has(name));
    return members.length === 0
      ? []
      : { name: group.name, members, links: links.ofGroup(group) };
  });
}

/** A block that nobody follows is not watched. */
function resolveDefinitions(
  { globals, scripts, files, processes }: Config,
  ready: ReadonlyMap<string, NotifyScript | undefined>,
  links: readonly TrackerLink[],
): readonly TrackerDefinition[] {
  const followed = new Set(
    links.map(({ kind, tracker }) => `${kind} ${tracker}`),
  );
  return [
    ...scripts.map((block) => {
      const run = ready.get(block.name);
      return run && resolveScript(block, run, globals.scriptUser);
    }),
    ...files.map(resolveFile),
    ...processes.map(resolveProcess),
  ].filter((one) => one !== undefined)
    .filter(({ kind, name }) => followed.has(`${kind} ${name}`));
}
