/**
 * What is wrong with a text that is not TOML, in the words of somebody who writes a configuration.
 *
 * The parser stops at the first mistake and says what it expected there; this looks around for what was meant.
 * @module
 */
import type { Diagnostic, SourceText, Span } from "../../diag/diagnostic.ts";
import {
  diagnostic,
  type DiagnosticDetails,
} from "../../diag/diagnostic_sink.ts";

/** Where the parser stopped, and its words. */
export interface SyntaxProblem {
  /** UTF-16 offset. */
  readonly at: number;
  readonly words: string;
}

/** The parser's words for a key or table that is there already, and for a key without a value. */
const TWICE = "Defining a key multiple times is invalid";
const NO_VALUE = "Unspecified values are invalid";

/** Headline and label for the parser's words. */
const PHRASES: Readonly<Record<string, readonly [string, string]>> = {
  "Unterminated string constant": [
    "a text is not closed",
    "the closing quote is missing",
  ],
  "Unterminated table-key": ["a headline is not closed", "`]` is missing"],
  "Unterminated array": ["a list is not closed", "`]` is missing"],
  "Unterminated inline table": ["a table is not closed", "`}` is missing"],
  "Empty bare keys are not allowed": ["a key is missing", "expected a key"],
  "Must be a newline": [
    "more on a line than one setting",
    "expected the end of the line",
  ],
  "Expected equal (=) token": ["a key without `=`", "expected `=`"],
  [NO_VALUE]: ["a value is missing", "expected a value"],
  "Expected comma (,) token": ["a comma is missing", "expected `,`"],
  "Leading zeros are not allowed": [
    "a number with leading zeros",
    "must not begin with 0",
  ],
};

