import { assert, assertEquals } from "@std/assert";
import { keywordsDocument } from "./keywords_document.ts";

Deno.test("docs/keywords.md is what scripts/write_keywords.ts writes", () => {
  const path = new URL("../../docs/keywords.md", import.meta.url);
  assertEquals(Deno.readTextFileSync(path), keywordsDocument());
});

Deno.test("every active keyword of docs/keywords.md has a TOML key, and every noted one a reason", () => {
  const rows = keywordsDocument().split("\n").filter((line) =>
    line.startsWith("| `")
  );
  assert(rows.length > 400);
  for (const line of rows) {
    const [, , status = "", key = ""] = line.split(" | ").map((one) =>
      one.trim()
    );
    assert(!status.startsWith("active") || key !== "", line);
    if (status.startsWith("noted")) assert(status.length > 10, line);
  }
});
