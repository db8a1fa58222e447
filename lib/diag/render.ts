/**
 * Prints diagnostics in rustc's form; it reads the same without colour.
 * @module
 */
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

/** All of `diagnostics`, each followed by an empty line. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = { color: false },
): string {
  const indexes = new LineIndexes();
  return diagnostics.map((diagnostic) =>
    `${renderOne(diagnostic, indexes, options)}\n`
  ).join("");
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
  const lines = [`${head}${paint(BOLD, `: ${message}`)}`];
  lines.push(
    ...picture(
      span,
      label,
      indexes,
      (text) => paint(BLUE, text),
      (text) => paint(COLORS[severity], text),
    ),
  );
  for (const note of notes ?? []) lines.push(`note: ${note}`);
  for (const one of related ?? []) {
    lines.push(`note: ${one.message}`);
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
      `note: included from ${from.source.name}:${
        indexes.of(from.source.text).position(from.start).line
      }`,
    );
  }
  if (help !== undefined) lines.push(`${paint(BOLD, "help")}: ${help}`);
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
  if (isWholeFile(span)) {
    return [
      `  ${gutter("-->")} ${source.name}${
        label === undefined ? "" : `: ${label}`
      }`,
    ];
  }
  const index = indexes.of(source.text);
  const { line, column } = index.position(span.start);
  const text = index.lineText(line);
  const start = Math.min(span.start - index.lineStart(line), text.length);
  const end = Math.min(
    Math.max(span.end - index.lineStart(line), start),
    text.length,
  );
  const number = String(line);
  const margin = " ".repeat(number.length);
  const indent = " ".repeat(width(text.slice(0, start)));
  const carets = "^".repeat(Math.max(1, width(text.slice(start, end))));
  const words = label === undefined ? "" : ` ${label}`;
  return [
    `${margin}${gutter("-->")} ${source.name}:${line}:${column}`,
    `${margin} ${gutter("|")}`,
    `${gutter(`${number} |`)} ${expandTabs(text)}`,
    `${margin} ${gutter("|")} ${indent}${mark(`${carets}${words}`)}`,
  ];
}

/** Tabs as spaces, so that carets stand under what they mean. */
function expandTabs(text: string): string {
  return text.replaceAll("\t", " ".repeat(TAB_WIDTH));
}

function width(text: string): number {
  return [...expandTabs(text)].length;
}
