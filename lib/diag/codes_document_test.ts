import { assertEquals } from "@std/assert";
import { diagnosticCodes } from "./codes.ts";
import { diagnosticsDocument } from "./codes_document.ts";

Deno.test("docs/diagnostics.md is what scripts/write_diagnostics.ts writes", () => {
  const path = new URL("../../docs/diagnostics.md", import.meta.url);
  assertEquals(Deno.readTextFileSync(path), diagnosticsDocument());
});

Deno.test("diagnosticsDocument() has a headline for every code", () => {
  const text = diagnosticsDocument();
  assertEquals(
    diagnosticCodes().filter((code) => !text.includes(`\n### ${code}: `)),
    [],
  );
});
