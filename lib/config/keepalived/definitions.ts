/**
 * Definitions: `$NAME=VALUE`, references to them, and the built-in ones.
 *
 * A value is text and looked at only where it is used, so a reference inside it is replaced at that moment. A
 * replacement that would make the line too long is not made, which also ends definitions that contain themselves.
 *
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import {
  byteLength,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  DOLLAR,
  isBlank,
  isNamePart,
  isNameStart,
  OPEN_BRACE,
  skipBlanks,
} from "./chars.ts";
import type { LineText } from "./line_text.ts";
import { type Note, type Replacement, RewrittenOrigin } from "./text_origin.ts";

/** Bytes a line may have; longer physical lines are cut and longer expansions not made. */
export const LINE_BYTES_MAX = 1022;

/** Notes kept of definitions inside definitions. */
const NOTES_MAX = 7;

/** Replacements made in one line at most: `$A=$A` never grows. */
const REPLACEMENTS_MAX = 512;

export type Definition =
  | { readonly kind: "line"; readonly value: string; readonly at: Span }
  | {
    readonly kind: "lines";
    readonly lines: readonly LineText[];
    readonly at: Span;
  };

/** A built-in definition's value, or what is wrong with its parameters. */
export type BuiltIn =
  | { readonly kind: "value"; readonly value: string; readonly note: string }
  | { readonly kind: "wrong"; readonly problem: string };

/** Looks names up: user definitions first, then the built-in ones. */
export interface DefinitionSource {
  find(name: string): Definition | undefined;
  /** undefined: no built-in definition of that name, or not with these parameters. */
  builtIn(name: string, parameters: readonly string[]): BuiltIn | undefined;
  /** Takes a replacement in a line so long from what the whole configuration may cost; false when nothing is left. */
  spend(characters: number): boolean;
  /** The file and line of a span, for notes. */
  place(span: Span): string;
}

/** What replacing made of a line. */
export type Expansion =
  | { readonly kind: "unchanged" }
  | { readonly kind: "line"; readonly line: LineText }
  /** The line ends in a reference to several lines; `prefix` is what stands before it. */
  | {
    readonly kind: "lines";
    readonly prefix: LineText;
    readonly reference: { readonly start: number; readonly end: number };
    readonly name: string;
    readonly definition: Definition & { readonly kind: "lines" };
  };

/** A reference in a text. */
export interface Reference {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly start: number;
  readonly end: number;
}

/** Something that expanding found to be wrong. */
export interface ExpansionProblem {
  readonly span: Span;
  readonly problem: string;
}

/** Replaces the references in `line`. */
export function expandLine(
  line: LineText,
  source: DefinitionSource,
  onProblem: (problem: ExpansionProblem) => void,
): Expansion {
  const work = new Rewriting(line);
  let at = 0;
  for (let made = 0; made < REPLACEMENTS_MAX; made++) {
    const dollar = work.text.indexOf("$", at);
    if (dollar < 0) break;
    const reference = readReference(work.text, dollar, work.text.length);
    at = dollar + 1;
    if (reference === undefined) continue;
    const definition = source.find(reference.name);
    if (definition?.kind === "lines") {
      if (reference.end !== work.text.length) continue;
      return {
        kind: "lines",
        prefix: work.take(reference.start),
        reference: work.parentRange(reference.start, reference.end),
        name: reference.name,
        definition,
      };
    }
    const value = valueOf(reference, definition, source, (problem) => {
      const { start, end } = work.parentRange(reference.start, reference.end);
      onProblem({ span: line.origin.span(start, end), problem });
    });
    if (value === undefined || !source.spend(work.text.length)) continue;
    if (work.replace(reference, value.text, value.note)) at = dollar;
  }
  if (!work.changed) return { kind: "unchanged" };
  return { kind: "line", line: work.take(work.text.length) };
}

function valueOf(
  reference: Reference,
  definition: (Definition & { kind: "line" }) | undefined,
  source: DefinitionSource,
  onProblem: (problem: string) => void,
): { readonly text: string; readonly note: Note } | undefined {
  const { name, parameters } = reference;
  if (definition !== undefined) {
    if (parameters.length > 0) return undefined;
    const { value } = definition;
    return {
      text: value,
      note: new DefinitionNote(name, definition, source),
    };
  }
  const builtIn = source.builtIn(name, parameters);
  if (builtIn === undefined) return undefined;
  if (builtIn.kind === "wrong") {
    onProblem(builtIn.problem);
    return undefined;
  }
  return { text: builtIn.value, note: { told: () => builtIn.note } };
}

/** Where a value came from; a class, because a closure takes twice the memory. */
class DefinitionNote implements Note {
  readonly #name: string;
  readonly #definition: Definition & { readonly kind: "line" };
  readonly #source: DefinitionSource;

