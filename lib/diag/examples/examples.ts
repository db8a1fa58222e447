/**
 * An example of each diagnostic code: a mistake that triggers it, and what silences it.
 * @module
 */
import type { DiagnosticCode } from "../codes.ts";
import { COMMON_EXAMPLES } from "./common_examples.ts";
import type { Example } from "./example.ts";
import { KEEPALIVED_EXAMPLES } from "./keepalived_examples.ts";
import { LVS_EXAMPLES } from "./lvs_examples.ts";

const EXAMPLES: Readonly<Record<DiagnosticCode, Example>> = {
  ...COMMON_EXAMPLES,
  ...KEEPALIVED_EXAMPLES,
  ...LVS_EXAMPLES,
};

/** The example of `code`. */
export function exampleOf(code: DiagnosticCode): Example {
  return EXAMPLES[code];
}
