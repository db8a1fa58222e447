import { assertEquals } from "@std/assert";
import { wholeFile } from "./diagnostic.ts";
import { diagnostic, DiagnosticSink } from "./diagnostic_sink.ts";

const AT = wholeFile("a.toml");

Deno.test("a sink keeps what it is told in order and knows whether anything refuses", () => {
  const sink = new DiagnosticSink();
  sink.warning("HK0204", AT, "long");
  sink.advice("HK0212", AT, "odd");
  assertEquals(sink.hasErrors, false);
  sink.error("HK0201", AT, "missing");
  assertEquals(sink.hasErrors, true);
  assertEquals(
    sink.diagnostics.map(({ severity, code }) => `${severity} ${code}`),
    ["warning HK0204", "advice HK0212", "error HK0201"],
  );
});

Deno.test("diagnostic() leaves out what is not given and is about the file unless told otherwise", () => {
  assertEquals(
    diagnostic("error", "HK0201", AT, "missing", {
      label: undefined,
      notes: [],
      related: [],
      help: undefined,
    }),
    {
      code: "HK0201",
      severity: "error",
      scope: "file",
      message: "missing",
      span: AT,
    },
  );
});
