/**
 * `track_group`: instances that follow the interfaces of static addresses, routes and rules.
 *
 * Says:    `track_group NAME { group { INSTANCE ... } }`, and `track_group NAME` on a line of `static_ipaddress`,
 *          `static_routes` or `static_rules`. Each instance of the group is in FAULT while the line's interface is
 *          down. So the model says it as it says `track_interface`: there each instance names the interface itself.
 * Errors:  a word that keepalived does not take has no effect on instances; the line stays, but for a route that
 *          names two groups.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { didYouMean } from "../../diag/suggest.ts";
import { DEFAULT_INTERFACE } from "../default_interface.ts";
import type { Positions } from "../model.ts";
import type { GroupMember, TrackEntry } from "../tracking_model.ts";
import { lacks, type Table, table } from "./block.ts";
import type { GlobalDraft } from "./global_defs.ts";
import type { LogicalLine } from "./logical_line.ts";
import { memberList } from "./member_list.ts";
import type { ReadContext } from "./read_context.ts";
import type { GroupDraft } from "./sync_group.ts";
import type { InstanceDraft } from "./vrrp_instance.ts";

/** The word, and the keyword of the block. */
export const TRACK_GROUP = "track_group";

/** One block so far. */
export class TrackGroupDraft {
  readonly members: GroupMember[] = [];
  listAt: Span | undefined;

  constructor(readonly name: string, readonly head: LogicalLine) {}

  markList(at: Span): void {
    this.listAt = at;
  }
}

/** The keywords of `track_group`. */
export const trackGroupTable: Table<TrackGroupDraft> = table<TrackGroupDraft>({
  group: {
    ...memberList("no instance follows anything"),
    tomlKey: "track_interface",
  },
});

/** A block that ends without a list is of no use. */
export function closeTrackGroup(
  draft: TrackGroupDraft,
  line: LogicalLine,
  context: ReadContext,
): void {
  if (draft.listAt === undefined) lacks(draft.head, line, ["group"], context);
}

/** `track_group NAME` of one line. */
export class TrackGroupWord {
  #group: string | undefined;

  /** The group that the line names; undefined: none that is there. */
  get group(): string | undefined {
    return this.#group;
  }

  /** Takes the word at `index`, a name; false when the line has one before, which keepalived does not read over. */
  read(line: LogicalLine, index: number, context: ReadContext): boolean {
    const name = line.word(index);
    if (this.#group !== undefined) {
      context.warn(
        "HK0110",
        line,
        line.wordSpan(index - 1),
        `\`${TRACK_GROUP}\` is given twice`,
        { label: "keepalived reads no further" },
      );
      return false;
    }
    if (context.named(TRACK_GROUP, name) !== undefined) {
      this.#group = name;
      return true;
    }
    context.warn(
      "HK0431",
      line,
      line.wordSpan(index),
      `no \`${TRACK_GROUP} ${name}\` above this line`,
      {
        label: "ignored: no instance follows the interface",
        help: didYouMean(name, context.namesOf(TRACK_GROUP)) ??
          "definitions must stand above the lines that refer to them",
      },
    );
    return true;
  }
}

/** A static line whose interface a group follows. */
export interface Followed {
  readonly group: string;
  readonly line: LogicalLine;
  /** undefined: `default_interface`. */
  readonly interface: string | undefined;
  /** Where the interface stands. */
  readonly at: Span;
}

/** What a static entry says of its interface. */
interface StaticEntry {
  readonly noTrack: boolean;
  readonly at: Positions<string>;
}

/** Its interface. */
interface Device {
  readonly interface: string | undefined;
  /** Where that stands. */
  readonly at: Span | undefined;
  /** Without one it has the default interface. */
  readonly mayDefault?: boolean;
}

/** What the entry that was read of `line` has its group follow; undefined if nothing. */
export function followed(
  { group }: TrackGroupWord,
  entry: StaticEntry,
  device: Device,
  line: LogicalLine,
  context: ReadContext,
): Followed | undefined {
  if (group === undefined) return undefined;
  const index = line.words().indexOf(TRACK_GROUP);
  const span = line.wordsSpan(index, index + 1);
  if (device.interface === undefined && device.mayDefault !== true) {
    context.warn("HK0424", line, span, "the line names no interface", {
      label: "ignored: there is nothing that instances could follow",
    });
    return undefined;
  }
  if (entry.noTrack) {
    context.advise("HK0110", line, span, "`no_track` beside `track_group`", {
      label: "ignored: no instance follows the interface",
      help: "remove one of them",
    });
    return undefined;
  }
  const at = device.at ?? entry.at.self;
  return { group, interface: device.interface, line, at };
}

