/**
 * `hakeep schema`: the JSON Schema of the TOML configuration, for editors.
 * @module
 */
import { schemaDocument } from "../config/toml/json_schema.ts";
import type { VerbSpec } from "./option_table.ts";
import { EXIT, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<never> = {
  verb: "schema",
  summary:
    "Prints the JSON Schema of the TOML configuration, with which editors complete and check.",
  operands: [],
  options: {},
};

/** The verb. */
export function schema(args: readonly string[]): number {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  printOut(schemaDocument());
  return EXIT.ok;
}
