/**
 * Prints diagnostics in rustc's form; it reads the same without colour.
 *
 * A source's control characters are shown as pictures, so that a file cannot steer a terminal; tabs become blanks
 * and wide characters take two columns, so that carets stand under what they mean; a long line is cut around it.
 * @module
 */
import { type Consequences, foldConsequences } from "./consequences.ts";
import {
  type Diagnostic,
  isWholeFile,
  type Severity,
  type Span,
} from "./diagnostic.ts";
import { LineIndexes } from "./line_index.ts";

export interface RenderOptions {
  readonly color: boolean;
}

const COLORS: Readonly<Record<Severity, string>> = {
  error: "\x1b[1;31m",
  warning: "\x1b[1;33m",
  advice: "\x1b[1;36m",
};
const BOLD = "\x1b[1m";
const BLUE = "\x1b[1;34m";
const RESET = "\x1b[0m";
const TAB_WIDTH = 4;
/** Columns of a source line that are shown whole, and how much is kept of each side of a longer one. */
const LINE_WIDTH_MAX = 160;
const CONTEXT_LENGTH = 50;

/** All of `diagnostics`, each followed by an empty line; what follows from one mistake is told as one. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = { color: false },
): string {
  const indexes = new LineIndexes();
  return foldConsequences(diagnostics, indexes).map((one) =>
    `${
      "place" in one
        ? renderConsequences(one, options)
        : renderOne(one, indexes, options)
    }\n`
  ).join("");
}

function renderConsequences(
  { severity, message, place }: Consequences,
  { color }: RenderOptions,
): string {
  const paint = (code: string, text: string) =>
    color ? `${code}${text}${RESET}` : text;
  return `${paint(COLORS[severity], severity)}${
    paint(BOLD, `: ${visible(message)}`)
  }\n ${paint(BLUE, "-->")} ${visible(place)}\n`;
}

function renderOne(
  diagnostic: Diagnostic,
  indexes: LineIndexes,
  { color }: RenderOptions,
): string {
  const paint = (code: string, text: string) =>
    color ? `${code}${text}${RESET}` : text;
  const { severity, code, message, span, label, notes, related, help } =
    diagnostic;
  const head = paint(COLORS[severity], `${severity}[${code}]`);
  const lines = [`${head}${paint(BOLD, `: ${visible(message)}`)}`];
  lines.push(
    ...picture(
      span,
      label,
      indexes,
      (text) => paint(BLUE, text),
      (text) => paint(COLORS[severity], text),
    ),
  );
  for (const note of notes ?? []) lines.push(`note: ${visible(note)}`);
  for (const one of related ?? []) {
    lines.push(`note: ${visible(one.message)}`);
    lines.push(
      ...picture(
        one.span,
        undefined,
        indexes,
        (text) => paint(BLUE, text),
        (text) => paint(BLUE, text),
      ),
    );
  }
  for (
    let from = span.source.includedFrom;
    from !== undefined;
    from = from.source.includedFrom
  ) {
    lines.push(
      `note: included from ${visible(from.source.name)}:${
        indexes.of(from.source.text).position(from.start).line
      }`,
    );
  }
  if (help !== undefined) {
    lines.push(`${paint(BOLD, "help")}: ${visible(help)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Where the span is, its line, and carets under it. */
function picture(
  span: Span,
  label: string | undefined,
  indexes: LineIndexes,
  gutter: (text: string) => string,
  mark: (text: string) => string,
): string[] {
  const { source } = span;
  const name = visible(source.name);
  const words = label === undefined ? "" : visible(label);
  if (isWholeFile(span)) {
    return [`  ${gutter("-->")} ${name}${words === "" ? "" : `: ${words}`}`];
  }
  const index = indexes.of(source.text);
  const { line, column } = index.position(span.start);
  const lineStart = index.lineStart(line);
  const excerpt = cutExcerpt(
    index.lineText(line),
    span.start - lineStart,
    span.end - lineStart,
  );
  const number = String(line);
  const margin = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, shownWidth(excerpt.marked)));
  const said = words === "" ? "" : ` ${words}`;
  const text = visible(excerpt.before + excerpt.marked + excerpt.after);
  return [
    `${margin}${gutter("-->")} ${name}:${line}:${column}`,
    `${margin} ${gutter("|")}`,
    `${gutter(`${number} |`)} ${text}`.trimEnd(),
    `${margin} ${gutter("|")} ${" ".repeat(shownWidth(excerpt.before))}${
      mark(`${carets}${said}`)
    }`,
  ];
}

interface Excerpt {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** What is shown of `line` around `[start, end)`; a range that goes on ends with the line. */
function cutExcerpt(line: string, start: number, end: number): Excerpt {
  const from = Math.min(start, line.length);
  const to = Math.min(Math.max(end, from), line.length);
  const before = line.slice(0, from);
  const marked = line.slice(from, to);
  const after = line.slice(to);
  if (shownWidth(line) <= LINE_WIDTH_MAX) return { before, marked, after };
  return {
    before: before.length > CONTEXT_LENGTH
      ? `…${before.slice(-CONTEXT_LENGTH)}`
      : before,
    marked: marked.length > CONTEXT_LENGTH * 2
      ? `${marked.slice(0, CONTEXT_LENGTH * 2)}…`
      : marked,
    after: after.length > CONTEXT_LENGTH
      ? `${after.slice(0, CONTEXT_LENGTH)}…`
      : after,
  };
}

/** Control characters, and those that turn the direction of writing. */
// deno-lint-ignore no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Tabs as blanks, control characters as pictures of themselves. */
function visible(text: string): string {
  return text.replaceAll("\t", " ".repeat(TAB_WIDTH)).replace(
    CONTROL,
    (character) => {
      const code = character.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return code === 0x7f ? "\u2421" : "\ufffd";
    },
  );
}

const ASCII = /^[\x20-\x7e]*$/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const DOUBLE_WIDTH =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])$/u;

/** How many columns a terminal gives to `text`, made visible. */
function shownWidth(text: string): number {
  const shown = visible(text);
  if (ASCII.test(shown)) return shown.length;
  let width = 0;
  for (const character of shown) {
    if (ZERO_WIDTH.test(character)) continue;
    width += DOUBLE_WIDTH.test(character) ? 2 : 1;
  }
  return width;
}
