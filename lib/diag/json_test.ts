import { assertEquals } from "@std/assert";
import { wholeFile } from "./diagnostic.ts";
import { diagnostic } from "./diagnostic_sink.ts";
import { diagnosticDocuments } from "./json.ts";

Deno.test("diagnosticDocuments() has exactly the documented keys, null for what is not there", () => {
  const source = { name: "a.toml", text: "a = 1\nb", includedFrom: undefined };
  assertEquals(
    diagnosticDocuments([
      diagnostic("error", "HK0101", { source, start: 6, end: 7 }, "unknown", {
        label: "here",
        help: "did you mean `a`?",
      }),
      diagnostic("advice", "HK0301", wholeFile("b.toml"), "no such", {
        scope: "host",
      }),
    ]),
    [
      {
        code: "HK0101",
        severity: "error",
        scope: "file",
        file: "a.toml",
        line: 2,
        column: 1,
        message: "unknown",
        help: "did you mean `a`?",
      },
      {
        code: "HK0301",
        severity: "advice",
        scope: "host",
        file: "b.toml",
        line: null,
        column: null,
        message: "no such",
        help: null,
      },
    ],
  );
});
