/**
 * `vrrp_sync_group`: its keywords, and which of its members are there.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { didYouMean } from "../../diag/suggest.ts";
import type { GroupMember, SyncGroup } from "../tracking_model.ts";
import { flag } from "./argument.ts";
import { deprecated, setting, type Table, table } from "./block.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { memberList } from "./member_list.ts";
import { notifyRows, notifyScriptsOf } from "./notify_keywords.ts";
import type { ReadContext } from "./read_context.ts";
import { noTracking, trackRows } from "./track_blocks.ts";

/** Settings of one group so far. */
export class GroupDraft extends Draft<SyncGroup> {
  members: GroupMember[] = [];
  readonly tracking = noTracking();

  constructor(readonly name: string, line: LogicalLine) {
    super(line.span());
    this.set("name", name, line.wordSpan(1));
  }

  get listAt(): Span | undefined {
    return this.spanOf("members");
  }

  markList(at: Span): void {
    this.mark("members", at);
  }

  /** The group with those of its members that are `run`. */
  finish(run: ReadonlySet<string>): SyncGroup {
    return {
      name: this.name,
      members: this.members.filter(({ name }) => run.has(name)),
      trackingWeight: this.get("trackingWeight"),
      ...this.tracking,
      ...notifyScriptsOf(this),
      at: this.at,
    };
  }
}

/** The keywords of `vrrp_sync_group`. */
export const syncGroupTable: Table<GroupDraft> = table<GroupDraft>({
  group: memberList("keepalived drops the group"),
  ...trackRows,
  sync_group_tracking_weight: setting("trackingWeight", flag),
  global_tracking: deprecated(
    "use `sync_group_tracking_weight`, or track with the group",
    setting("trackingWeight", flag),
  ),
  ...notifyRows,
});

/** A group that ends without members is dropped then and there. */
export function closeGroup(
  group: GroupDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  // An empty list has been told already.
  if (group.spanOf("members") !== undefined) return;
  context.warn(
    "HK0244",
    line,
    line.span(),
    `sync group \`${group.name}\` has no \`group\``,
    {
      label: "keepalived drops the block",
      related: [{ span: group.self, message: "it begins here" }],
      help: "list its instances in `group { … }`",
    },
  );
}

/** Takes members that are unknown, or in a group before, out of their groups; groups without members are dropped. */
export function correctGroups(
  groups: readonly GroupDraft[],
  context: ReadContext,
): readonly GroupDraft[] {
  const taken = new Map<string, GroupDraft>();
  return groups.filter((group) => {
    const had = group.members.length;
    group.members = group.members.filter((member) =>
      belongs(member, group, taken, context)
    );
    if (group.members.length > 0) return true;
    // A group that had none has been told already.
    if (had > 0) {
      context.sink.warning(
        "HK0244",
        group.spanOf("name") ?? group.self,
        `sync group \`${group.name}\` has no member`,
        { label: "the group is ignored" },
      );
    }
    return false;
  });
}

function belongs(
  { name, at }: GroupMember,
  group: GroupDraft,
  taken: Map<string, GroupDraft>,
  context: ReadContext,
): boolean {
  const known = context.namesOf("vrrp_instance");
  if (context.named("vrrp_instance", name) === undefined) {
    context.sink.warning("HK0242", at.self, `no \`vrrp_instance ${name}\``, {
      label: "ignored",
      help: didYouMean(name, known),
    });
    return false;
  }
  const before = taken.get(name);
  if (before === undefined) {
    taken.set(name, group);
    return true;
  }
  const first = before.members.find((one) => one.name === name);
  context.sink.warning(
    "HK0243",
    at.self,
    before === group
      ? `\`${name}\` is listed twice`
      : `\`${name}\` is in sync group \`${before.name}\` already`,
    {
      label: "ignored: an instance is in one group at most",
      related: first === undefined
        ? []
        : [{ span: first.at.self, message: "the first one counts" }],
    },
  );
  return false;
}
