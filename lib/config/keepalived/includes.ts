/**
 * The include family: which word opens files, and which problem of an include stops keepalived.
 * @module
 */
import { isBlank, skipBlanks } from "./chars.ts";

/** Which problems refuse the configuration. */
export interface IncludeRule {
  /** A match that cannot be read, or is no regular file. */
  readonly read: boolean;
  /** A plain name that does not exist. */
  readonly match: boolean;
  /** A wildcard that matches nothing. */
  readonly wildcard: boolean;
  /** A brace list with an alternative that does not exist. */
  readonly brace: boolean;
}

export const LENIENT: IncludeRule = {
  read: false,
  match: false,
  wildcard: false,
  brace: false,
};

const STRICT: IncludeRule = {
  read: true,
  match: true,
  wildcard: true,
  brace: true,
};

/** Rules by the letter behind `include`; plain `include` follows `include_check`. */
const RULES: Readonly<Record<string, IncludeRule>> = {
  r: { ...LENIENT, read: true },
  m: { ...LENIENT, read: true, match: true },
  w: { ...LENIENT, read: true, match: true, wildcard: true },
  b: { ...LENIENT, read: true, brace: true },
  a: STRICT,
};

export interface IncludeLine {
  /** undefined: the plain word, whose rule `include_check` sets. */
  readonly rule: IncludeRule | undefined;
  /** The file pattern's range. */
  readonly start: number;
  readonly end: number;
}

/** Reads an include at the start of a line; undefined when it is none. */
export function readInclude(
  text: string,
  start: number,
  end: number,
): IncludeLine | undefined {
  if (!text.startsWith("include", start)) return undefined;
  let at = start + "include".length;
  const letter = text[at] ?? "";
  const rule = at < end ? RULES[letter] : undefined;
  if (rule !== undefined) at++;
  if (at >= end || !isBlank(text.charCodeAt(at))) return undefined;
  const file = skipBlanks(text, at, end);
  return file < end ? { rule, start: file, end } : undefined;
}

/** What `include_check` knows. */
export const INCLUDE_CHECKS = [
  "read",
  "match",
  "wildcard_match",
  "brace_match",
] as const;

/**
 * What `include_check WORDS` makes of the rule so far. Words that it does not know change nothing, nor do those without
 * a sign behind the first.
 */
export function includeCheckRule(
  words: readonly string[],
  before: IncludeRule,
): IncludeRule {
  if (words.length === 0) return STRICT;
  const first = words[0] ?? "";
  const signed = first.startsWith("+") || first.startsWith("-");
  const rule = { ...(signed ? before : LENIENT) };
  for (const word of words.filter((one, i) => i === 0 || /^[+-]/.test(one))) {
    const on = !word.startsWith("-");
    const name = word.replace(/^[+-]/, "");
    if (name === "read") rule.read = on;
    else if (name === "match") rule.match = on;
    else if (name === "wildcard_match") rule.wildcard = on;
    else if (name === "brace_match") rule.brace = on;
    if (on && name !== "read") rule.read = true;
  }
  return rule;
}
