/**
 * All definitions of one configuration: the file's own, and the built-in ones.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { LineIndexes } from "../../diag/line_index.ts";
import type { BuiltIn, Definition, DefinitionSource } from "./definitions.ts";
import type { Surroundings } from "./file_access.ts";

const RANDOM_MAX = 32_767;

/** Characters of the lines in which references are replaced: a bound on what definitions of themselves can cost. */
const CHARACTERS_MAX = 20_000_000;

export class Definitions implements DefinitionSource {
  readonly #own = new Map<string, Definition>();
  readonly #surroundings: Surroundings;
  readonly #directories: string[] = [];
  readonly #lines = new LineIndexes();
  #left = CHARACTERS_MAX;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get configId(): string {
    return this.#surroundings.configId;
  }

  /** From now on `$_PWD` is `directory`, until {@linkcode leaveFile}. */
  enterFile(directory: string) {
    this.#directories.push(directory);
  }

  leaveFile() {
    this.#directories.pop();
  }

  set(name: string, definition: Definition) {
    this.#own.set(name, definition);
  }

  /** All names of the file's own. */
  names(): ReadonlySet<string> {
    return new Set(this.#own.keys());
  }

  find(name: string): Definition | undefined {
    return this.#own.get(name);
  }

  builtIn(name: string, parameters: readonly string[]): BuiltIn | undefined {
    if (name === "_RANDOM") return this.#random(parameters);
    if (name === "_ENV") return this.#environment(parameters);
    if (parameters.length > 0) return undefined;
    const value = this.#plainValue(name);
    return value === undefined
      ? undefined
      : { kind: "value", value, note: `\`$${name}\` is \`${value}\`` };
  }

  spend(characters: number): boolean {
    this.#left -= characters;
    return this.#left >= 0;
  }

  /** Whether references were left alone because there are too many. */
  get isExhausted(): boolean {
    return this.#left < 0;
  }

  place(span: Span): string {
    const { source, start } = span;
    const { line } = this.#lines.of(source.text).position(start);
    return `${source.name}:${line}`;
  }

  #plainValue(name: string): string | undefined {
    switch (name) {
      case "_PWD":
        return this.#directories.at(-1) ?? "";
      case "_INSTANCE":
        return this.#surroundings.configId;
      case "_HASH":
        return "#";
      case "_BANG":
        return "!";
      default:
        return undefined;
    }
  }

  #environment(parameters: readonly string[]): BuiltIn {
    const [variable] = parameters;
    if (variable === undefined || parameters.length > 1) {
      return {
        kind: "wrong",
        problem: "`_ENV` takes the name of one variable",
      };
    }
    const value = this.#surroundings.environment(variable) ?? "";
    return {
      kind: "value",
      value,
      note: `\`${variable}\` is \`${value}\` in the environment`,
    };
  }

  #random(parameters: readonly string[]): BuiltIn {
    const numbers = parameters.map(Number);
    if (numbers.length > 2 || !numbers.every(Number.isSafeInteger)) {
      return {
        kind: "wrong",
        problem: "`_RANDOM` takes a lowest and a highest number",
      };
    }
    const [min = 0, max = RANDOM_MAX] = numbers;
    const value = min >= max ? min : this.#surroundings.random(min, max);
    return {
      kind: "value",
      value: String(value),
      note: `\`_RANDOM\` is \`${value}\` this time`,
    };
  }
}
