/**
 * Writes docs/configuration.md from the tables of TOML settings.
 * @module
 */
import { configurationDocument } from "../lib/config/toml/reference_document.ts";

Deno.writeTextFileSync(
  new URL("../docs/configuration.md", import.meta.url),
  configurationDocument(),
);
