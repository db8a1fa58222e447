/**
 * Command-line options as a table: one literal describes a verb, and parsing, help and suggestions follow from it.
 *
 * A parser-combinator library was measured first: it added 30 to 45 ms to every start of the binary, more than
 * `hakeep check` has in all. This is what the verbs need of one: `--name VALUE`, `--name=VALUE`, `-n VALUE`,
 * `-nVALUE`, switches, operands and `--`.
 *
 * Errors:  {@linkcode parseArguments} returns what is wrong as text; it never throws on input.
 * @module
 */
import { closestOf } from "../diag/suggest.ts";

/** One option. Without `value` it is a switch. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly long: string;
  /** One letter. */
  readonly short?: string;
  /** What help calls the value, such as `FILE`. */
  readonly value?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  /** Without it the verb cannot do anything. */
  readonly isRequired?: boolean;
  /** One line, lower case, no full stop. */
  readonly help: string;
  /** What it is when it is not given, for help. */
  readonly fallback?: string;
}

/** A verb: what `hakeep VERB` takes. */
export interface VerbSpec<K extends string> {
  readonly verb: string;
  readonly summary: string;
  /** Names of the operands, all of them required: `["FILE"]`. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<K, OptionSpec>>;
}

/** The options that were given, by the key they have in the table. */
export class GivenOptions<K extends string> {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** An option's value; undefined when it was not given. The last one counts. */
  value(key: K): string | undefined {
    return this.#values.get(key);
  }

  /** Whether the option was given. */
  has(key: K): boolean {
    return this.#values.has(key);
  }
}

export type ParsedArguments<K extends string> =
  | {
    readonly kind: "parsed";
    readonly options: GivenOptions<K>;
    readonly operands: readonly string[];
  }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** Reads `args`, the words after the verb. `--help` and `-h` are known everywhere and win over mistakes. */
export function parseArguments<K extends string>(
  spec: VerbSpec<K>,
  args: readonly string[],
): ParsedArguments<K> {
  const end = args.indexOf("--");
  const beforeEnd = end < 0 ? args : args.slice(0, end);
  if (beforeEnd.includes("--help") || beforeEnd.includes("-h")) {
    return { kind: "help" };
  }
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    if (i === end) {
      operands.push(...args.slice(end + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const option = readOption(spec, word, args[i + 1]);
    if (option.kind === "wrong") return option;
    values.set(option.key, option.value);
    if (option.tookNext) i++;
  }
  return checkComplete(spec, values, operands);
}

type ReadOption =
  | {
    readonly kind: "option";
    readonly key: string;
    readonly value: string;
    readonly tookNext: boolean;
  }
  | { readonly kind: "wrong"; readonly message: string };

function readOption<K extends string>(
  spec: VerbSpec<K>,
  word: string,
  next: string | undefined,
): ReadOption {
  const long = word.startsWith("--");
  const equals = long ? word.indexOf("=") : -1;
  const name = long
    ? word.slice(2, equals < 0 ? undefined : equals)
    : word.slice(1, 2);
  const attached = long
    ? (equals < 0 ? undefined : word.slice(equals + 1))
    : (word.length > 2 ? word.slice(2) : undefined);
  const shown = long ? `--${name}` : `-${name}`;
  const found = optionEntries(spec).find(([, option]) =>
    name === (long ? option.long : option.short)
  );
  if (found === undefined) {
    return { kind: "wrong", message: unknownOption(spec, shown) };
  }
  const [key, option] = found;
  if (option.value === undefined) {
    if (attached === undefined) {
      return { kind: "option", key, value: "", tookNext: false };
    }
    return {
      kind: "wrong",
      message: `${shown} takes no value, got \`${attached}\``,
    };
  }
  const value = attached ?? next;
  if (value === undefined || value === "") {
    return {
      kind: "wrong",
      message: `${shown} needs a value: ${shown} ${option.value}`,
    };
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const near = closestOf(value, option.choices);
    const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
    return {
      kind: "wrong",
      message: `${shown} is one of ${
        option.choices.join(", ")
      }, not \`${value}\`${hint}`,
    };
  }
  return { kind: "option", key, value, tookNext: attached === undefined };
}

function checkComplete<K extends string>(
  spec: VerbSpec<K>,
  values: ReadonlyMap<string, string>,
  operands: readonly string[],
): ParsedArguments<K> {
  for (const [key, option] of optionEntries(spec)) {
    if (option.isRequired === true && !values.has(key)) {
      return wrong(`${asWritten(option)} is missing`);
    }
  }
  const missing = spec.operands[operands.length];
  if (missing !== undefined) return wrong(`${missing} is missing`);
  const extra = operands[spec.operands.length];
  if (extra !== undefined) return wrong(`unexpected word \`${extra}\``);
  return { kind: "parsed", options: new GivenOptions(values), operands };
}

function wrong(message: string): {
  readonly kind: "wrong";
  readonly message: string;
} {
  return { kind: "wrong", message };
}

function unknownOption<K extends string>(
  spec: VerbSpec<K>,
  shown: string,
): string {
  const known = optionEntries(spec).map(([, option]) => `--${option.long}`);
  const near = closestOf(shown, [...known, "--help"]);
  return `unknown option \`${shown}\`${
    near === undefined ? "" : `; did you mean \`${near}\`?`
  }`;
}

function optionEntries<K extends string>(
  spec: VerbSpec<K>,
): [string, OptionSpec][] {
  return Object.entries<OptionSpec>(spec.options);
}

/** `usage: hakeep run --config FILE [options]`, one line. */
export function usageLine<K extends string>(spec: VerbSpec<K>): string {
  const required = optionEntries(spec)
    .filter(([, option]) => option.isRequired === true)
    .map(([, option]) => asWritten(option));
  return [
    "usage: hakeep",
    spec.verb,
    ...spec.operands,
    ...required,
    "[options]",
  ].join(" ");
}

/** The text of `hakeep VERB --help`. */
export function helpText<K extends string>(spec: VerbSpec<K>): string {
  const rows = optionEntries(spec).map(([, option]): [string, string] => [
    leftColumn(option),
    rightColumn(option),
  ]);
  rows.push(["-h, --help", "print this help"]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  return `${usageLine(spec)}\n\n${spec.summary}\n\noptions:\n${
    lines.join("\n")
  }\n`;
}

/** `--config FILE`. */
function asWritten({ long, value }: OptionSpec): string {
  return value === undefined ? `--${long}` : `--${long} ${value}`;
}

function leftColumn(option: OptionSpec): string {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  return `${short}${asWritten(option)}`;
}

function rightColumn({ help, choices, fallback }: OptionSpec): string {
  const among = choices === undefined ? "" : `: ${choices.join(", ")}`;
  const otherwise = fallback === undefined ? "" : ` (default ${fallback})`;
  return `${help}${among}${otherwise}`;
}
