/**
 * The level of the file: blocks, who reads each of them, and the keywords outside of blocks.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import {
  anyWords,
  flag,
  may,
  needs,
  needsEach,
  needsScript,
  oneOf,
  optionalBoolean,
  textUpTo,
  wants,
  wantsEach,
  wantsScript,
  word,
} from "./argument.ts";
import { address } from "./addresses.ts";
import {
  block,
  deprecated,
  inactive,
  inactiveBlock,
  inactiveEntries,
  type Keyword,
  known,
  knownEntries,
  noted,
  type Opened,
  type Row,
  table,
} from "./block.ts";
import { checkerTop } from "./checker_tables.ts";
import { globalDefsTable, GlobalDraft } from "./global_defs.ts";
import type { LogicalLine } from "./logical_line.ts";
import { seconds, whole } from "./numbers.ts";
import type { NamedBlock, ReadContext } from "./read_context.ts";
import type { KeywordAtlas, Process, TopLevel } from "./statements.ts";
import { checkRoute, checkRule, tracked } from "./entry_checks.ts";
import { InstanceDraft, vrrpInstanceTable } from "./vrrp_instance.ts";

/** What a file says, while it is being read. */
export class ConfigDraft {
  globals: GlobalDraft;
  readonly instances: InstanceDraft[] = [];
  #hasGlobals = false;

