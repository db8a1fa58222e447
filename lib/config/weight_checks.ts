/**
 * Weights that do nothing, or not what they seem to: of members of groups, of address owners, at the bounds of
 * priorities, with `nopreempt`.
 *
 * Says:    keepalived's own complaints as warnings, since it acts on what it complains about; the rest is advice.
 * Checks:  what one file can prove. Which priority other routers have is not known here.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { Span } from "../diag/diagnostic.ts";
import type { TrackerLink } from "../vrrp/tracking.ts";
import type { Config, VrrpInstance } from "./model.ts";
import { instancePriority } from "./instance_identity.ts";
import {
  isCovered,
  isOwner,
  isOwnInterface,
  linkFate,
  LinkResolver,
  type WeightedEntry,
  type WeightlessReason,
} from "./resolve_links.ts";
import type { SyncGroup, TrackEntry } from "./tracking_model.ts";

const PRIORITY_MIN = 1;
const PRIORITY_MAX = 254;

/** Reports weights without the effect that they seem to have. */
export function checkWeights(config: Config, sink: DiagnosticSink): void {
  const links = new LinkResolver(config);
  for (const instance of config.instances) {
    const group = links.groupOf(instance.name);
    const asked = links.asked(instance);
    const counting = [
      ...asked.filter(({ entry, link }) =>
        counts(entry, link, instance, links, sink)
      ),
      ...group !== undefined && links.hasWeights(group)
        ? links.asked(group)
        : [],
    ].filter(({ link }) => link.weight !== 0);
    // A priority of 255 does not move, and that has been told.
    if (isOwner(instance)) continue;
    checkBounds(instance, counting, sink);
    checkNopreempt(instance, counting, sink);
  }
  for (const group of config.groups) checkGroup(group, links, sink);
}

function weightSpan({ at }: TrackEntry): Span {
  return at.of.weight ?? at.of.name ?? at.self;
}

/** Whether the instance follows `link` with its own weight; says so if not. */
function counts(
  entry: TrackEntry,
  link: TrackerLink,
  instance: VrrpInstance,
  links: LinkResolver,
  sink: DiagnosticSink,
): boolean {
  const name = entry.at.of.name ?? entry.at.self;
  const group = links.groupOf(instance.name);
  if (isOwnInterface(instance, link)) {
    sink.warning("HK0247", name, `\`${link.tracker}\` is the own interface`, {
      label: "ignored: an instance follows its own interface anyway",
    });
    return false;
  }
  const reason = links.weightlessReason(instance);
  const fate = linkFate(link, reason);
  if (fate !== "kept" && reason !== undefined) {
    tellWeight(entry, fate, reason, instance, sink);
    return false;
  }
  if (group === undefined) return true;
  const ofGroup = links.ofGroup(group);
  const isIgnored = isCovered(link, ofGroup);
  const isInterface = link.kind === "interface" &&
    ofGroup.some(({ kind, tracker }) =>
      kind === link.kind && tracker === link.tracker
    );
  const message =
    `sync group \`${group.name}\` follows \`${link.tracker}\` too`;
  const help = "keep one of them";
  // keepalived looks at interfaces only.
  if (isInterface) {
    sink.warning("HK0248", name, message, {
      label: isIgnored ? "ignored" : "a failure is FAULT for this instance",
      help,
    });
  } else if (isIgnored) {
    sink.advice("HK0248", name, message, { label: "ignored", help });
  }
  return !isIgnored;
}

function tellWeight(
  entry: TrackEntry,
  fate: "weightless" | "dropped",
  reason: WeightlessReason,
  { name }: VrrpInstance,
  sink: DiagnosticSink,
): void {
  const label = fate === "dropped"
    ? "ignored: it is not tracked"
    : "the weight is ignored: a failure is FAULT";
  if (reason === "owner") {
    sink.warning(
      "HK0246",
      weightSpan(entry),
      "the priority of an address owner never changes",
      { label, help: "use a priority below 255, or weight 0" },
    );
    return;
  }
  sink.warning(
    "HK0245",
    weightSpan(entry),
    `\`${name}\` is in a sync group and has weights of its own`,
    {
      label,
      help:
        "track with the group, or set `sync_group_tracking_weight` there, or use weight 0",
    },
  );
}

function checkGroup(
  group: SyncGroup,
  links: LinkResolver,
  sink: DiagnosticSink,
): void {
  const members = links.membersOf(group);
  const owner = members.find(isOwner);
  const other = members.find((one) => !isOwner(one));
  if (owner === undefined) return;
  for (const { entry, link } of links.asked(group)) {
    if (link.weight === 0) continue;
    sink.warning(
      "HK0246",
      weightSpan(entry),
      `\`${owner.name}\` owns its addresses, and its priority never changes`,
      { label: "the weight is ignored for the whole group" },
    );
  }
  if (other === undefined) return;
  const member = group.members.find(({ name }) => name === owner.name);
  sink.advice(
    "HK0251",
    member?.at.self ?? group.at.self,
    `\`${owner.name}\` owns its addresses and \`${other.name}\` does not`,
    { label: "members of a group are MASTER together" },
  );
}

/** What one object can add, the least and the most; it adds nothing before its first result. */
function rangeOf({ kind, weight, reverse }: TrackerLink): [number, number] {
  if (kind === "file") return [-Infinity, Infinity];
  const signed = reverse ? -weight : weight;
  return [Math.min(signed, 0), Math.max(signed, 0)];
}

/** A weight that is lost at a bound whatever the other objects do. */
function checkBounds(
  instance: VrrpInstance,
  counting: readonly WeightedEntry[],
  sink: DiagnosticSink,
): void {
  const priority = instancePriority(instance);
  const ranges = counting.map(({ link }) => rangeOf(link));
  const least = ranges.reduce((sum, [min]) => sum + min, priority);
  const most = ranges.reduce((sum, [, max]) => sum + max, priority);
  if (least < PRIORITY_MAX && most > PRIORITY_MIN) return;
  const bound = least >= PRIORITY_MAX ? PRIORITY_MAX : PRIORITY_MIN;
  for (const { entry, link } of counting) {
    sink.advice(
      "HK0249",
      weightSpan(entry),
      `weight ${link.weight} of \`${link.tracker}\` never changes a priority`,
      {
        label: `\`${instance.name}\` shows ${bound} whatever happens`,
        help: bound === PRIORITY_MAX
          ? "lower `priority`, or use a negative weight"
          : "raise `priority`, or use a positive weight",
      },
    );
  }
}

/** Said once for an instance. */
function checkNopreempt(
  instance: VrrpInstance,
  counting: readonly WeightedEntry[],
  sink: DiagnosticSink,
): void {
  const [first] = counting;
  const isWaiting = instance.preempt === false && instance.state !== "MASTER";
  if (first === undefined || !isWaiting) return;
  sink.advice(
    "HK0252",
    weightSpan(first.entry),
    "with `nopreempt` on all routers a weight makes nobody MASTER",
    {
      label: `\`${instance.name}\` has \`nopreempt\``,
      help:
        "use weight 0, so that a failure is FAULT, or leave `nopreempt` out",
    },
  );
}
