/**
 * What a keyword takes: readers of the words behind it, and what happens when they are missing.
 *
 * keepalived ignores words beyond those it reads, mostly without saying so; here that is an advice.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { ScriptUser } from "../tracking_model.ts";
import { didYouMean } from "../../diag/suggest.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";
import { cutScriptWords } from "./words.ts";

/** Reads what follows a keyword; undefined when the line has no effect. */
export type Argument<T> = (
  line: LogicalLine,
  context: ReadContext,
) => T | undefined;

/** Reads one word of a line; undefined when it is wrong (and reported). */
export type WordReader<T> = (
  line: LogicalLine,
  index: number,
  context: ReadContext,
) => T | undefined;

/** One word, without which keepalived stops reading. */
export function needs<T>(read: WordReader<T>): Argument<T> {
  return (line, context) => {
    if (line.count < 2) return stop(line, context);
    adviseExtra(line, 2, context);
    return read(line, 1, context);
  };
}

/** One word, without which the line is ignored with a message. */
export function wants<T>(read: WordReader<T>): Argument<T> {
  return (line, context) => {
    if (line.count < 2) return missing(line, context);
    adviseExtra(line, 2, context);
    return read(line, 1, context);
  };
}

/** One word that may be left out, which means `otherwise`. */
export function may<T>(otherwise: T, read: WordReader<T>): Argument<T> {
  return (line, context) => {
    if (line.count < 2) return otherwise;
    adviseExtra(line, 2, context);
    return read(line, 1, context);
  };
}

/** At least one word, each of which `read` reads; keepalived stops reading when there is none. */
export function needsEach<T>(read: WordReader<T>): Argument<readonly T[]> {
  return (line, context) => {
    if (line.count < 2) return stop(line, context);
    return eachFrom(1, read, line, context);
  };
}

/** At least one word, each of which `read` reads; without one the line is ignored with a message. */
export function wantsEach<T>(read: WordReader<T>): Argument<readonly T[]> {
  return (line, context) => {
    if (line.count < 2) return missing(line, context);
    return eachFrom(1, read, line, context);
  };
}

/** Any number of words. */
export const anyWords: Argument<readonly string[]> = (line) =>
  line.words().slice(1);

