/**
 * Where front ends and checks put what they find: they report and go on, so that one run shows every mistake.
 * @module
 */
import type { DiagnosticCode } from "./codes.ts";
import type {
  Diagnostic,
  RelatedPlace,
  Scope,
  Severity,
  Span,
} from "./diagnostic.ts";

/** What may be added to a diagnostic; see {@linkcode Diagnostic} for what each means. */
export interface DiagnosticDetails {
  /** `file` unless given. */
  readonly scope?: Scope | undefined;
  readonly label?: string | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly help?: string | undefined;
  readonly follows?: Span | undefined;
}

/** Collects diagnostics in the order they are found. */
export class DiagnosticSink {
  readonly #found: Diagnostic[] = [];

  /** What was reported so far. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#found;
  }

  /** Whether anything refuses the configuration. */
  get hasErrors(): boolean {
    return this.#found.some((found) => found.severity === "error");
  }

  error(
    code: DiagnosticCode,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ): void {
    this.report("error", code, span, message, details);
  }

  warning(
    code: DiagnosticCode,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ): void {
    this.report("warning", code, span, message, details);
  }

  advice(
    code: DiagnosticCode,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ): void {
    this.report("advice", code, span, message, details);
  }

  report(
    severity: Severity,
    code: DiagnosticCode,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ): void {
    this.add(diagnostic(severity, code, span, message, details));
  }

  add(...diagnostics: readonly Diagnostic[]): void {
    for (const one of diagnostics) this.#found.push(one);
  }
}

/** Makes one diagnostic; what is undefined in `details` is left out. */
export function diagnostic(
  severity: Severity,
  code: DiagnosticCode,
  span: Span,
  message: string,
  details: DiagnosticDetails = {},
): Diagnostic {
  const { scope = "file", label, notes, related, help, follows } = details;
  return {
    code,
    severity,
    scope,
    message,
    span,
    ...(label === undefined ? {} : { label }),
    ...(notes === undefined || notes.length === 0 ? {} : { notes }),
    ...(related === undefined || related.length === 0 ? {} : { related }),
    ...(help === undefined ? {} : { help }),
    ...(follows === undefined ? {} : { follows }),
  };
}
