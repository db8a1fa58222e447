/**
 * What each router and each group follows, with which weight: names become references, defaults are applied.
 *
 * Says:    keepalived's rules for weights. Members of a sync group must not have priorities of their own unless the
 *          group has `sync_group_tracking_weight`, and the priority of an address owner never moves; so their weighted
 *          interfaces become faults (an owner's are left out), weighted scripts and sessions are left out, and so are files, but
 *          for those with weight 1, which become faults. Weights of processes stay.
 * Errors:  none: what is not defined is left out; the checks have reported it.
 * @module
 */
import type { TrackerLink } from "../vrrp/tracking.ts";
import { isForVrrp } from "./bfd_model.ts";
import type { Config, VrrpInstance } from "./model.ts";
import type {
  DefaultWeight,
  SyncGroup,
  TrackEntry,
  Tracking,
} from "./tracking_model.ts";

/** Why weights of an instance do not count. */
export type WeightlessReason = "member" | "owner";

/** What becomes of an entry of somebody whose weights do not count. */
export type LinkFate = "kept" | "weightless" | "dropped";

/** Priority of an address owner. */
const OWNER = 255;

/** What an entry asks for, its block's defaults applied. */
export interface WeightedEntry {
  readonly entry: TrackEntry;
  readonly link: TrackerLink;
}

/** Looks up names of one configuration. */
export class LinkResolver {
  readonly #blocks: Readonly<
    Record<
      "script" | "file" | "process" | "bfd",
      ReadonlyMap<string, DefaultWeight>
    >
  >;
  readonly #groups = new Map<string, SyncGroup>();
  readonly #instances: ReadonlyMap<string, VrrpInstance>;

  constructor(config: Config) {
    const { scripts, files, processes, groups, instances } = config;
    this.#blocks = {
      script: new Map(scripts.map((one) => [one.name, one])),
      file: new Map(files.map((one) => [one.name, one])),
      process: new Map(processes.map((one) => [one.name, one])),
      bfd: new Map(
        config.bfdInstances.filter(isForVrrp).map((one) => [one.name, one]),
      ),
    };
    this.#instances = new Map(instances.map((one) => [one.name, one]));
    for (const group of groups) {
      for (const { name } of group.members) {
        if (!this.#groups.has(name)) this.#groups.set(name, group);
      }
    }
  }

  /** The group of an instance: the first one that names it. */
  groupOf(instance: string): SyncGroup | undefined {
    return this.#groups.get(instance);
  }

  /** Instances of a group that are there and in no group before it, each once. */
  membersOf(group: SyncGroup): readonly VrrpInstance[] {
    const names = new Set(group.members.map(({ name }) => name));
    return [...names].flatMap((name) =>
      this.#groups.get(name) === group ? this.#instances.get(name) ?? [] : []
    );
  }

  /** Why weights of `instance` do not count; undefined if they do. */
  weightlessReason(instance: VrrpInstance): WeightlessReason | undefined {
    const group = this.groupOf(instance.name);
    if (group !== undefined && group.trackingWeight !== true) return "member";
    return isOwner(instance) ? "owner" : undefined;
  }

  /** Whether the weights that a group tracks with count: no member may be an address owner. */
  hasWeights(group: SyncGroup): boolean {
    return !this.membersOf(group).some(isOwner);
  }

  /** What `tracking` asks for, as it stands there; names that nothing defines are left out. */
  asked(tracking: Tracking): readonly WeightedEntry[] {
    return [
      ...this.#askedOf("interface", tracking.trackInterfaces),
      ...this.#askedOf("script", tracking.trackScripts),
      ...this.#askedOf("file", tracking.trackFiles),
      ...this.#askedOf("process", tracking.trackProcesses),
      ...this.#askedOf("bfd", tracking.trackBfds),
    ];
  }

  /** What `instance` follows beside its group. */
  ofInstance(instance: VrrpInstance): readonly TrackerLink[] {
    const reason = this.weightlessReason(instance);
    const group = this.groupOf(instance.name);
    const ofGroup = group === undefined ? [] : this.ofGroup(group);
    return this.asked(instance).flatMap(({ link }) => {
      if (isOwnInterface(instance, link)) return [];
      const own = weighed(link, reason);
      return own === undefined || isCovered(own, ofGroup) ? [] : own;
    });
  }

  /** What all members of `group` follow. */
  ofGroup(group: SyncGroup): readonly TrackerLink[] {
    const hasWeights = this.hasWeights(group);
    return this.asked(group).map(({ link }) =>
      hasWeights ? link : { ...link, weight: 0 }
    );
  }

  #askedOf(
    kind: TrackerLink["kind"],
    entries: readonly TrackEntry[],
  ): readonly WeightedEntry[] {
    const seen = new Set<string>();
    return entries.flatMap((entry) => {
      const { name } = entry;
      const block = kind === "interface"
        ? NO_BLOCK
        : this.#blocks[kind].get(name);
      if (block === undefined || seen.has(name)) return [];
      seen.add(name);
      const weight = entry.weight ?? block.weight ?? (kind === "file" ? 1 : 0);
      const reverse = entry.reverse ?? block.reverse ?? false;
      return { entry, link: { kind, tracker: name, weight, reverse } };
    });
  }
}

const NO_BLOCK: DefaultWeight = { weight: undefined, reverse: undefined };

/** Also `state MASTER` without a priority makes one. */
export function isOwner({ priority, state }: VrrpInstance): boolean {
  return priority === OWNER || (priority === undefined && state === "MASTER");
}

/** An instance follows its own interface anyway, and as a fault; `dont_track_primary` takes that back. */
export function isOwnInterface(
  instance: VrrpInstance,
  { kind, tracker }: TrackerLink,
): boolean {
  return kind === "interface" && tracker === instance.interface &&
    instance.dontTrackPrimary !== true;
}

/** What becomes of a link of somebody whose weights do not count for `reason`. */
export function linkFate(
  { kind, weight }: TrackerLink,
  reason: WeightlessReason | undefined,
): LinkFate {
  if (reason === undefined || weight === 0 || kind === "process") return "kept";
  if (kind === "interface") {
    return reason === "member" ? "weightless" : "dropped";
  }
  return kind === "file" && weight === 1 ? "weightless" : "dropped";
}

function weighed(
  link: TrackerLink,
  reason: WeightlessReason | undefined,
): TrackerLink | undefined {
  switch (linkFate(link, reason)) {
    case "kept":
      return link;
    case "weightless":
      return { ...link, weight: 0 };
    case "dropped":
      return undefined;
  }
}

/** Whether the group follows the same; a fault of the instance's own stays beside a weight of the group. */
export function isCovered(
  own: TrackerLink,
  ofGroup: readonly TrackerLink[],
): boolean {
  const same = ofGroup.find(({ kind, tracker }) =>
    kind === own.kind && tracker === own.tracker
  );
  return same !== undefined && (own.weight !== 0 || same.weight === 0);
}
