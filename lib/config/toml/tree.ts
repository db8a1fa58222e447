/**
 * TOML as a tree of values that know where they stand.
 *
 * Says:    TOML 1.0, through toml-eslint-parser; this is the only file that knows that parser.
 * Errors:  syntax errors are diagnostics, with a tree of what is left beside them where that can be told.
 * @module
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Diagnostic, SourceText, Span } from "../../diag/diagnostic.ts";
import {
  isKeepalivedSyntax,
  isTwice,
  syntaxError,
  type SyntaxProblem,
  whereItBegan,
  withoutLine,
} from "./syntax_error.ts";

export type TomlNode =
  | TomlTable
  | {
    readonly kind: "array";
    readonly span: Span;
    readonly items: readonly TomlNode[];
  }
  | { readonly kind: "string"; readonly span: Span; readonly value: string }
  | {
    readonly kind: "number";
    readonly span: Span;
    readonly value: number;
    readonly isInteger: boolean;
  }
  | { readonly kind: "boolean"; readonly span: Span; readonly value: boolean }
  | { readonly kind: "date"; readonly span: Span };

export interface TomlTable {
  readonly kind: "table";
  /** Its headline, or the inline table; the whole file's is empty. */
  readonly span: Span;
  readonly entries: Map<string, TomlEntry>;
}

export interface TomlEntry {
  readonly keySpan: Span;
  readonly node: TomlNode;
}

export type ParsedToml =
  | { readonly kind: "tree"; readonly table: TomlTable }
  | {
    readonly kind: "wrong";
    readonly diagnostics: readonly Diagnostic[];
    /** What could be read beside the mistakes, if anything. */
    readonly rest: TomlTable | undefined;
  };

/** Mistakes that are looked for in one text; each costs reading it again. */
const MISTAKES_MAX = 10;

/** Parses a whole text. After a mistake it goes on where the next line means the same without it. */
export function parseToml(source: SourceText): ParsedToml {
  const diagnostics: Diagnostic[] = [];
  // A byte order mark, as Windows editors write it, is not of the text; a blank keeps the offsets.
  let text: string | undefined = source.text.replace(/^\ufeff/, " ");
  while (text !== undefined && diagnostics.length < MISTAKES_MAX) {
    const tried = tryParse(text);
    if (tried.kind === "program") {
      const table = new TreeBuilder(source).build(tried.program);
      return diagnostics.length === 0
        ? { kind: "tree", table }
        : { kind: "wrong", diagnostics, rest: table };
    }
    const { problem } = tried;
    const first = isTwice(problem)
      ? firstPlace(source, text, problem.at)
      : undefined;
    diagnostics.push(syntaxError(source, problem, first));
    text = isKeepalivedSyntax(text) ? undefined : withoutLine(text, problem);
  }
  return { kind: "wrong", diagnostics, rest: undefined };
}

type Tried =
  | { readonly kind: "program"; readonly program: AST.TOMLProgram }
  | { readonly kind: "problem"; readonly problem: SyntaxProblem };

function tryParse(text: string): Tried {
  try {
    return { kind: "program", program: parseTOML(text) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const problem = { at: error.index, words: error.message };
    return { kind: "problem", problem: whereItBegan(text, problem) };
  }
}

/** Where the key stands first that is given again on the line of `at`; undefined where that is not plain to see. */
function firstPlace(
  source: SourceText,
  text: string,
  at: number,
): Span | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const before = tryParse(text.slice(0, start));
  const own = tryParse(text.slice(start, end < 0 ? undefined : end));
  if (before.kind !== "program" || own.kind !== "program") return undefined;
  const [part] = own.program.body[0].body;
  const above = before.program.body[0].body
    .findLast((one) => one.type === "TOMLTable");
  const path = [
    ...(part?.type === "TOMLKeyValue" ? above?.key.keys ?? [] : []),
    ...part?.key.keys ?? [],
  ].map(keyText);
  let node: TomlNode = new TreeBuilder(source).build(before.program);
  let place: Span | undefined;
  for (const key of path) {
    const entry: TomlEntry | undefined = node.kind === "table"
      ? node.entries.get(key)
      : undefined;
    if (entry === undefined) return undefined;
    node = entry.node;
    place = entry.keySpan;
  }
  return place;
}

class TreeBuilder {
  readonly #source: SourceText;

  constructor(source: SourceText) {
    this.#source = source;
  }

  build(program: AST.TOMLProgram): TomlTable {
    const root: TomlTable = {
      kind: "table",
      span: this.#span([0, 0]),
      entries: new Map(),
    };
    for (const part of program.body[0].body) {
      if (part.type === "TOMLKeyValue") this.#addKeyValue(root, part);
      else this.#addTable(root, part);
    }
    return root;
  }

  #span([start, end]: readonly [number, number]): Span {
    return { source: this.#source, start, end };
  }

  #addKeyValue(into: TomlTable, part: AST.TOMLKeyValue): void {
    const keys = part.key.keys;
    let table = into;
    for (const key of keys.slice(0, -1)) table = this.#descend(table, key);
    const last = keys.at(-1);
    if (last === undefined) return;
    table.entries.set(keyText(last), {
      keySpan: this.#span(last.range),
      node: this.#node(part.value),
    });
  }

  #addTable(root: TomlTable, part: AST.TOMLTable): void {
    const keys = part.key.keys;
    let table = root;
    for (const key of keys.slice(0, -1)) table = this.#descend(table, key);
    const last = keys.at(-1);
    if (last === undefined) return;
    const inner = part.kind === "array"
      ? this.#append(table, last)
      : this.#descend(table, last);
    for (const one of part.body) this.#addKeyValue(inner, one);
  }

  /** The table below `key`, made if it is not there; the last one of an array of tables. */
  #descend(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted): TomlTable {
    const known = table.entries.get(keyText(key))?.node;
    if (known?.kind === "table") return known;
    const last = known?.kind === "array" ? known.items.at(-1) : undefined;
    if (last?.kind === "table") return last;
    const made: TomlTable = {
      kind: "table",
      span: this.#span(key.range),
      entries: new Map(),
    };
    table.entries.set(keyText(key), {
      keySpan: this.#span(key.range),
      node: made,
    });
    return made;
  }

  #append(table: TomlTable, key: AST.TOMLBare | AST.TOMLQuoted): TomlTable {
    const span = this.#span(key.range);
    const made: TomlTable = { kind: "table", span, entries: new Map() };
    const known = table.entries.get(keyText(key))?.node;
    const items = known?.kind === "array" ? [...known.items, made] : [made];
    table.entries.set(keyText(key), {
      keySpan: span,
      node: { kind: "array", span, items },
    });
    return made;
  }

  #node(value: AST.TOMLContentNode): TomlNode {
    const span = this.#span(value.range);
    if (value.type === "TOMLArray") {
      return {
        kind: "array",
        span,
        items: value.elements.map((element) => this.#node(element)),
      };
    }
    if (value.type === "TOMLInlineTable") {
      const table: TomlTable = { kind: "table", span, entries: new Map() };
      for (const part of value.body) this.#addKeyValue(table, part);
      return table;
    }
    switch (value.kind) {
      case "string":
        return { kind: "string", span, value: value.value };
      case "boolean":
        return { kind: "boolean", span, value: value.value };
      case "integer":
        return {
          kind: "number",
          span,
          value: Number(value.value),
          isInteger: true,
        };
      case "float":
        return { kind: "number", span, value: value.value, isInteger: false };
      default:
        return { kind: "date", span };
    }
  }
}

function keyText(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === "TOMLBare" ? key.name : key.value;
}
