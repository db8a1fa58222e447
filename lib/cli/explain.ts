/**
 * `hakeep explain CODE`: what a diagnostic's code stands for.
 * @module
 */
import {
  codeEntry,
  type DiagnosticCode,
  diagnosticCodes,
  isDiagnosticCode,
} from "../diag/codes.ts";
import { shownExample } from "../diag/examples/example.ts";
import { exampleOf } from "../diag/examples/examples.ts";
import { closestOf } from "../diag/suggest.ts";
import type { VerbSpec } from "./option_table.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<never> = {
  verb: "explain",
  summary: "Explains a diagnostic by its code, such as HK0201.",
  operands: ["CODE"],
  options: {},
};

const WIDTH = 80;
const EXAMPLE_HEAD =
  "Example (lines with - trigger it, lines with + are what to write instead):";

export function explain(args: readonly string[]): number {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const code = (read.operands[0] ?? "").toUpperCase();
  if (!isDiagnosticCode(code)) {
    const near = closestOf(code, diagnosticCodes());
    printError(
      `hakeep explain: there is no code ${code}${
        near === undefined ? "" : `; did you mean ${near}?`
      }\n`,
    );
    return EXIT.usage;
  }
  printOut(explanationPage(code));
  return EXIT.ok;
}

/** What is printed for a code: what it means, and an example with what silences it. */
export function explanationPage(code: DiagnosticCode): string {
  const { title, explanation } = codeEntry(code);
  const example = shownExample(exampleOf(code)).replace(/^(?=.)/gm, "    ");
  return `${code}: ${title}\n\n${
    wrap(explanation)
  }\n\n${EXAMPLE_HEAD}\n\n${example}\n`;
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}
