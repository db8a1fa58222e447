/**
 * `vrrp_script`, `track_file` and `vrrp_track_process`: what instances and groups can follow.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type {
  InitFile,
  ScriptUser,
  TrackFile,
  TrackProcess,
  VrrpScript,
} from "../tracking_model.ts";
import {
  type Argument,
  flag,
  missing,
  needs,
  needsEach,
  oneOf,
  stop,
  userFrom,
  wants,
  wantsScript,
  word,
  type WordReader,
} from "./argument.ts";
import {
  custom,
  KeywordBlock,
  lacks,
  type Row,
  setting,
  type Table,
  table,
  valueSpan,
} from "./block.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { openFirst, remember } from "./named_block.ts";
import { seconds, whole } from "./numbers.ts";
import type { NamedBlock, ReadContext } from "./read_context.ts";

/** What was read of such blocks so far. */
export interface TrackedBlocks {
  readonly scripts: VrrpScript[];
  readonly files: TrackFile[];
  readonly processes: TrackProcess[];
}

const INT_MAX = 2_147_483_647;
/** No priority can move further. */
const SCRIPT_WEIGHT_MAX = 253;
const WEIGHT_MAX = 254;
/** Values that a person would write into a file. */
const FILE_VALUE_MAX = 254;
const NS_PER_SECOND = 1_000_000_000;

/** What a block's own weight goes into. */
interface WeightDraft {
  set(key: "weight", value: number, span: Span): void;
  set(key: "reverse", value: boolean, span: Span): void;
  clear(key: "reverse"): void;
}

/** `weight N [reverse]`, where `read` is of the number. */
export function readWeight(
  draft: WeightDraft,
  read: WordReader<number>,
  line: LogicalLine,
  context: ReadContext,
) {
  const weight = read(line, 1, context);
  if (weight === undefined) return;
  draft.set("weight", weight, line.wordSpan(1));
  draft.clear("reverse");
  if (line.count < 3) return;
  if (line.word(2) === "reverse") {
    draft.set("reverse", true, line.wordSpan(2));
    return;
  }
  context.warn(
    "HK0101",
    line,
    line.wordSpan(2),
    `unknown word \`${line.word(2)}\` behind the weight`,
    { label: "the word is ignored" },
  );
}

/** keepalived keeps a script's weight that is out of range; no priority moves as far. */
const scriptWeight: WordReader<number> = (line, index, context) => {
  const value = Number(line.word(index));
  const otherwise = Number.isInteger(value)
    ? Math.sign(value) * SCRIPT_WEIGHT_MAX
    : 0;
  return whole(-SCRIPT_WEIGHT_MAX, SCRIPT_WEIGHT_MAX, { otherwise })(
    line,
    index,
    context,
  );
};

/** Reports a second value of what keeps its first; true when there was one. */
function isRepeated(
  before: Span | undefined,
  line: LogicalLine,
  context: ReadContext,
): boolean {
  if (before === undefined) return false;
  context.warn(
    "HK0110",
    line,
    line.wordSpan(0),
    `a second \`${line.word(0)}\``,
    {
      label: "the line is ignored",
      related: [{ span: before, message: "the first one counts" }],
    },
  );
  return true;
}

/** keepalived takes 0 for a second. */
function interval(): Argument<number> {
  return needs((line, index, context) => {
    const read = seconds(0, 4294, { decimals: 3 })(line, index, context);
    if (read !== 0) return read;
    context.warn(
      "HK0104",
      line,
      line.wordSpan(index),
      `\`${line.word(0)}\` cannot be 0`,
      { label: "1 is used" },
    );
    return NS_PER_SECOND;
  });
}

const count = needs(whole(1, INT_MAX, { otherwise: 1 }));

const readUser: Argument<ScriptUser> = (line, context) => {
  if (line.count < 2) return stop(line, context);
  return userFrom(line, 1, context);
};

