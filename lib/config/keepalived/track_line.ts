/**
 * One line of `track_interface`, `track_script`, `track_file`, `track_process` or `track_bfd`: what is followed, and
 * with what weight.
 * @module
 */
import { didYouMean } from "../../diag/suggest.ts";
import type { TrackEntry } from "../tracking_model.ts";
import { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { interfaceName } from "./names.ts";
import { whole } from "./numbers.ts";
import type { NamedBlock, ReadContext } from "./read_context.ts";

/** keepalived takes it for one less, because no priority can move further. */
const JUST_TOO_MUCH = 254;

/** What the lines of one kind of block may say. */
export interface TrackLineKind {
  /** The keyword of the block they name; interfaces have none. */
  readonly block: NamedBlock | undefined;
  /** Weights go from minus this to this. */
  readonly weightMax: number;
  /** Whether an unknown word behind the weight costs the whole line. */
  readonly isStrict: boolean;
}

/** The five kinds of track block. */
export const TRACK_LINES = {
  track_interface: { block: undefined, weightMax: 253, isStrict: false },
  track_script: { block: "vrrp_script", weightMax: 253, isStrict: false },
  track_file: { block: "track_file", weightMax: 254, isStrict: true },
  track_process: {
    block: "vrrp_track_process",
    weightMax: 254,
    isStrict: false,
  },
  track_bfd: { block: "bfd_instance", weightMax: 253, isStrict: true },
} as const satisfies Readonly<Record<string, TrackLineKind>>;

/** `NAME [weight N [reverse|noreverse]]`; undefined when keepalived drops the line. */
export function readTrackLine(
  kind: TrackLineKind,
  before: readonly TrackEntry[],
  line: LogicalLine,
  context: ReadContext,
): TrackEntry | undefined {
  if (line.kind !== "words") return undefined;
  const name = kind.block === undefined
    ? interfaceName(line, 0, context)
    : definedName(kind.block, line, context);
  if (name === undefined) return undefined;
  const draft = new Draft<TrackEntry>(line.span());
  draft.set("name", name, line.wordSpan(0));
  if (!readOptions(kind, draft, line, context)) return undefined;
  const first = before.find((one) => one.name === name);
  if (first !== undefined) {
    context.warn(
      "HK0241",
      line,
      line.wordSpan(0),
      `\`${name}\` is listed twice`,
      {
        label: "the line is ignored",
        related: [{ span: first.at.self, message: "listed first here" }],
      },
    );
    return undefined;
  }
  return {
    name,
    weight: draft.get("weight"),
    reverse: draft.get("reverse"),
    at: draft.at,
  };
}

/** A name of a block that stands above the line. */
export function definedName(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): string | undefined {
  const name = line.word(0);
  if (context.named(kind, name) !== undefined) return name;
  context.warn(
    "HK0431",
    line,
    line.wordSpan(0),
    `no \`${kind} ${name}\` above this line`,
    {
      label: "ignored: it is not tracked",
      help: didYouMean(name, context.namesOf(kind)) ??
        "definitions must stand above the lines that refer to them",
    },
  );
  return undefined;
}

/** False when keepalived drops the line. */
function readOptions(
  kind: TrackLineKind,
  draft: Draft<TrackEntry>,
  line: LogicalLine,
  context: ReadContext,
): boolean {
  if (line.count < 2) return true;
  const word = line.word(1);
  if (word !== "weight") {
    const near = didYouMean(word, ["weight"]) ??
      (word.startsWith("weight")
        ? "write `weight`, a space, and a number"
        : undefined);
    unknownWord(line, 1, context, "the line is ignored", near);
    return false;
  }
  if (line.count < 3) {
    context.warn(
      "HK0424",
      line,
      line.wordSpan(1),
      "`weight` lacks its value",
      { label: "the line is ignored" },
    );
    return false;
  }
  const weight = readWeight(kind, line, context);
  if (weight !== undefined) draft.set("weight", weight, line.wordSpan(2));
  return line.count < 4 || readReverse(kind, draft, line, context);
}

function readWeight(
  { block, weightMax }: TrackLineKind,
  line: LogicalLine,
  context: ReadContext,
): number | undefined {
  const text = line.word(2);
  if (weightMax < JUST_TOO_MUCH && /^[+-]?254$/.test(text)) {
    const used = text.startsWith("-") ? -weightMax : weightMax;
    context.warn(
      "HK0104",
      line,
      line.wordSpan(2),
      `\`weight\` cannot be ${text}`,
      { label: `${used} is used` },
    );
    return used;
  }
  return whole(-weightMax, weightMax, {
    name: "weight",
    consequence: block === undefined
      ? "0 is used: a failure is FAULT"
      : `the weight of the \`${block}\` is used`,
  })(line, 2, context);
}

function readReverse(
  { block, isStrict }: TrackLineKind,
  draft: Draft<TrackEntry>,
  line: LogicalLine,
  context: ReadContext,
): boolean {
  const word = line.word(3);
  // An interface has no default that could be taken back.
  const words = block === undefined ? ["reverse"] : ["reverse", "noreverse"];
  if (words.includes(word)) {
    draft.set("reverse", word === "reverse", line.wordSpan(3));
    if (line.count > 4) {
      context.advise(
        "HK0407",
        line,
        line.wordsSpan(4, line.count - 1),
        `nothing follows \`${word}\``,
        { label: "ignored, as keepalived does" },
      );
    }
    return true;
  }
  const consequence = isStrict ? "the line is ignored" : "the word is ignored";
  unknownWord(
    line,
    3,
    context,
    consequence,
    didYouMean(word, words),
  );
  return !isStrict;
}

function unknownWord(
  line: LogicalLine,
  index: number,
  context: ReadContext,
  label: string,
  help: string | undefined,
) {
  context.warn(
    "HK0101",
    line,
    line.wordSpan(index),
    `unknown word \`${line.word(index)}\` behind \`${line.word(0)}\``,
    { label, help },
  );
}
