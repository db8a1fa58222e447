import { assertEquals } from "@std/assert";
import type { SourceText, Span } from "./diagnostic.ts";
import { wholeFile } from "./diagnostic.ts";
import { diagnostic } from "./diagnostic_sink.ts";
import { renderDiagnostics } from "./render.ts";

function source(text: string, includedFrom?: Span): SourceText {
  return { name: "hakeep.toml", text, includedFrom };
}

/** The span of `part` in `of`. */
function spanOf(of: SourceText, part: string): Span {
  const start = of.text.indexOf(part);
  return { source: of, start, end: start + part.length };
}

Deno.test("renderDiagnostics() shows headline, place, line, carets and label, then notes and help", () => {
  const of = source(`${"\n".repeat(11)}interface = "eth9"\n`);
  const found = diagnostic(
    "error",
    "HK0301",
    spanOf(of, '"eth9"'),
    "unknown interface `eth9`",
    {
      label: "no such link in this namespace",
      notes: ["it has eth0"],
      help: "did you mean `eth0`?",
    },
  );
  assertEquals(
    renderDiagnostics([found]),
    `error[HK0301]: unknown interface \`eth9\`
  --> hakeep.toml:12:13
   |
12 | interface = "eth9"
   |             ^^^^^^ no such link in this namespace
note: it has eth0
help: did you mean \`eth0\`?

`,
  );
});

Deno.test("renderDiagnostics() shows another place with its own line", () => {
  const of = source("a = 1\nb = 1\n");
  const found = diagnostic("warning", "HK0215", spanOf(of, "b"), "twice", {
    related: [{ span: spanOf(of, "a"), message: "first here" }],
  });
  assertEquals(
    renderDiagnostics([found]),
    `warning[HK0215]: twice
 --> hakeep.toml:2:1
  |
2 | b = 1
  | ^
note: first here
 --> hakeep.toml:1:1
  |
1 | a = 1
  | ^

`,
  );
});

Deno.test("renderDiagnostics() names the include lines that led to a file", () => {
  const main = { ...source("\n\ninclude vips.conf"), name: "main.conf" };
  const of = source("x", spanOf(main, "include vips.conf"));
  const text = renderDiagnostics([
    diagnostic("error", "HK0101", spanOf(of, "x"), "unknown keyword `x`"),
  ]);
  assertEquals(text.split("\n")[5], "note: included from main.conf:3");
});

Deno.test("renderDiagnostics() has no line for a file that was not read", () => {
  const found = diagnostic("error", "HK0001", wholeFile("a.toml"), "no file", {
    label: "it does not exist",
  });
  assertEquals(
    renderDiagnostics([found]),
    "error[HK0001]: no file\n  --> a.toml: it does not exist\n\n",
  );
});

/** The source line and the carets as printed. */
function excerpt(text: string, part: string): string[] {
  const of = source(text);
  return renderDiagnostics([
    diagnostic("error", "HK0101", spanOf(of, part), "wrong"),
  ]).split("\n").slice(3, 5);
}

Deno.test("carets stand under what they mean behind tabs", () => {
  assertEquals(excerpt("\t\tpriority\t300", "300"), [
    "1 |         priority    300",
    "  |                     ^^^",
  ]);
});

Deno.test("carets stand under what they mean behind wide and combining characters", () => {
  assertEquals(excerpt("路由 e\u0301 = 1", "="), [
    "1 | 路由 e\u0301 = 1",
    "  |        ^",
  ]);
});

Deno.test("a span over several lines is shown to the end of its first line", () => {
  assertEquals(excerpt("a = [\n1,\n]", "[\n1,\n]"), ["1 | a = [", "  |     ^"]);
});

Deno.test("a span at the very end of a text has one caret behind it", () => {
  assertEquals(excerpt("a =", ""), ["1 | a =", "  | ^"]);
  const of = source("a =");
  const text = renderDiagnostics([
    diagnostic("error", "HK0002", { source: of, start: 3, end: 3 }, "wrong"),
  ]);
  assertEquals(text.split("\n")[4], "  |    ^");
});

Deno.test("a carriage return before the line end is not shown", () => {
  assertEquals(excerpt("a = 1\r\nb", "1"), ["1 | a = 1", "  |     ^"]);
});

Deno.test("a long line is cut around the span", () => {
  const [line = "", carets = ""] = excerpt(
    `${"a".repeat(1000)}=${"b".repeat(1000)}`,
    "=",
  );
  assertEquals(line, `1 | …${"a".repeat(50)}=${"b".repeat(50)}…`);
  assertEquals(carets.indexOf("^"), line.indexOf("="));
});

Deno.test("control characters of a file do not reach the terminal", () => {
  const of = source("\x1b[31mred\x07\u202e");
  const text = renderDiagnostics([
    diagnostic("error", "HK0101", spanOf(of, "red"), "unknown `\x1b[2J`", {
      label: "\x1b",
      notes: ["\x9b"],
      help: "\x7f",
    }),
  ]);
  // deno-lint-ignore no-control-regex -- that is the assertion
  assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), false);
  assertEquals(text.split("\n")[3], "1 | ␛[31mred␇\ufffd");
});

Deno.test("colour adds escape sequences and changes nothing else", () => {
  const of = source("a = 1\nb = 2\n");
  const found = diagnostic("advice", "HK0212", spanOf(of, "b = 2"), "odd", {
    label: "here",
    notes: ["a fact"],
    related: [{ span: spanOf(of, "a"), message: "there" }],
    help: "do",
  });
  const colored = renderDiagnostics([found], { color: true });
  assertEquals(colored.includes("\x1b["), true);
  assertEquals(
    // deno-lint-ignore no-control-regex -- takes the colours out again
    colored.replaceAll(/\x1b\[[0-9;]*m/g, ""),
    renderDiagnostics([found]),
  );
});
