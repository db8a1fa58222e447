/**
 * What every verb shares: reading its arguments, printing help or a usage error, and the exit codes.
 * @module
 */
import {
  type GivenOptions,
  helpText,
  parseArguments,
  usageLine,
  type VerbSpec,
} from "./option_table.ts";

/** Exit codes of every verb. API: documented in docs/exit-codes.md. */
export const EXIT = {
  ok: 0,
  /** Refused, or it could not be done; the reason is on stderr. */
  failed: 1,
  /** Wrong usage. */
  usage: 2,
  /** No daemon answers on the control socket. */
  notRunning: 3,
} as const;

/** A verb: takes the words after its name, prints, and returns the exit code. */
export type Verb = (args: readonly string[]) => number | Promise<number>;

export type ReadArguments<K extends string> =
  | {
    readonly kind: "go";
    readonly options: GivenOptions<K>;
    readonly operands: readonly string[];
  }
  | { readonly kind: "exit"; readonly code: number };

/** Reads a verb's arguments; prints help or what is wrong, and then there is only an exit code left. */
export function readArguments<K extends string>(
  spec: VerbSpec<K>,
  args: readonly string[],
): ReadArguments<K> {
  const parsed = parseArguments(spec, args);
  switch (parsed.kind) {
    case "help":
      printOut(helpText(spec));
      return { kind: "exit", code: EXIT.ok };
    case "wrong":
      printError(
        `hakeep ${spec.verb}: ${parsed.message}\n${usageLine(spec)}\n`,
      );
      return { kind: "exit", code: EXIT.usage };
    case "parsed":
      return { kind: "go", options: parsed.options, operands: parsed.operands };
  }
}

/** What a shell reports for a program that SIGPIPE ended. */
const BROKEN_PIPE = 141;

/** Writes all of `text` to standard output. A reader that went away ends the program, as SIGPIPE would. */
export function printOut(text: string): void {
  if (!writeAll(Deno.stdout, text)) Deno.exit(BROKEN_PIPE);
}

/** Writes all of `text` to standard error, if anybody reads it. */
export function printError(text: string): void {
  writeAll(Deno.stderr, text);
}

/** False when the reader went away. */
function writeAll(
  file: { writeSync(bytes: Uint8Array): number },
  text: string,
): boolean {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