const scriptTable: Table<Draft<VrrpScript>> = table<Draft<VrrpScript>>({
  script: custom((draft, line, context) => {
    const read = wantsScript(line, context);
    if (read === undefined) return;
    draft.set("script", read.command, valueSpan(line));
    if (read.user === undefined) return;
    context.advise(
      "HK0407",
      line,
      line.wordsSpan(2, line.count - 1),
      "only the first word of `script` is run",
      {
        label: "ignored, as keepalived does",
        help: "put the command with its arguments in double quotes",
      },
    );
  }),
  interval: setting("intervalNs", interval()),
  timeout: setting("timeoutNs", interval()),
  weight: custom((draft, line, context) => {
    if (line.count < 2) stop(line, context);
    else readWeight(draft, scriptWeight, line, context);
  }),
  rise: setting("rise", count),
  fall: setting("fall", count),
  user: setting("user", readUser),
  init_fail: setting("initFail", flag),
});

const fork = needs(seconds(0.000001, 3600));

const processTable: Table<Draft<TrackProcess>> = table<Draft<TrackProcess>>({
  process: custom((draft, line, context) => {
    const words = needsEach(word)(line, context);
    if (
      words === undefined || isRepeated(draft.spanOf("process"), line, context)
    ) {
      return;
    }
    draft.set("process", words, valueSpan(line));
  }),
  param_match: setting(
    "parameterMatch",
    (line, context) =>
      line.count < 2
        ? "exact"
        : oneOf(["initial", "partial"])(line, 1, context),
  ),
  weight: custom((draft, line, context) => {
    if (line.count < 2) missing(line, context);
    else if (
      (draft.get("weight") ?? 0) === 0 ||
      !isRepeated(draft.spanOf("weight"), line, context)
    ) readWeight(draft, whole(-WEIGHT_MAX, WEIGHT_MAX), line, context);
  }),
  quorum: custom((draft, line, context) => {
    const quorum = needs(whole(1, 65_535))(line, context);
    const max = draft.get("quorumMax");
    if (quorum === undefined) return;
    if (max !== undefined && quorum > max) {
      contradicts(line, `above \`quorum_max ${max}\``, context);
    } else draft.set("quorum", quorum, valueSpan(line));
  }),
  quorum_max: custom((draft, line, context) => {
    const max = needs(whole(0, 65_535))(line, context);
    const quorum = draft.get("quorum");
    if (max === undefined) return;
    if (quorum !== undefined && max < quorum) {
      contradicts(line, `below \`quorum ${quorum}\``, context);
    } else draft.set("quorumMax", max, valueSpan(line));
  }),
  delay: custom((draft, line, context) => {
    const delayNs = fork(line, context);
    if (delayNs === undefined) return;
    draft.set("delayNs", delayNs, valueSpan(line));
    // It sets both, and the last line counts.
    draft.clear("terminateDelayNs");
    draft.clear("forkDelayNs");
  }),
  terminate_delay: setting("terminateDelayNs", fork),
  fork_delay: setting("forkDelayNs", fork),
  full_command: setting("fullCommand", flag),
});

function contradicts(
  line: LogicalLine,
  how: string,
  context: ReadContext,
) {
  context.warn(
    "HK0110",
    line,
    line.wordSpan(1),
    `\`${line.word(0)} ${line.word(1)}\` is ${how}`,
    { label: "the line is ignored" },
  );
}

const fileTable: Table<Draft<TrackFile>> = table<Draft<TrackFile>>({
  file: custom((draft, line, context) => {
    const path = wants(word)(line, context);
    if (path === undefined || isRepeated(draft.spanOf("file"), line, context)) {
      return;
    }
    draft.set("file", path, valueSpan(line));
  }),
  weight: custom((draft, line, context) => {
    if (line.count < 2) missing(line, context);
    else if (
      (draft.get("weight") ?? 1) === 1 ||
      !isRepeated(draft.spanOf("weight"), line, context)
    ) {
      const read = whole(-WEIGHT_MAX, WEIGHT_MAX, { otherwise: 1 });
      readWeight(draft, read, line, context);
    }
  }),
  init_file: setting("initFile", readInitFile),
});