/** `vrrp_instance NAME {` and its like, at the start of a line. */
const KEEPALIVED_BLOCK =
  /^[ \t]*(?:vrrp_instance|vrrp_sync_group|vrrp_script|virtual_server|global_defs)\b[^=\n]*\{[ \t]*(?:[!#].*)?\r?$/m;

/** Whether the text is of the other language. */
export function isKeepalivedSyntax(text: string): boolean {
  return KEEPALIVED_BLOCK.test(text);
}

/** A parser looks for a missing value on the next line; the mistake is on the line before. */
export function whereItBegan(
  text: string,
  problem: SyntaxProblem,
): SyntaxProblem {
  const before = /=[ \t]*(?:#[^\n]*)?\r?\n\s*$/.exec(text.slice(0, problem.at));
  return before === null ? problem : { at: before.index + 1, words: NO_VALUE };
}

/** Says what is wrong; `first` is where a key stands that is given twice, if it is known. */
export function syntaxError(
  source: SourceText,
  problem: SyntaxProblem,
  first: Span | undefined,
): Diagnostic {
  const { text } = source;
  const at = Math.min(problem.at, Math.max(0, text.length - 1));
  const error = (
    start: number,
    end: number,
    message: string,
    details: DiagnosticDetails,
  ) => diagnostic("error", "HK0002", { source, start, end }, message, details);
  const here = Math.min(at + 1, text.length);
  if (isKeepalivedSyntax(text)) {
    return error(at, here, "this is not TOML", {
      label: "it looks like keepalived's syntax",
      help: "use `--format keepalived`, or translate it with `hakeep import`",
    });
  }
  if (isTwice(problem)) return givenTwice(source, at, first);
  const headline = openHeadline(text, at);
  if (headline !== undefined) {
    return error(headline.start, headline.end, "a headline is not closed", {
      label: "`]` is missing",
    });
  }
  if (/,\s*$/.test(text) && problem.at >= text.trimEnd().length) {
    return openList(source, text.length);
  }
  const bare = bareText(text, at);
  const isNumber = bare !== undefined &&
    /^[-0-9]+$/.test(text.slice(bare.start, bare.end));
  if (bare === undefined || isNumber) {
    const [message, label] = PHRASES[problem.words] ??
      ["this is not TOML", problem.words.toLowerCase()];
    return error(at, here, message, { label });
  }
  if (/^[ \t]*=/.test(text.slice(bare.end))) {
    return openList(source, bare.start);
  }
  const written = text.slice(bare.start, bare.end);
  if (/^(?:yes|no|on|off|true|false)$/i.test(written)) {
    return error(bare.start, bare.end, "not a truth value", {
      help: "write `true` or `false`",
    });
  }
  return error(bare.start, bare.end, "a text without quotes", {
    help: `write \`"${written}"\``,
  });
}

/** Whether the parser complains of a key or table that is there already. */
export function isTwice({ words }: SyntaxProblem): boolean {
  return words === TWICE;
}

function givenTwice(
  source: SourceText,
  at: number,
  first: Span | undefined,
): Diagnostic {
  const { start, end } = wordAround(source.text, at);
  const span = { source, start, end: Math.max(end, start + 1) };
  const word = source.text.slice(start, end);
  return diagnostic("error", "HK0003", span, `\`${word}\` is given twice`, {
    related: first === undefined
      ? undefined
      : [{ span: first, message: "it is given here first" }],
    help: "keep one of them",
  });
}

/** The list that is still open at `at`. */
function openList(source: SourceText, at: number): Diagnostic {
  const start = Math.max(0, source.text.lastIndexOf("[", at));
  const span = { source, start, end: Math.min(start + 1, source.text.length) };
  return diagnostic("error", "HK0002", span, "a list is not closed", {
    label: "its `]` is missing",
  });
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function wordAround(text: string, at: number): Range {
  const isOfWord = (index: number) => /[\w.:/@-]/.test(text[index] ?? "");
  let start = at;
  while (start > 0 && isOfWord(start - 1)) start--;
  let end = at;
  while (end < text.length && isOfWord(end)) end++;
  return { start, end };
}

/** The value around `at` that lacks its quotes: by far the most frequent mistake of people who come from keepalived. */
function bareText(text: string, at: number): Range | undefined {
  const word = wordAround(text, at);
  const before = text.slice(Math.max(0, word.start - 80), word.start);
  const isHeadline = /(?:^|\n)[ \t]*\[{1,2}[ \t]*$/.test(before);
  const isValue = /[=[,][ \t\r\n]*$/.test(before) && !isHeadline;
  return isValue && word.end > word.start ? word : undefined;
}

/** The end of a headline on the line before, when it lacks its bracket. */
function openHeadline(text: string, at: number): Range | undefined {
  const line = text.lastIndexOf("\n", at - 1);
  if (line < 0) return undefined;
  const start = text.lastIndexOf("\n", line - 1) + 1;
  const before = text.slice(start, line).trimEnd();
  if (!/^[ \t]*\[[^\]"'#=]*$/.test(before)) return undefined;
  const end = start + before.length;
  return { start: end - 1, end };
}

/**
 * The text with the line of a problem blanked, so that the rest can be read on: all offsets stay. Undefined where the
 * line cannot be taken out without changing what the others mean.
 */
export function withoutLine(
  text: string,
  problem: SyntaxProblem,
): string | undefined {
  const start = text.lastIndexOf("\n", problem.at - 1) + 1;
  const found = text.indexOf("\n", problem.at);
  const end = found < 0 ? text.length : found;
  const line = text.slice(start, end);
  const equals = line.indexOf("=");
  // Before its `=` a line may belong to a list or headline that an earlier line left open.
  const isOwn = equals >= 0 &&
    (problem.at - start > equals || isTwice(problem));
  if (!isOwn || /^[ \t]*\[|"""|'''/.test(line)) return undefined;
  if (count(line, /[[{]/g) !== count(line, /[\]}]/g)) return undefined;
  return text.slice(0, start) + line.replaceAll(/[^\r\n]/g, " ") +
    text.slice(end);
}

function count(line: string, pattern: RegExp): number {
  return [...line.matchAll(pattern)].length;
}
