/**
 * Where the reader of keepalived's language puts what it finds to be wrong.
 *
 * A hostile file can be wrong millions of times, so there is a bound; the last diagnostic says that it was reached.
 * @module
 */
import type { Diagnostic } from "../../diag/diagnostic.ts";
import { diagnostic, DiagnosticSink } from "../../diag/diagnostic_sink.ts";

/** Diagnostics that one configuration can have. */
const DIAGNOSTICS_MAX = 10_000;

/** A sink that is full some day; errors still go in, because they decide. */
export class Report extends DiagnosticSink {
  #count = 0;

  override add(...diagnostics: readonly Diagnostic[]): void {
    for (const one of diagnostics) {
      this.#count++;
      if (this.#count <= DIAGNOSTICS_MAX) super.add(one);
      else if (this.#count === DIAGNOSTICS_MAX + 1) super.add(tooMany(one));
      else if (one.severity === "error" && !this.hasErrors) super.add(one);
    }
  }
}

function tooMany({ span, severity }: Diagnostic): Diagnostic {
  return diagnostic(
    severity,
    "HK0421",
    span,
    `there are more than ${DIAGNOSTICS_MAX} problems`,
    { label: "from here on they are not shown" },
  );
}