/** `[VALUE] [overwrite]`, in any order. */
function readInitFile(line: LogicalLine, context: ReadContext): InitFile {
  let value = 0;
  let overwrite = false;
  for (let index = 1; index < line.count; index++) {
    if (line.word(index) === "overwrite") overwrite = true;
    else value = readInitValue(line, index, context) ?? value;
  }
  return { value, overwrite };
}

function readInitValue(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): number | undefined {
  const text = line.word(index);
  if (!/^[+-]?[0-9]+$/.test(text)) {
    context.warn(
      "HK0101",
      line,
      line.wordSpan(index),
      `\`${text}\` is no number and not \`overwrite\``,
      { label: "the word is ignored" },
    );
    return undefined;
  }
  const read = whole(-INT_MAX - 1, INT_MAX, {
    consequence: "the word is ignored",
  })(line, index, context);
  if (read !== undefined && Math.abs(read) > FILE_VALUE_MAX) {
    context.warn(
      "HK0104",
      line,
      line.wordSpan(index),
      `${read} is more than any priority`,
      {
        label: "written all the same",
        help: `write a number from -${FILE_VALUE_MAX} to ${FILE_VALUE_MAX}`,
      },
    );
  }
  return read;
}

/** A block that is there only if it has `required`; of two of one name the first counts. */
function trackedBlock<
  T extends { readonly name: string; readonly at: unknown },
>(
  kind: NamedBlock,
  rows: Table<Draft<T>>,
  required: keyof T & string,
  finish: (name: string, draft: Draft<T>, into: TrackedBlocks) => void,
): Row<TrackedBlocks> {
  return {
    status: "active",
    block: rows,
    read: (into, line, context) => {
      openFirst(line, context);
      const draft = new Draft<T>(line.span());
      draft.mark("name", line.wordSpan(1));
      return new KeywordBlock(line, rows, draft, (_, end) => {
        if (draft.spanOf(required) === undefined) {
          lacks(line, end, [required], context);
          return;
        }
        const isFirst = context.named(kind, line.word(1)) === undefined;
        remember(kind)(line, context);
        // Without a name keepalived has stopped.
        if (isFirst && line.count > 1) finish(line.word(1), draft, into);
      });
    },
  };
}

const trackFile: Row<TrackedBlocks> = trackedBlock<TrackFile>(
  "track_file",
  fileTable,
  "file",
  (name, draft, { files }) =>
    files.push({
      name,
      file: draft.get("file"),
      weight: draft.get("weight"),
      reverse: draft.get("reverse"),
      initFile: draft.get("initFile"),
      at: draft.at,
    }),
);

/** The three blocks; files have an old name too. */
export const trackedBlocks: Readonly<Record<string, Row<TrackedBlocks>>> = {
  vrrp_script: trackedBlock<VrrpScript>(
    "vrrp_script",
    scriptTable,
    "script",
    (name, draft, { scripts }) =>
      scripts.push({
        name,
        script: draft.get("script"),
        intervalNs: draft.get("intervalNs"),
        timeoutNs: draft.get("timeoutNs"),
        weight: draft.get("weight"),
        reverse: draft.get("reverse"),
        rise: draft.get("rise"),
        fall: draft.get("fall"),
        initFail: draft.get("initFail"),
        user: draft.get("user"),
        at: draft.at,
      }),
  ),
  vrrp_track_process: trackedBlock<TrackProcess>(
    "vrrp_track_process",
    processTable,
    "process",
    (name, draft, { processes }) =>
      processes.push({
        name,
        process: draft.get("process"),
        parameterMatch: draft.get("parameterMatch"),
        fullCommand: draft.get("fullCommand"),
        weight: draft.get("weight"),
        reverse: draft.get("reverse"),
        quorum: draft.get("quorum"),
        quorumMax: draft.get("quorumMax"),
        delayNs: draft.get("delayNs"),
        terminateDelayNs: draft.get("terminateDelayNs"),
        forkDelayNs: draft.get("forkDelayNs"),
        at: draft.at,
      }),
  ),
  track_file: trackFile,
  vrrp_track_file: trackFile,
};
