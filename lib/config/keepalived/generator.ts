/**
 * Generators: `~SEQ`, `~SEQx` and `~LST` repeat the rest of their line once per value.
 * @module
 */
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  isBlank,
  isNamePart,
  isNameStart,
  OPEN_BRACE,
  skipBlanks,
  trimBlanks,
} from "./chars.ts";

/** A generator's head; offsets are in the text it was read from. */
export interface GeneratorHead {
  readonly kind: "SEQ" | "SEQx" | "LST";
  /** Between the parentheses. */
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  /** What is repeated, blanks skipped. */
  readonly restStart: number;
}

/** What is repeated: the variables, and their values in each pass. */
export type Passes =
  | {
    readonly kind: "passes";
    readonly variables: readonly string[];
    /** One list of values per pass, as long as `variables`. */
    readonly values: Iterable<readonly string[]>;
    readonly count: number;
  }
  | { readonly kind: "wrong"; readonly problem: string };

const KINDS = ["SEQx", "SEQ", "LST"] as const;

/** Reads the head at the `~` at `start`; undefined when the line is no generator, "open" without its `)`. */
export function readGeneratorHead(
  text: string,
  start: number,
  end: number,
): GeneratorHead | "open" | undefined {
  for (const kind of KINDS) {
    if (!text.startsWith(kind, start + 1)) continue;
    const open = skipBlanks(text, start + 1 + kind.length, end);
    if (open >= end || text[open] !== "(") continue;
    const close = closingParenthesis(text, open, end);
    if (close === undefined) return "open";
    return {
      kind,
      argumentsStart: open + 1,
      argumentsEnd: close,
      restStart: skipBlanks(text, close + 1, end),
    };
  }
  return undefined;
}

function closingParenthesis(
  text: string,
  open: number,
  end: number,
): number | undefined {
  for (let i = open + 1; i < end; i++) {
    if (text.charCodeAt(i) === CLOSE_PAREN) return i;
  }
  return undefined;
}

/** Passes of `~SEQ(VAR, [START, [STEP,]] END)`; `text` is what stands between the parentheses, expanded. */
export function sequencePasses(text: string, hexadecimal: boolean): Passes {
  const parts = text.split(",").map((part) => part.trim());
  const [variable = "", ...numbers] = parts;
  if (!isName(variable)) {
    return { kind: "wrong", problem: `\`${variable}\` is no variable name` };
  }
  if (numbers.length < 1 || numbers.length > 3) {
    return {
      kind: "wrong",
      problem: "it takes a variable and one to three numbers",
    };
  }
  const values: number[] = [];
  for (const number of numbers) {
    const value = readCNumber(number);
    if (value === undefined) {
      return { kind: "wrong", problem: `\`${number}\` is no number` };
    }
    values.push(value);
  }
  const last = values.at(-1) ?? 0;
  const first = values.length > 1 ? values[0] ?? 0 : last < 0 ? -1 : 1;
  const step = values.length === 3 ? values[1] ?? 0 : last < first ? -1 : 1;
  return checkSequence(variable, first, step, last, hexadecimal);
}

function checkSequence(
  variable: string,
  first: number,
  step: number,
  last: number,
  hexadecimal: boolean,
): Passes {
  if (step === 0) return { kind: "wrong", problem: "the step is 0" };
  if ((last - first) * step < 0) {
    return { kind: "wrong", problem: "the step leads away from the end" };
  }
  if (hexadecimal && (first < 0 || last < 0)) {
    return { kind: "wrong", problem: "~SEQx has no negative numbers" };
  }
  const count = Math.floor((last - first) / step) + 1;
  return {
    kind: "passes",
    variables: [variable],
    values: numbersFrom(first, step, count, hexadecimal ? 16 : 10),
    count,
  };
}

function* numbersFrom(
  first: number,
  step: number,
  count: number,
  base: number,
): Iterable<readonly string[]> {
  for (let i = 0; i < count; i++) yield [(first + i * step).toString(base)];
}

/** A whole number as C reads it: 0x is hexadecimal, a leading 0 octal. */
export function readCNumber(text: string): number | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text);
  const digits = match?.[2];
  if (digits === undefined) return undefined;
  const octal = /^0[0-9]/.test(digits);
  if (octal && /[89]/.test(digits)) return undefined;
  const value = octal ? parseInt(digits, 8) : Number(digits);
  if (!Number.isSafeInteger(value)) return undefined;
  return match?.[1] === "-" ? -value : value;
}

/** Passes of `~LST(VAR, V1, V2 …)` or `~LST({A, B}, {V1, V2} …)`; values are expanded by `expand`. */
export function listPasses(
  text: string,
  expand: (value: string) => string,
): Passes {
  const items = listItems(text);
  if (items === undefined) {
    return { kind: "wrong", problem: "a brace is not closed" };
  }
  const [variables, ...rows] = items;
  const wrong = variables?.find((name) => !isName(name));
  if (variables === undefined || wrong !== undefined) {
    return { kind: "wrong", problem: `\`${wrong ?? ""}\` is no variable name` };
  }
  const values: string[][] = [];
  for (const row of rows) {
    if (row.length > variables.length) {
      return {
        kind: "wrong",
        problem: `\`${
          row.join(", ")
        }\` has more values than there are variables`,
      };
    }
    values.push(variables.map((_, index) => expand(row[index] ?? "")));
  }
  return { kind: "passes", variables, values, count: values.length };
}

/** Splits at commas outside braces; `{a, b}` gives two texts, `a` one. */
function listItems(text: string): string[][] | undefined {
  const items: string[][] = [];
  let at = 0;
  while (at <= text.length) {
    at = skipBlanks(text, at, text.length);
    const braced = text.charCodeAt(at) === OPEN_BRACE;
    let end = at;
    const stop = braced ? CLOSE_BRACE : COMMA;
    // `${NAME}` inside a list is a reference, not a tuple's end.
    let depth = 0;
    for (end = braced ? at + 1 : at; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (depth === 0 && code === stop) break;
      if (code === OPEN_BRACE) depth++;
      else if (code === CLOSE_BRACE && depth > 0) depth--;
    }
    if (braced && end >= text.length) return undefined;
    const inner = text.slice(braced ? at + 1 : at, end);
    items.push(
      braced
        ? inner.split(",").map((part) => part.trim())
        : [inner.slice(0, trimBlanks(inner, 0, inner.length))],
    );
    at = braced ? skipBlanks(text, end + 1, text.length) : end;
    if (at < text.length && text.charCodeAt(at) !== COMMA) return undefined;
    at++;
    if (at > text.length) break;
  }
  return items;
}

function isName(text: string): boolean {
  if (text === "" || !isNameStart(text.charCodeAt(0))) return false;
  for (let i = 1; i < text.length; i++) {
    if (!isNamePart(text.charCodeAt(i)) || isBlank(text.charCodeAt(i))) {
      return false;
    }
  }
  return true;
}