  constructor(
    name: string,
    definition: Definition & { readonly kind: "line" },
    source: DefinitionSource,
  ) {
    this.#name = name;
    this.#definition = definition;
    this.#source = source;
  }

  told(): string {
    const { value, at } = this.#definition;
    return `\`$${this.#name}\` is \`${value}\`, from ${this.#source.place(at)}`;
  }
}

/** Reads the reference that begins at the `$` at `dollar`; undefined when there is none. */
export function readReference(
  text: string,
  dollar: number,
  end: number,
): Reference | undefined {
  const braced = text.charCodeAt(dollar + 1) === OPEN_BRACE;
  const from = dollar + (braced ? 2 : 1);
  if (from >= end || !isNameStart(text.charCodeAt(from))) return undefined;
  let at = from + 1;
  while (at < end && isNamePart(text.charCodeAt(at))) at++;
  const name = text.slice(from, at);
  if (!braced) {
    const next = at < end ? text.charCodeAt(at) : COMMA;
    const stops = isBlank(next) || next === COMMA || next === CLOSE_PAREN;
    return stops ? { name, parameters: [], start: dollar, end: at } : undefined;
  }
  const parameters: string[] = [];
  for (;;) {
    const next = skipBlanks(text, at, end);
    if (next >= end) return undefined;
    if (text.charCodeAt(next) === CLOSE_BRACE) {
      return { name, parameters, start: dollar, end: next + 1 };
    }
    if (next === at || !isNamePart(text.charCodeAt(next))) return undefined;
    at = next;
    while (at < end && isNamePart(text.charCodeAt(at))) at++;
    parameters.push(text.slice(next, at));
  }
}

/** A line while its references are replaced, left to right. Offsets count from the line's start. */
class Rewriting {
  text: string;
  changed = false;
  readonly #line: LineText;
  readonly #replacements: Replacement[] = [];

  constructor(line: LineText) {
    this.#line = line;
    this.text = line.origin.text.slice(line.start, line.end);
  }

  /** False when the line would become too long. */
  replace(reference: Reference, value: string, note: Note): boolean {
    const { start, end } = reference;
    const text = this.text.slice(0, start) + value + this.text.slice(end);
    if (
      text.length > LINE_BYTES_MAX / 4 &&
      byteLength(text, 0, text.length) > LINE_BYTES_MAX
    ) return false;
    const before = this.#replacements.at(-1);
    const inside = before !== undefined && start < before.end;
    const range = this.parentRange(start, end);
    if (inside) {
      this.#replacements.pop();
      this.#replacements.push({
        ...before,
        end: Math.max(before.end, end) - (end - start) + value.length,
        parentEnd: Math.max(before.parentEnd, range.end),
        notes: [...before.notes.slice(0, NOTES_MAX), note],
      });
    } else {
      this.#replacements.push({
        start,
        end: start + value.length,
        parentStart: range.start,
        parentEnd: range.end,
        notes: [note],
      });
    }
    this.text = text;
    this.changed = true;
    return true;
  }

  /** Where `[start, end)` stands in the parent's text, counted from that text's beginning. */
  parentRange(start: number, end: number): { start: number; end: number } {
    const inner = new RewrittenOrigin(
      this.text,
      this.#line.start,
      this.#line.origin,
      this.#replacements,
    );
    return inner.parentRange(start, end);
  }

  /** The text up to `end` as a line. */
  take(end: number): LineText {
    if (!this.changed) {
      const { origin, start } = this.#line;
      return { origin, start, end: start + end };
    }
    const origin = new RewrittenOrigin(
      this.text.slice(0, end),
      this.#line.start,
      this.#line.origin,
      this.#replacements.filter((replacement) => replacement.start < end),
    );
    return { origin, start: 0, end };
  }
}

/** `$NAME=`: a definition at the start of a line. */
export interface DefinitionHead {
  readonly name: string;
  readonly nameEnd: number;
  /** Where the value starts, blanks skipped. */
  readonly valueStart: number;
}

/** Reads `$NAME=` at `start`; undefined when the line is no definition. */
export function readDefinitionHead(
  text: string,
  start: number,
  end: number,
): DefinitionHead | undefined {
  if (text.charCodeAt(start) !== DOLLAR) return undefined;
  let at = start + 1;
  if (at >= end || !isNameStart(text.charCodeAt(at))) return undefined;
  while (at < end && isNamePart(text.charCodeAt(at))) at++;
  if (at >= end || text.charCodeAt(at) !== 61) return undefined;
  return {
    name: text.slice(start + 1, at),
    nameEnd: at,
    valueStart: skipBlanks(text, at + 1, end),
  };
}
