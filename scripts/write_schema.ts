/**
 * Writes docs/hakeep.schema.json from the tables of TOML settings.
 * @module
 */
import { schemaDocument } from "../lib/config/toml/json_schema.ts";

Deno.writeTextFileSync(
  new URL("../docs/hakeep.schema.json", import.meta.url),
  schemaDocument(),
);
