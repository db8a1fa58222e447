/**
 * What reading the files gives: the configuration as one sequence of logical lines.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";
import type { LogicalLine } from "./logical_line.ts";

/** A comment in a file, from its `!` or `#` to the end of the line. */
export interface SourceComment {
  readonly span: Span;
  /** Nothing but the comment stands on its line. */
  readonly ownLine: boolean;
}

/** An include line and the files it brought. */
export interface IncludedFiles {
  /** The include line. */
  readonly at: Span;
  readonly files: readonly SourceText[];
}

/** The whole configuration after everything but keywords was dealt with. */
export interface LogicalText {
  readonly main: SourceText;
  /** The main file could be read. */
  readonly isReadable: boolean;
  readonly lines: readonly LogicalLine[];
  /** Names that are defined somewhere. */
  readonly definitions: ReadonlySet<string>;
  /** In the order read; empty unless asked for. */
  readonly comments: readonly SourceComment[];
  readonly includes: readonly IncludedFiles[];
  /** Lines that a condition keeps for other configuration ids; empty unless comments are asked for. */
  readonly forOthers: readonly Span[];
}
