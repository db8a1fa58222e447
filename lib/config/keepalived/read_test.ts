/**
 * Fixtures: files of `tests/fixtures/keepalived`, each with its input and what is to come of it.
 *
 * `UPDATE_FIXTURES=1 deno test -A` writes what comes of them; read the difference before it is committed.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { Diagnostic } from "../../diag/diagnostic.ts";
import { LineIndex } from "../../diag/line_index.ts";
import { renderDiagnostics } from "../../diag/render.ts";
import { inTextOrder } from "../../diag/text_order.ts";
import { checkConfig } from "../checks.ts";
import { memorySurroundings } from "./memory_files.ts";
import { readKeepalived } from "./read.ts";

const FIXTURES = fromFileUrl(
  new URL("../../../tests/fixtures/keepalived/", import.meta.url),
);

/** The parts of a fixture: `--- NAME` and what follows. */
function parts(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf("\n");
    found.set(part.slice(0, end), part.slice(end + 1));
  }
  return found;
}

function oneLine(diagnostic: Diagnostic): string {
  const { span, severity, scope, code, message, label, notes, help, related } =
    diagnostic;
  const index = new LineIndex(span.source.text);
  const { line, column } = index.position(span.start);
  const marked = span.source.text.slice(span.start, span.end);
  const host = scope === "host" ? " (host)" : "";
  return [
    `${span.source.name}:${line}:${column}: ${severity}[${code}]${host}: ${message}`,
    `    at \`${marked.split("\n")[0]}\`: ${label ?? ""}`,
    ...(notes ?? []).map((note) => `    note: ${note}`),
    ...(related ?? []).map((one) => {
      const at = new LineIndex(one.span.source.text).position(one.span.start);
      return `    note: ${one.message}: ${one.span.source.name}:${at.line}`;
    }),
    ...(help === undefined ? [] : [`    help: ${help}`]),
  ].join("\n");
}

/** What comes of the files; `isRendered` shows diagnostics as the operator sees them. */
function outcome(
  files: ReadonlyMap<string, string>,
  isRendered: boolean,
): string {
  const contents = Object.fromEntries(
    [...files].map(([name, text]) => [`/${name}`, text]),
  );
  const { config, diagnostics, leftOut } = readKeepalived("keepalived.conf", {
    surroundings: memorySurroundings(contents),
  });
  const checks = config === undefined ? [] : checkConfig(config, leftOut);
  const all = inTextOrder([...diagnostics, ...checks]);
  if (isRendered) return `--- rendered\n${renderDiagnostics(all)}`;
  const model = JSON.stringify(
    config,
    (key, value) => key === "at" ? undefined : value,
    1,
  );
  const lines = all.map((one) => oneLine(one) + "\n");
  return `--- diagnostics\n${lines.join("")}--- model\n${model}\n`;
}

Deno.test("readKeepalived() has no model of a file it cannot read", () => {
  const { config, diagnostics } = readKeepalived("missing.conf", {
    surroundings: memorySurroundings({}),
  });
  assertEquals(config, undefined);
  assertEquals(diagnostics.map(({ code }) => code), ["HK0001"]);
});

for (const { name } of Deno.readDirSync(FIXTURES)) {
  if (!name.endsWith(".txt")) continue;
  Deno.test(`readKeepalived() reads fixture ${name}`, () => {
    const text = Deno.readTextFileSync(FIXTURES + name);
    const files = parts(text);
    files.delete("diagnostics");
    files.delete("model");
    const isRendered = files.delete("rendered");
    const input = [...files].map(([file, body]) => `--- ${file}\n${body}`)
      .join("");
    const actual = input + outcome(files, isRendered);
    if (Deno.env.get("UPDATE_FIXTURES") === "1") {
      Deno.writeTextFileSync(FIXTURES + name, actual);
    } else assertEquals(actual, text);
  });
}
