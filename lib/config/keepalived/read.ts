/**
 * The keepalived.conf front end: files in, model and diagnostics out.
 *
 * Says:    the language of keepalived 2.4.3 down to logical lines and blocks; of its keywords, those the model has.
 * Checks:  what keepalived checks while it reads, and what it corrects afterwards. What it refuses then, and what
 *          both languages have in common, is for `checks.ts`.
 * Errors:  returned as diagnostics in the order of the text; reading never stops.
 * @module
 */
import type { Diagnostic, Span } from "../../diag/diagnostic.ts";
import { inTextOrder } from "../../diag/text_order.ts";
import type { Config, LogConfig } from "../model.ts";
import { canRun, correctInstance } from "./corrections.ts";
import {
  correctLvs,
  correctSyncDaemon,
  takeSyncInterfaces,
} from "./lvs_corrections.ts";
import { directoryOf, type Surroundings } from "./file_access.ts";
import type { LogicalText } from "./logical_text.ts";
import { correctGarpGroups } from "./garp_group.ts";
import { NameTables } from "./name_tables.ts";
import { preprocess } from "./preprocess.ts";
import { ReadContext, type ScriptUse } from "./read_context.ts";
import { Report } from "./report.ts";
import { tellUnreplaced } from "./unreplaced.ts";
import { ableInstances } from "./unable.ts";
import { readStatements } from "./statements.ts";
import { correctGroups } from "./sync_group.ts";
import { followStatics } from "./track_group.ts";
import { ConfigDraft, keywordAtlas, topLevel } from "./top_level.ts";

/** What reading a keepalived.conf gives. */
export interface KeepalivedReading {
  /** What was read of the main file; undefined when it could not be read at all. */
  readonly config: Config | undefined;
  /** Instances that lack what they cannot run without; they are not in `config`. */
  readonly leftOut: readonly string[];
  /** The scripts it runs. */
  readonly scripts: readonly ScriptUse[];
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the text says of parts of the model whose places alone do not tell it. */
  readonly origins: ReadonlyMap<Span, string>;
  /** The text itself, for who wants to write it in another language. */
  readonly text: LogicalText;
}

export interface KeepalivedOptions {
  readonly surroundings: Surroundings;
  /** Collect comments; only the importer needs them. */
  readonly keepComments?: boolean;
}

/** Reads the keepalived.conf at `path` and all that it includes. */
export function readKeepalived(
  path: string,
  options: KeepalivedOptions,
): KeepalivedReading {
  const { surroundings, keepComments = false } = options;
  const report = new Report();
  const text = preprocess(path, { surroundings, keepComments }, report);
  if (!text.isReadable) {
    return {
      config: undefined,
      leftOut: [],
      scripts: [],
      diagnostics: report.diagnostics,
      origins: new Map(),
      text,
    };
  }
  const wholeFile = { source: text.main, start: 0, end: 0 };
  const draft = new ConfigDraft(wholeFile);
  const context = new ReadContext(
    report,
    new NameTables(surroundings.files),
    text.definitions,
  );
  readStatements(text.lines, topLevel(draft), keywordAtlas, context);
  tellUnreplaced(text.lines, context);
  for (const instance of draft.instances) {
    correctInstance(instance, draft.globals, context);
  }
  const origins = followStatics({
    groups: draft.trackGroups,
    followed: draft.statics.followed,
    instances: draft.instances,
    syncGroups: draft.groups,
    globals: draft.globals,
  }, context);
  const complete = draft.instances.filter((instance) =>
    canRun(instance, draft.globals, context)
  );
  const instances = ableInstances(
    complete.map((instance) => instance.finish()),
    draft.globals.finish(),
    context.sink,
  );
  const run = new Set(instances.map(({ name }) => name));
  takeSyncInterfaces(draft.globals, draft.instances, context);
  correctSyncDaemon(draft.globals, run, report);
  const groups = correctGroups(draft.groups, context);
  const firstScript = firstUnsafeScript(context.scripts, path, surroundings);
  if (
    firstScript !== undefined &&
    draft.globals.get("enableScriptSecurity") !== true
  ) {
    report.warning(
      "HK0427",
      firstScript,
      "scripts are run without `enable_script_security`",
      {
        label: "the first of them",
        help: "put `enable_script_security` into `global_defs`",
      },
    );
  }
  const config = {
    globals: draft.linkBlocks.addTo(
      draft.statics.addTo(draft.finishGlobals()),
    ),
    log: noLog(wholeFile),
    scripts: draft.scripts,
    files: draft.files,
    processes: draft.processes,
    bfdInstances: draft.bfdInstances,
    groups: groups.map((group) => group.finish(run))
      .filter(({ members }) => members.length > 0),
    garpGroups: correctGarpGroups(draft.garpGroups, context),
    instances,
    lvs: correctLvs(draft.lvs, draft.bfdInstances, report),
  };
  const leftOut = draft.instances.map(({ name }) => name)
    .filter((name) => !run.has(name));
  const diagnostics = inTextOrder(explainDollars(report.diagnostics));
  const { scripts } = context;
  return { config, leftOut, scripts, diagnostics, origins, text };
}

/** The dollar and the name of an unknown `${NAME}` are words of their own; what is wrong with them follows from that. */
function explainDollars(
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const unknown = diagnostics.filter(({ code }) => code === "HK0441");
  if (unknown.length === 0) return diagnostics;
  return diagnostics.map((one) => {
    const { source, start, end } = one.span;
    const around = unknown.find(({ span }) =>
      span.source === source && span.start <= start && end <= span.end
    );
    return around === undefined || around === one
      ? one
      : { ...one, follows: around.span };
  });
}

/** Scripts of virtual and real servers; if there is no such file, keepalived says nothing of their safety either. */
const CHECKER_SCRIPTS = new Set([
  "misc_path",
  "notify_down",
  "notify_up",
  "quorum_down",
  "quorum_up",
]);

/** The first script whose safety counts. What a directory beside the configuration lacks is no matter of the machine. */
function firstUnsafeScript(
  scripts: readonly ScriptUse[],
  path: string,
  { files }: Surroundings,
): Span | undefined {
  const beside = `${directoryOf(files.absolute(path))}/`;
  return scripts.find(({ keyword, command }) => {
    if (command.trim() === "") return false;
    if (!CHECKER_SCRIPTS.has(keyword)) return true;
    const [program = ""] = command.trim().split(/\s/, 1);
    return !program.startsWith(beside) || files.exists(program);
  })?.at;
}

function noLog(wholeFile: Span): LogConfig {
  return {
    target: undefined,
    facility: undefined,
    level: undefined,
    at: { self: wholeFile, of: {} },
  };
}
