import { assert, assertEquals } from "@std/assert";
import { codeEntry, diagnosticCodes, isDiagnosticCode } from "./codes.ts";

Deno.test("every code is HK and four digits, and listed once in ascending order", () => {
  const codes = diagnosticCodes();
  assertEquals(codes.filter((code) => !/^HK[0-9]{4}$/.test(code)), []);
  assertEquals([...new Set(codes)].sort(), [...codes]);
});

Deno.test("every title is a headline and every explanation a paragraph", () => {
  for (const code of diagnosticCodes()) {
    const { title, explanation } = codeEntry(code);
    assert(!title.endsWith(".") && !title.includes("\n"), `${code}: ${title}`);
    assert(explanation.endsWith("."), `${code}: ${explanation}`);
    assert(
      explanation.length > title.length && !explanation.includes("\n"),
      `${code}: ${explanation}`,
    );
  }
});

Deno.test("isDiagnosticCode() knows the list and nothing else", () => {
  assertEquals(isDiagnosticCode("HK0201"), true);
  assertEquals(isDiagnosticCode("hk0201"), false);
  assertEquals(isDiagnosticCode("toString"), false);
});