function eachFrom<T>(
  first: number,
  read: WordReader<T>,
  line: LogicalLine,
  context: ReadContext,
): readonly T[] {
  const values: T[] = [];
  for (let i = first; i < line.count; i++) {
    const value = read(line, i, context);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Nothing: the keyword alone says it, and it cannot be taken back. */
export const flag: Argument<true> = (line, context) => {
  if (line.count > 1) {
    context.advise(
      "HK0407",
      line,
      line.wordsSpan(1, line.count - 1),
      `\`${line.word(0)}\` takes no value`,
      { label: `ignored: \`${line.word(0)}\` is on whatever stands here` },
    );
  }
  return true;
};

const TRUE_WORDS = ["on", "true", "yes"];
const FALSE_WORDS = ["off", "false", "no"];

/** A truth value; the bare keyword means true. */
export const optionalBoolean: Argument<boolean> = may(true, readBoolean);

function readBoolean(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): boolean | undefined {
  const word = line.word(index);
  if (TRUE_WORDS.includes(word)) return true;
  if (FALSE_WORDS.includes(word)) return false;
  const lower = word.toLowerCase();
  const guess = TRUE_WORDS.includes(lower) || word === "1"
    ? "on"
    : FALSE_WORDS.includes(lower) || word === "0"
    ? "off"
    : undefined;
  context.warn(
    "HK0411",
    line,
    line.wordSpan(index),
    `\`${word}\` is not a truth value`,
    {
      label: "the line is ignored",
      help: guess === undefined
        ? "write `on` or `off`"
        : `write \`${guess}\`, in lower case`,
    },
  );
  return undefined;
}

/** A command with quotes and escapes, and perhaps the user and group to run it as. */
export interface ScriptCommand {
  /** The command as written, quotes gone, escapes untouched. */
  readonly command: string;
  readonly user: ScriptUser | undefined;
}

/** A word with its place. */
interface PlacedWord {
  readonly text: string;
  readonly at: () => Span;
}

/**
 * `USER [GROUP]`; without a user, or with an empty one, nobody is named. In `:GROUP` the colon is told of and left out:
 * keepalived 2.4.3 takes it for part of the name.
 */
function userOf(
  user: PlacedWord | undefined,
  group: PlacedWord | undefined,
  line: LogicalLine,
  context: ReadContext,
): ScriptUser | undefined {
  if (user === undefined || user.text === "") return undefined;
  const written = group?.text ?? "";
  const name = written.replace(/^:/, "");
  if (group !== undefined && name !== written) {
    context.warn(
      "HK0303",
      line,
      group.at(),
      `no group is called \`${written}\``,
      {
        label: `read as \`${name}\`; keepalived 2.4.3 runs no such script`,
        help: "leave the `:` out",
      },
    );
  }
  return { user: user.text, group: name === "" ? undefined : name };
}

/** The user, and the group if there is one, from word `index` of a line on. */
export function userFrom(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): ScriptUser | undefined {
  const placed = (at: number): PlacedWord | undefined =>
    at < line.count
      ? { text: line.word(at), at: () => line.wordSpan(at) }
      : undefined;
  adviseExtra(line, index + 2, context);
  return userOf(placed(index), placed(index + 1), line, context);
}

/** `USER [GROUP]`, without which the line is ignored with a message. */
export const scriptUser: Argument<ScriptUser> = (line, context) =>
  line.count < 2 ? missing(line, context) : userFrom(line, 1, context);

/** A script, without which keepalived stops reading. */
export const needsScript: Argument<ScriptCommand> = (line, context) =>
  hasCommand(line) ? readScript(line, context) : stop(line, context);

/** A script, without which the line is ignored with a message. */
export const wantsScript: Argument<ScriptCommand> = (line, context) =>
  hasCommand(line) ? readScript(line, context) : missing(line, context);

/** The keyword alone, or with a script. */
export const optionalScript: Argument<ScriptCommand | true> = (
  line,
  context,
) => hasCommand(line) ? readScript(line, context) : true;

/** Whether anything follows the keyword; a word whose quote is not closed counts, though it is dropped. */
function hasCommand(line: LogicalLine): boolean {
  return line.count > 1 || line.wordSpan(0).end < line.span().end;
}

function readScript(
  line: LogicalLine,
  context: ReadContext,
): ScriptCommand | undefined {
  const { words, unmatchedQuote } = cutScriptWords(
    line.origin.text,
    line.start,
    line.end,
  );
  const command = words[1]?.text ?? "";
  const placed = (at: number): PlacedWord | undefined => {
    const found = words[at];
    return found && {
      text: found.text,
      at: () => line.origin.span(found.start, found.end),
    };
  };
  const user = userOf(placed(2), placed(3), line, context);
  context.scripts.push({
    keyword: line.word(0),
    at: line.wordSpan(0),
    command,
    user,
  });
  if (unmatchedQuote) {
    context.warn(
      "HK0405",
      line,
      line.span(),
      "quote is not closed on its line",
      { label: "the line is ignored" },
    );
    return undefined;
  }
  return { command, user };
}

/** Any text. */
export const word: WordReader<string> = (line, index) => line.word(index);

/** Text of at most `bytesMax` bytes; longer is cut, with a message. */
export function textUpTo(bytesMax: number): WordReader<string> {
  return (line, index, context) => {
    const text = line.word(index);
    const cut = cutToBytes(text, bytesMax);
    if (cut === text) return text;
    context.warn(
      "HK0422",
      line,
      line.wordSpan(index),
      `\`${text}\` is longer than ${bytesMax} bytes`,
      { label: `cut after ${bytesMax} bytes` },
    );
    return cut;
  };
}

/** What fits into `bytesMax` bytes of UTF-8, whole characters only. */
export function cutToBytes(text: string, bytesMax: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(bytes.subarray(0, end));
}

/** One of `words`, exactly. */
export function oneOf<const T extends string>(
  words: readonly T[],
): WordReader<T> {
  return (line, index, context) => {
    const text = line.word(index);
    const found = words.find((candidate) => candidate === text);
    if (found !== undefined) return found;
    context.warn(
      "HK0107",
      line,
      line.wordSpan(index),
      `\`${line.word(0)}\` does not know \`${text}\``,
      {
        label: `must be ${orList(words)}`,
        help: didYouMean(text, words),
      },
    );
    return undefined;
  };
}

/** `a`, `b` or `c`. */
export function orList(words: readonly string[]): string {
  const quoted = words.map((one) => `\`${one}\``);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** Reports that keepalived stops here, because it reads a word that is not there: the value of word `of`. */
export function stop(
  line: LogicalLine,
  context: ReadContext,
  of = 0,
): undefined {
  context.refuse(
    "HK0406",
    line,
    line.wordSpan(line.count - 1),
    `\`${line.word(of)}\` lacks its value`,
    { label: "keepalived stops reading here" },
  );
}

/** Reports that a word is missing and the line has no effect. */
export function missing(line: LogicalLine, context: ReadContext): undefined {
  context.warn(
    "HK0424",
    line,
    line.wordSpan(line.count - 1),
    `\`${line.word(0)}\` lacks its value`,
    { label: "the line is ignored" },
  );
}

/** Says that the words from `first` on are not read. */
export function adviseExtra(
  line: LogicalLine,
  first: number,
  context: ReadContext,
) {
  if (line.count <= first) return;
  const extra = line.word(first);
  context.advise(
    "HK0407",
    line,
    line.wordsSpan(first, line.count - 1),
    `\`${line.word(0)}\` takes ${
      first <= 2 ? "one value" : `${first - 1} values`
    }`,
    {
      label: "ignored, as keepalived does",
      help: /^[a-z]+_[a-z_]+$/.test(extra)
        ? `put \`${extra}\` on a line of its own`
        : undefined,
    },
  );
}
