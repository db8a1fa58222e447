/**
 * Diagnostics as data for other programs: what `hakeep check --json` prints. API.
 * @module
 */
import { type Diagnostic, isWholeFile, type Severity } from "./diagnostic.ts";
import { LineIndexes } from "./line_index.ts";

/** One element of the array. */
export interface DiagnosticDocument {
  readonly code: string;
  readonly severity: Severity;
  readonly scope: string;
  readonly file: string;
  /** From 1; null when it is about the file as a whole. */
  readonly line: number | null;
  /** From 1, in characters; null like `line`. */
  readonly column: number | null;
  readonly message: string;
  readonly help: string | null;
}

export function diagnosticDocuments(
  diagnostics: readonly Diagnostic[],
): readonly DiagnosticDocument[] {
  const indexes = new LineIndexes();
  return diagnostics.map(({ code, severity, scope, message, span, help }) => {
    const place = isWholeFile(span)
      ? undefined
      : indexes.of(span.source.text).position(span.start);
    return {
      code,
      severity,
      scope,
      file: span.source.name,
      line: place?.line ?? null,
      column: place?.column ?? null,
      message,
      help: help ?? null,
    };
  });
}
