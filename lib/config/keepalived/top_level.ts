/**
 * The level of the file: blocks, who reads each of them, and the keywords outside of blocks.
 * @module
 */
import { onlyOnce } from "./repeated.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { BfdInstance } from "../bfd_model.ts";
import type { GlobalDefs } from "../model.ts";
import { MEANINGLESS_TOP } from "../no_meaning.ts";
import type { TrackFile, TrackProcess, VrrpScript } from "../tracking_model.ts";
import { flag, needs, wants, word } from "./argument.ts";
import { block, type Keyword, noted, type Opened, type Row } from "./block.ts";
import { type BfdBlocks, bfdInstance } from "./bfd_instance.ts";
import { GarpGroupDraft, garpGroupTable } from "./garp_group.ts";
import { checkerTop, LvsDraft } from "./virtual_server.ts";
import { globalDefsTable, GlobalDraft } from "./global_defs.ts";
import { whole } from "./numbers.ts";
import { netNamespace } from "./process_keywords.ts";
import { netNamespaceIpvs } from "./service_globals.ts";
import { openNamed } from "./named_block.ts";
import type { KeywordAtlas, Process, TopLevel } from "./statements.ts";
import { staticBlocks, StaticDraft } from "./static_blocks.ts";
import { linkBlocks, LinkBlocksDraft, linkTop } from "./link_blocks.ts";
import { closeGroup, GroupDraft, syncGroupTable } from "./sync_group.ts";
import {
  closeTrackGroup,
  TrackGroupDraft,
  trackGroupTable,
} from "./track_group.ts";
import { type TrackedBlocks, trackedBlocks } from "./tracked_blocks.ts";
import { InstanceDraft, vrrpInstanceTable } from "./vrrp_instance.ts";

/** What a file says, while it is being read. */
export class ConfigDraft implements TrackedBlocks, BfdBlocks {
  globals: GlobalDraft;
  readonly scripts: VrrpScript[] = [];
  readonly files: TrackFile[] = [];
  readonly processes: TrackProcess[] = [];
  readonly bfdInstances: BfdInstance[] = [];
  readonly groups: GroupDraft[] = [];
  readonly garpGroups: GarpGroupDraft[] = [];
  readonly trackGroups: TrackGroupDraft[] = [];
  readonly statics = new StaticDraft();
  readonly linkBlocks = new LinkBlocksDraft();
  readonly instances: InstanceDraft[] = [];
  readonly lvs = new LvsDraft();
  /** What stands outside of blocks and belongs to `global_defs`. */
  readonly process: GlobalDraft;
  #hasGlobals = false;

  constructor(wholeFile: Span) {
    this.globals = new GlobalDraft(wholeFile);
    this.process = new GlobalDraft(wholeFile);
  }

  /** The settings of `global_defs`, and what belongs to them. */
  finishGlobals(): GlobalDefs {
    const globals = this.globals.finish();
    const { values, at: { of } } = this.process;
    const at = { ...globals.at, of: { ...globals.at.of, ...of } };
    return { ...globals, ...values, at };
  }

