/**
 * Writes docs/diagnostics.md from the list of diagnostic codes.
 * @module
 */
import { diagnosticsDocument } from "../lib/diag/codes_document.ts";

Deno.writeTextFileSync(
  new URL("../docs/diagnostics.md", import.meta.url),
  diagnosticsDocument(),
);
