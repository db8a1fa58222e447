/**
 * `hakeep check`: says whether a configuration would run, and what is wrong with it.
 * @module
 */
import type { Diagnostic } from "../diag/diagnostic.ts";
import { diagnosticDocuments } from "../diag/json.ts";
import { renderDiagnostics } from "../diag/render.ts";
import { loadConfig } from "./load_config.ts";
import type { VerbSpec } from "./option_table.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<"json" | "strict" | "noHost" | "color" | "format"> = {
  verb: "check",
  summary:
    "Says whether a configuration would run (exit 0) or is refused (exit 1), and what is wrong with it.",
  operands: ["FILE"],
  options: {
    json: {
      long: "json",
      help: "print the diagnostics as a JSON array on standard output",
    },
    strict: { long: "strict", help: "refuse on warnings too" },
    noHost: { long: "no-host", help: "leave out what depends on this machine" },
    color: {
      long: "color",
      value: "WHEN",
      choices: ["auto", "always", "never"],
      help: "colour",
      fallback: "auto",
    },
    format: {
      long: "format",
      value: "FORMAT",
      choices: ["toml", "keepalived"],
      help: "the language of FILE",
    },
  },
};

export async function check(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options } = read;
  const path = read.operands[0] ?? "";
  const format = options.value("format");
  const loaded = await loadConfig(
    path,
    format === "toml" || format === "keepalived" ? format : undefined,
    undefined,
    options.has("noHost") ? new Map() : undefined,
  );
  const diagnostics = options.has("noHost")
    ? loaded.diagnostics.filter(({ scope }) => scope === "file")
    : loaded.diagnostics;
  const counts = countSeverities(diagnostics);
  const isRefused = counts.error > 0 ||
    (options.has("strict") && counts.warning > 0);
  if (options.has("json")) {
    printOut(`${JSON.stringify(diagnosticDocuments(diagnostics), null, 2)}\n`);
  } else {
    printError(
      renderDiagnostics(diagnostics, {
        color: isColored(options.value("color")),
      }),
    );
    printError(
      `${path}: ${isRefused ? "refused" : "would run"}${countsText(counts)}\n`,
    );
  }
  return isRefused ? EXIT.failed : EXIT.ok;
}

/** `auto` is a terminal whose user did not ask for plain text (NO_COLOR). */
export function isColored(when: string | undefined): boolean {
  if (when === "always") return true;
  if (when === "never") return false;
  return Deno.stderr.isTerminal() && (Deno.env.get("NO_COLOR") ?? "") === "";
}

interface SeverityCounts {
  error: number;
  warning: number;
  advice: number;
}

function countSeverities(diagnostics: readonly Diagnostic[]): SeverityCounts {
  const counts: SeverityCounts = { error: 0, warning: 0, advice: 0 };
  for (const { severity } of diagnostics) counts[severity]++;
  return counts;
}

function countsText({ error, warning, advice }: SeverityCounts): string {
  const parts = [
    plural(error, "error"),
    plural(warning, "warning"),
    advice === 0 ? "" : `${advice} advice`,
  ];
  const said = parts.filter((part) => part !== "");
  return said.length === 0 ? "" : ` (${said.join(", ")})`;
}

function plural(count: number, noun: string): string {
  if (count === 0) return "";
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