  /** The settings of `global_defs`; all its blocks are one, which stands where the first does. */
  openGlobals(at: Span): GlobalDraft {
    if (!this.#hasGlobals) this.globals = new GlobalDraft(at);
    this.#hasGlobals = true;
    return this.globals;
  }
}

type Rows = Readonly<Record<string, Row<unknown>>>;

const UINT_MAX = 4_294_967_295;

/** What {@linkcode keywordAtlas} calls the place outside of blocks. */
const LEVEL_OF_FILE = "the level of the file";

/** Keywords outside of blocks, all of the parent process. */
const parentTop: Rows = {
  namespace_with_ipsets: noted(
    MEANINGLESS_TOP.namespace_with_ipsets ?? "",
    flag,
  ),
  use_pid_dir: noted(MEANINGLESS_TOP.use_pid_dir ?? "", flag),
  instance: onlyOnce(noted(MEANINGLESS_TOP.instance ?? "", wants(word))),
  child_wait_time: noted(
    MEANINGLESS_TOP.child_wait_time ?? "",
    needs(whole(0, UINT_MAX, { takesLeadingDigits: false })),
  ),
};

/** They stand outside of blocks, and are settings of `global_defs` to the model. */
const processTop: Readonly<Record<string, Row<ConfigDraft>>> = {
  net_namespace: ofProcess(netNamespace),
  net_namespace_ipvs: ofProcess(netNamespaceIpvs),
};

function ofProcess(row: Row<GlobalDraft>): Row<ConfigDraft> {
  return {
    ...row,
    read: (draft, line, context) => row.read(draft.process, line, context),
  };
}

const globalDefs: Row<ConfigDraft> = block(
  globalDefsTable,
  (draft, line) => draft.openGlobals(line.span()),
);

const vrrpInstance: Row<ConfigDraft> = block(
  vrrpInstanceTable,
  (draft, line, context) => {
    if (openNamed("vrrp_instance", line, context) === "skip") return "skip";
    const instance = new InstanceDraft(line.word(1), line);
    draft.instances.push(instance);
    return instance;
  },
);

const syncGroup: Row<ConfigDraft> = block(
  syncGroupTable,
  (draft, line, context) => {
    if (openNamed("vrrp_sync_group", line, context) === "skip") return "skip";
    const group = new GroupDraft(line.word(1), line);
    draft.groups.push(group);
    return group;
  },
  closeGroup,
);

const garpGroup: Row<ConfigDraft> = block(garpGroupTable, (draft, line) => {
  const group = new GarpGroupDraft(line.span());
  draft.garpGroups.push(group);
  return group;
});

const trackGroup: Row<ConfigDraft> = block(
  trackGroupTable,
  (draft, line, context) => {
    if (openNamed("track_group", line, context) === "skip") return "skip";
    const group = new TrackGroupDraft(line.word(1), line);
    draft.trackGroups.push(group);
    return group;
  },
  closeTrackGroup,
);

/** A keyword of the file's level: its row, and the process that acts on it. */
interface Entry {
  readonly row: Row<ConfigDraft>;
  readonly process: Process;
}

function entriesOf(
  by: Process,
  rows: Readonly<Record<string, Row<ConfigDraft>>>,
): [string, Entry][] {
  return Object.entries(rows).map(([keyword, row]) => [
    keyword,
    { row, process: by },
  ]);
}

const TOP: ReadonlyMap<string, Entry> = new Map([
  ...entriesOf("parent", {
    global_defs: globalDefs,
    ...processTop,
    ...parentTop,
    ...linkTop,
  }),
  ...entriesOf("vrrp", {
    vrrp_sync_group: syncGroup,
    vrrp_instance: vrrpInstance,
    garp_group: garpGroup,
    ...staticBlocks,
    ...linkBlocks,
    ...trackedBlocks,
    bfd_instance: bfdInstance,
    track_group: trackGroup,
  }),
  ...entriesOf("checker", checkerTop),
]);

/** The level of the file; what it says goes into `draft`. */
export function topLevel(draft: ConfigDraft): TopLevel {
  return {
    keywords: () => TOP.keys(),
    read: (by, line, context): Opened | "unknown" => {
      const entry = TOP.get(line.word(0));
      if (entry === undefined) return "unknown";
      if (entry.process === by) {
        return entry.row.read(draft, line, context);
      }
      return isBlock(line.word(0)) ? "skip" : undefined;
    },
  };
}

/** Whether a keyword of the file's level opens a block. */
function isBlock(keyword: string): boolean {
  return !(keyword in parentTop || keyword in linkTop ||
    keyword in processTop);
}

/** All keywords outside of blocks, and those of the blocks inside them. */
export function allKeywords(): ReadonlyMap<string, Keyword> {
  return new Map([...TOP].map(([keyword, { row }]) => [keyword, row]));
}

/** What is known of all keywords, for advice. */
export const keywordAtlas: KeywordAtlas = {
  homesOf: (keyword) => homes().get(keyword) ?? [],
  everyKeyword: () => homes().keys(),
};

let knownHomes: ReadonlyMap<string, readonly string[]> | undefined;

/** The blocks of each keyword, those nearest to the file's level first. Made when it is first needed. */
function homes(): ReadonlyMap<string, readonly string[]> {
  if (knownHomes !== undefined) return knownHomes;
  const found = new Map<string, string[]>();
  const add = (keyword: string, home: string) => {
    const known = found.get(keyword);
    if (known === undefined) found.set(keyword, [home]);
    else if (!known.includes(home)) known.push(home);
  };
  for (const keyword of TOP.keys()) add(keyword, LEVEL_OF_FILE);
  let level: [string, Keyword][] = [...allKeywords()];
  while (level.length > 0) {
    for (const [name, { block }] of level) {
      for (const keyword of block?.keys() ?? []) add(keyword, name);
    }
    level = level.flatMap(([, { block }]) => [...block ?? []]);
  }
  return knownHomes = found;
}
