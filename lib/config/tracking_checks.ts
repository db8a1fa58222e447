/**
 * What groups and tracked objects mean together with the instances that follow them, in both languages.
 *
 * The keepalived front end leaves out what keepalived leaves out before this sees it, so what is an error here in
 * TOML was a warning there.
 *
 * Says:    keepalived's checks after reading.
 * Checks:  nothing of this machine.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { Span } from "../diag/diagnostic.ts";
import { didYouMean } from "../diag/suggest.ts";
import { checkBfd, checkBfdUse } from "./bfd_checks.ts";
import type { Config, Positions } from "./model.ts";
import type { SyncGroup, TrackEntry } from "./tracking_model.ts";
import { checkWeights } from "./weight_checks.ts";

/** Reports what is wrong with tracked objects, those who follow them, and groups. */
export function checkTracking(config: Config, sink: DiagnosticSink): void {
  checkBlocks(config, sink);
  checkNames(config, sink);
  checkBfd(config, sink);
  checkGroups(config, sink);
  checkWeights(config, sink);
  checkUnused(config, sink);
}

/** What nobody follows; files may be followed by checkers too. */
function checkUnused(config: Config, sink: DiagnosticSink): void {
  const followers = [...config.groups, ...config.instances];
  const tell = (
    keyword: string,
    list: "trackScripts" | "trackProcesses",
    blocks: readonly {
      readonly name: string;
      readonly at: Positions<"name">;
    }[],
  ) => {
    const followed = new Set(
      followers.flatMap((one) => one[list].map(({ name }) => name)),
    );
    for (const { name, at } of blocks) {
      if (followed.has(name)) continue;
      sink.advice(
        "HK0250",
        at.of.name ?? at.self,
        `nobody tracks \`${name}\``,
        {
          label: "it has no effect",
          help: `name it in \`${keyword}\` of an instance or a group`,
        },
      );
    }
  };
  tell("track_script", "trackScripts", config.scripts);
  tell("track_process", "trackProcesses", config.processes);
}

/** A block without what it is about. */
function checkBlocks(
  { scripts, files, processes }: Config,
  sink: DiagnosticSink,
): void {
  const needs = <K extends string>(
    key: K,
    blocks: readonly (
      & { readonly name: string; readonly at: Positions<K | "name"> }
      & { readonly [P in K]: unknown }
    )[],
  ) => {
    for (const block of blocks) {
      // A value that was given and refused has been told already.
      if (block[key] !== undefined || block.at.of[key] !== undefined) continue;
      sink.error(
        "HK0108",
        block.at.of.name ?? block.at.self,
        `\`${block.name}\` has no \`${key}\``,
        { label: "it must be given" },
      );
    }
  };
  needs("script", scripts);
  needs("file", files);
  needs("process", processes);
  for (const { quorum, quorumMax, at } of processes) {
    if (quorum === undefined || (quorumMax ?? quorum) >= quorum) continue;
    sink.error(
      "HK0110",
      at.of.quorumMax ?? at.self,
      `quorum_max ${quorumMax} is below quorum ${quorum}`,
      { label: "no number of processes could be right" },
    );
  }
}

/** Blocks of one kind that entries can name. */
interface Defined {
  readonly keyword: string;
  readonly names: ReadonlySet<string>;
}

function defined(
  keyword: string,
  blocks: readonly { readonly name: string }[],
): Defined {
  return { keyword, names: new Set(blocks.map(({ name }) => name)) };
}

function checkNames(
  { scripts, files, processes, bfdInstances, groups, instances }: Config,
  sink: DiagnosticSink,
): void {
  const lists = [
    ["trackInterfaces", undefined],
    ["trackScripts", defined("vrrp_script", scripts)],
    ["trackFiles", defined("track_file", files)],
    ["trackProcesses", defined("vrrp_track_process", processes)],
    ["trackBfds", defined("bfd_instance", bfdInstances)],
  ] as const;
  for (const follower of [...groups, ...instances]) {
    for (const [key, blocks] of lists) checkList(follower[key], blocks, sink);
    checkBfdUse(follower.trackBfds, bfdInstances, sink);
  }
}

function checkList(
  entries: readonly TrackEntry[],
  blocks: Defined | undefined,
  sink: DiagnosticSink,
): void {
  const seen = new Map<string, TrackEntry>();
  for (const entry of entries) {
    const { name, at } = entry;
    const span = at.of.name ?? at.self;
    const before = seen.get(name);
    if (before !== undefined) {
      sink.warning("HK0241", span, `\`${name}\` is listed twice`, {
        label: "it has no effect",
        related: [{ span: before.at.self, message: "listed first here" }],
      });
      continue;
    }
    seen.set(name, entry);
    if (blocks === undefined || blocks.names.has(name)) continue;
    sink.error("HK0240", span, `there is no \`[${blocks.keyword}.${name}]\``, {
      help: didYouMean(name, blocks.names),
    });
  }
}

function checkGroups(
  { groups, instances }: Config,
  sink: DiagnosticSink,
): void {
  const names = new Set(instances.map(({ name }) => name));
  const taken = new Map<string, { group: SyncGroup; span: Span }>();
  for (const group of groups) {
    const at = group.at.of.members ?? group.at.of.name ?? group.at.self;
    if (group.members.length === 0) {
      sink.error("HK0244", at, `sync group \`${group.name}\` has no member`, {
        label: "needs the names of its instances",
      });
    } else if (group.members.length === 1) {
      sink.warning(
        "HK0244",
        at,
        `sync group \`${group.name}\` has one member only`,
        { label: "there is nothing to keep it in step with" },
      );
    }
    for (const { name, at: { self: span } } of group.members) {
      if (!names.has(name)) {
        sink.error("HK0242", span, `there is no instance \`${name}\``, {
          help: didYouMean(name, names),
        });
      }
      const before = taken.get(name);
      if (before === undefined) taken.set(name, { group, span });
      else tellTaken(name, span, before, group, sink);
    }
  }
}

function tellTaken(
  name: string,
  span: Span,
  before: { readonly group: SyncGroup; readonly span: Span },
  group: SyncGroup,
  sink: DiagnosticSink,
): void {
  sink.error(
    "HK0243",
    span,
    before.group === group
      ? `\`${name}\` is listed twice`
      : `\`${name}\` is in sync group \`${before.group.name}\` already`,
    {
      label: "an instance is in one group at most",
      related: [{ span: before.span, message: "named first here" }],
    },
  );
}
