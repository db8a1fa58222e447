/**
 * `hakeep help`, and what is printed for a verb that does not exist.
 * @module
 */
import { closestOf } from "../diag/suggest.ts";
import { EXIT, printError, printOut } from "./verb.ts";

const SUMMARIES: readonly (readonly [verb: string, summary: string])[] = [
  ["run --config FILE", "run the daemon in the foreground"],
  [
    "check FILE",
    "say whether a configuration would run, and what is wrong with it",
  ],
  ["import FILE", "translate keepalived.conf to TOML"],
  ["status", "show the state of the running daemon"],
  ["reload", "ask the running daemon to read its configuration again"],
  ["explain CODE", "explain a diagnostic"],
  ["schema", "print the JSON Schema of the TOML configuration, for editors"],
  ["version", "print version, commit, Deno version and target"],
  ["help", "print this help"],
];

function usageText(): string {
  const width = Math.max(...SUMMARIES.map(([verb]) => verb.length));
  const lines = SUMMARIES.map(([verb, summary]) =>
    `  ${verb.padEnd(width)}  ${summary}`
  );
  return `usage: hakeep VERB [options]\n\n${lines.join("\n")}\n\n` +
    "`hakeep VERB --help` shows a verb's options. Invoked as `keepalived` it takes keepalived's options.\n";
}

/** Prints the list of verbs. */
export function help(): number {
  printOut(usageText());
  return EXIT.ok;
}

/** Says that `verb` is unknown, or that none was given. */
export function unknownVerb(
  verb: string | undefined,
  known: readonly string[],
): number {
  if (verb === undefined) {
    printError(usageText());
    return EXIT.usage;
  }
  const near = closestOf(verb, known);
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  printError(`hakeep: unknown verb \`${verb}\`${hint}\n\n${usageText()}`);
  return EXIT.usage;
}
