/**
 * Diagnostics: what is wrong with a configuration, where, and what to do about it.
 *
 * Offsets everywhere; line and column only when printing. A diagnostic is data; `render.ts` prints it.
 * @module
 */
import type { DiagnosticCode } from "./codes.ts";

/** One text that positions point into: a file, or a command-line argument. */
export interface SourceText {
  /** As shown to the operator: the path as it was given, or as the include line wrote it. */
  readonly name: string;
  readonly text: string;
  /** Where the file was pulled in from; undefined for the main file. */
  readonly includedFrom: Span | undefined;
}

/** A half-open range of UTF-16 offsets in a source. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** `error` refuses; `warning` is a mistake keepalived too complains about or a line without effect; `advice` is our lint. */
export type Severity = "error" | "warning" | "advice";

/** `host` depends on this machine (a missing script, user, interface, name). */
export type Scope = "file" | "host";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly scope: Scope;
  /** The headline: what is wrong, without advice, lower case, no full stop. */
  readonly message: string;
  readonly span: Span;
  /** What is wrong at the span itself, printed behind the carets. */
  readonly label?: string;
  /** Facts: each printed as `note:`. */
  readonly notes?: readonly string[];
  /** Other places that belong to it, such as the first of two definitions. */
  readonly related?: readonly RelatedPlace[];
  /** What to do: the only place for advice. */
  readonly help?: string;
  /** The mistake that this one follows from: without it this one would not be there. */
  readonly follows?: Span;
}

/** A second place that a diagnostic is about, printed as a `note:` with its own source line. */
export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** The span of a whole file of which nothing is known but its name. */
export function wholeFile(name: string): Span {
  const source: SourceText = { name, text: "", includedFrom: undefined };
  return { source, start: 0, end: 0 };
}

/** Whether a span stands for a file as a whole and so has no line. */
export function isWholeFile(span: Span): boolean {
  return span.source.text === "";
}