/** What the front end knows when the whole text is read. */
export interface TrackGroupSurroundings {
  readonly groups: readonly TrackGroupDraft[];
  readonly followed: readonly Followed[];
  readonly instances: readonly InstanceDraft[];
  readonly syncGroups: readonly GroupDraft[];
  readonly globals: GlobalDraft;
}

/**
 * Has the instances of each group follow the interfaces of its static lines. Returns what may be said of the places
 * of these entries, which are the names of the instances in their groups.
 */
export function followStatics(
  all: TrackGroupSurroundings,
  context: ReadContext,
): ReadonlyMap<Span, string> {
  const byGroup = interfacesByGroup(all);
  const instances = new Map(all.instances.map((one) => [one.name, one]));
  const syncGroups = new Map(
    all.syncGroups.flatMap((group) =>
      group.members.map(({ name }) => [name, group] as const)
    ),
  );
  const origins = new Map<Span, string>();
  for (const { name: group, members } of all.groups) {
    const lines = byGroup.get(group) ?? new Map<string, Followed>();
    for (const member of members) {
      const instance = instances.get(member.name);
      if (instance === undefined) {
        tellUnknown(member, context);
        continue;
      }
      const byOthers = syncGroups.get(member.name)?.tracking.trackInterfaces;
      for (const [name, { line, at }] of lines) {
        if (isFollowing(instance, name, byOthers ?? [])) continue;
        const self = { ...member.at.self };
        origins.set(self, ` for ${line.raw()}`);
        const before = follow(instance.tracking.trackInterfaces, {
          name,
          weight: undefined,
          reverse: undefined,
          at: { self, of: { name: at } },
        });
        if (before !== undefined) tellWeight(before, group, context);
      }
    }
  }
  return origins;
}

/** The first line of each interface. */
function interfacesByGroup(
  { followed, globals }: TrackGroupSurroundings,
): ReadonlyMap<string, ReadonlyMap<string, Followed>> {
  const byDefault = globals.get("defaultInterface") ?? DEFAULT_INTERFACE;
  const groups = new Map<string, Map<string, Followed>>();
  for (const one of followed) {
    const { group, interface: name = byDefault } = one;
    const lines = groups.get(group) ?? new Map<string, Followed>();
    groups.set(group, lines);
    if (!lines.has(name)) lines.set(name, one);
  }
  return groups;
}

function tellUnknown({ name, at }: GroupMember, context: ReadContext): void {
  context.sink.advice("HK0242", at.self, `no \`vrrp_instance ${name}\``, {
    label: "ignored",
    help: didYouMean(name, context.namesOf("vrrp_instance")),
  });
}

/** Whether a failure of the interface is FAULT for the instance anyway. */
function isFollowing(
  instance: InstanceDraft,
  name: string,
  byOthers: readonly TrackEntry[],
): boolean {
  const isOwn = instance.get("interface") === name &&
    instance.get("dontTrackPrimary") !== true;
  return isOwn ||
    [...instance.tracking.trackInterfaces, ...byOthers].some((one) =>
      one.name === name && (one.weight ?? 0) === 0 && one.reverse !== true
    );
}

/** `entry` takes the place of one with a weight, which is returned: a failure is FAULT then, and no weight matters. */
function follow(
  entries: TrackEntry[],
  entry: TrackEntry,
): TrackEntry | undefined {
  const index = entries.findIndex((one) => one.name === entry.name);
  const before = entries[index];
  if (before === undefined) entries.push(entry);
  else entries[index] = entry;
  return before;
}

function tellWeight(
  { name, at }: TrackEntry,
  group: string,
  context: ReadContext,
): void {
  context.sink.advice(
    "HK0248",
    at.of.weight ?? at.of.name ?? at.self,
    `\`${TRACK_GROUP} ${group}\` follows \`${name}\` too`,
    {
      label: "the weight is of no account: a failure is FAULT",
      help: "keep one of them",
    },
  );
}