  constructor(wholeFile: Span) {
    this.globals = new GlobalDraft(wholeFile);
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
const fork = known(needs(seconds(0.000001, 3600)));
const weight = known((line, context) => {
  if (line.count < 2) return needs(word)(line, context);
  return whole(-254, 254)(line, 1, context);
});
const trackFile = table<unknown>({
  file: known(wants(word)),
  weight: known((line, context) =>
    line.count < 2
      ? wants(word)(line, context)
      : whole(-254, 254)(line, 1, context)
  ),
  init_file: known(anyWords),
});
const milliseconds = (min: number, max: number) =>
  needs(seconds(min, max, { unitNs: 1_000_000, decimals: 3 }));

/** What {@linkcode keywordAtlas} calls the place outside of blocks. */
const LEVEL_OF_FILE = "the level of the file";

/** Keywords outside of blocks, all of the parent process. */
const parentTop: Rows = {
  net_namespace: inactive(wants(word)),
  net_namespace_ipvs: inactive(may(undefined, word)),
  namespace_with_ipsets: inactive(flag),
  use_pid_dir: noted("hakeep keeps its files in --runtime-dir", flag),
  instance: noted("hakeep keeps its files in --runtime-dir", wants(word)),
  child_wait_time: noted(
    "hakeep has no children to wait for",
    needs(whole(0, UINT_MAX, { takesLeadingDigits: false })),
  ),
  linkbeat_use_polling: inactive(flag),
};

/** Blocks of the VRRP process that this version does not act on. */
const vrrpTop: Rows = {
  track_group: inactiveBlock(
    table({ group: knownEntries() }),
    { open: (line, context) => openNamed("track_group", line, context) },
  ),
  static_ipaddress: inactiveEntries(),
  static_routes: inactiveEntries(checkRoute),
  static_rules: inactiveEntries(checkRule),
  vrrp_sync_group: inactiveBlock(
    table({
      group: knownEntries(undefined, 1, "keepalived drops the group"),
      track_interface: knownEntries(),
      track_script: knownEntries(tracked("vrrp_script")),
      track_file: knownEntries(tracked("track_file")),
      track_process: knownEntries(tracked("vrrp_track_process")),
      track_bfd: knownEntries(tracked("bfd_instance")),
      notify: known(needsScript),
      notify_backup: known(needsScript),
      notify_master: known(needsScript),
      notify_fault: known(needsScript),
      notify_stop: known(needsScript),
      smtp_alert: known(optionalBoolean),
      global_tracking: deprecated("remove the line", known(flag)),
      sync_group_tracking_weight: known(flag),
      notify_priority_changes: known(optionalBoolean),
    }),
    { open: (line, context) => openNamed("vrrp_sync_group", line, context) },
  ),
  garp_group: inactiveBlock(table({
    garp_interval: known(needs(seconds(0, 4294.967295))),
    gna_interval: known(needs(seconds(0, 4294.967295))),
    interface: known((line, context) => {
      if (line.count < 2) needs(word)(line, context);
      else rememberInGarpGroup(line, 1, context);
      return line.word(1);
    }),
    interfaces: knownEntries((line, context) => {
      for (let i = 0; i < line.count; i++) {
        rememberInGarpGroup(line, i, context);
      }
    }),
  })),
  linkbeat_interfaces: inactiveEntries(),
  interface_up_down_delays: inactiveEntries(),
  vrrp_script: inactiveBlock(
    table({
      script: known(wantsScript),
      interval: known(needs(seconds(0, 4294, { decimals: 3 }))),
      timeout: known(needs(seconds(0, 4294, { decimals: 3 }))),
      weight: known((line, context) =>
        line.count < 2
          ? needs(word)(line, context)
          : whole(-253, 253)(line, 1, context)
      ),
      rise: known(needs(whole(1, 2_147_483_647, { otherwise: 1 }))),
      fall: known(needs(whole(1, 2_147_483_647, { otherwise: 1 }))),
      user: known(needsEach(word)),
      init_fail: known(flag),
    }),
    { open: openFirst, requires: ["script"], accept: remember("vrrp_script") },
  ),
  vrrp_track_process: inactiveBlock(
    table({
      process: known(needsEach(word)),
      param_match: known(may(undefined, oneOf(["initial", "partial"]))),
      weight: known(wantsEach(word)),
      quorum: known(needs(whole(1, 65_535))),
      quorum_max: known(needs(whole(0, 65_535))),
      delay: fork,
      terminate_delay: fork,
      fork_delay: fork,
      full_command: known(flag),
    }),
    {
      open: openFirst,
      requires: ["process"],
      accept: remember("vrrp_track_process"),
    },
  ),
  vrrp_track_file: inactiveBlock(trackFile, {
    open: openFirst,
    requires: ["file"],
    accept: remember("track_file"),
  }),
};

/** Blocks that several processes read. */
const sharedTop: Rows = {
  track_file: inactiveBlock(trackFile, {
    open: openFirst,
    requires: ["file"],
    accept: remember("track_file"),
  }),
  bfd_instance: inactiveBlock(
    table({
      source_ip: known(needs(address)),
      neighbor_ip: known(needs(address)),
      neighbour_ip: known(needs(address)),
      min_rx: known(milliseconds(1, 4_294_967)),
      min_tx: known(milliseconds(1, 4_294_967)),
      idle_tx: known(milliseconds(1000, 4_294_967)),
      multiplier: known(needs(whole(1, 255))),
      passive: known(flag),
      ttl: known(needs(whole(1, 255))),
      hoplimit: known(needs(whole(1, 255))),
      max_hops: known(needs(whole(-1, 255))),
      multihop: known(optionalBoolean),
      weight,
      vrrp: known(flag),
      checker: known(flag),
    }),
    {
      open: (line, context) => {
        if (line.count > 1) textUpTo(31)(line, 1, context);
        return checkName("bfd_instance", line, context);
      },
      requires: ["neighbor_ip", "neighbour_ip"],
      accept: remember("bfd_instance"),
    },
  ),
};

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
  ...entriesOf("parent", { global_defs: globalDefs, ...parentTop }),
  ...entriesOf("vrrp", { vrrp_instance: vrrpInstance, ...vrrpTop }),
  ...entriesOf("vrrp", sharedTop),
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
  return !(keyword in parentTop);
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

/** A block whose name must be its only one, and which is remembered at once. */
/** An interface is in one `garp_group` at most. */
function rememberInGarpGroup(
  line: LogicalLine,
  index: number,
  context: ReadContext,
) {
  const name = line.word(index);
  const before = context.named("garp_group", name);
  if (before === undefined) {
    context.rememberName("garp_group", name, line.wordSpan(index));
    return;
  }
  context.warn(
    "HK0412",
    line,
    line.wordSpan(index),
    `\`${name}\` is in a \`garp_group\` already`,
    {
      label: "ignored",
      related: [{ span: before, message: "named first here" }],
    },
  );
}

function openNamed(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): void | "skip" {
  if (checkName(kind, line, context) === "skip") return "skip";
  remember(kind)(line, context);
}

function checkName(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): void | "skip" {
  if (line.count !== 2) {
    const isMissing = line.count < 2;
    context.warn(
      isMissing ? "HK0424" : "HK0407",
      line,
      isMissing ? line.wordSpan(0) : line.wordsSpan(2, line.count - 1),
      isMissing ? `\`${kind}\` lacks its name` : `\`${kind}\` takes one name`,
      {
        label: "the whole block is ignored",
        help: isMissing ? undefined : "put the name in double quotes",
      },
    );
    return "skip";
  }
  const name = line.word(1);
  const before = context.named(kind, name);
  if (before === undefined) return undefined;
  context.warn(
    "HK0412",
    line,
    line.wordSpan(1),
    `\`${kind} ${name}\` exists already`,
    {
      label: "this whole block is ignored",
      related: [{ span: before, message: "the first one" }],
      help: "give it another name, or merge the blocks",
    },
  );
  return "skip";
}

/** A block whose name may exist twice. Without a name keepalived stops. */
function openFirst(line: LogicalLine, context: ReadContext): undefined {
  if (line.count < 2) needs(word)(line, context);
}

/** From now on the block's name may be referred to; of two of one name, the first is meant. */
function remember(
  kind: NamedBlock,
): (line: LogicalLine, context: ReadContext) => void {
  return (line, context) => {
    const name = line.word(1);
    const before = context.named(kind, name);
    if (before !== undefined) {
      context.advise(
        "HK0412",
        line,
        line.wordSpan(1),
        `\`${line.word(0)} ${name}\` exists already`,
        {
          label: "nothing refers to this one",
          related: [{ span: before, message: "the first one" }],
        },
      );
    }
    context.rememberName(kind, name, line.wordSpan(1));
  };
}
