/**
 * Writes docs/keywords.md from the tables of keepalived's keywords.
 * @module
 */
import { keywordsDocument } from "../lib/config/keywords_document.ts";

Deno.writeTextFileSync(
  new URL("../docs/keywords.md", import.meta.url),
  keywordsDocument(),
);
