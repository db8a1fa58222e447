/**
 * TOML as a tree of values that know where they stand.
 *
 * Says:    TOML 1.0, through toml-eslint-parser; this is the only file that knows that parser.
 * Errors:  syntax errors are diagnostics, with a tree of what is left beside them where that can be told.
 * @module
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Diagnostic, SourceText, Span } from "../../diag/diagnostic.ts";
import { pieceEnds } from "./pieces.ts";
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
  const inPieces = readPieces(source, text);
  if (inPieces !== undefined) return { kind: "tree", table: inPieces };
  while (text !== undefined && diagnostics.length < MISTAKES_MAX) {
    const tried = tryParse(text);
    if (tried.kind === "program") {
      const table = new TreeBuilder(source).build(tried.program.body[0].body);
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

/**
 * Reads a long text piece by piece, as the parser's own tree takes more than 200 times the text's memory.
 * Undefined where pieces do not tell all: a short text, a mistake, or what is neither above all pieces nor wholly within
 * one.
 */
function readPieces(source: SourceText, text: string): TomlTable | undefined {
  const ends = pieceEnds(text);
  if (ends.length < 2) return undefined;
  const builder = new TreeBuilder(source);
  let start = 0;
  for (const end of ends) {
    const tried = tryParse(text.slice(start, end));
    if (tried.kind === "problem") return undefined;
    const { body } = tried.program.body[0];
    if (!builder.canFollow(body, start === 0)) return undefined;
    builder.build(body, start);
    start = end;
  }
  return builder.root;
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
  let node: TomlNode = new TreeBuilder(source)
    .build(before.program.body[0].body);
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

type TopLevel = AST.TOMLTopLevelTable["body"];

class TreeBuilder {
  readonly root: TomlTable;
  readonly #source: SourceText;
  /** Where the piece begins that is being read. */
  #base = 0;
  /** Lists of tables as they grow. */
  readonly #lists = new Map<readonly TomlNode[], TomlNode[]>();
  /** Keys of the root that `[[key]]` made. */
  readonly #listed = new Set<string>();

  constructor(source: SourceText) {
    this.#source = source;
    this.root = { kind: "table", span: this.#span([0, 0]), entries: new Map() };
  }

  /** Adds what stands in a piece that begins at `base`. */
  build(body: TopLevel, base = 0): TomlTable {
    this.#base = base;
    for (const part of body) {
      if (part.type === "TOMLKeyValue") this.#addKeyValue(this.root, part);
      else this.#addTable(this.root, part);
    }
    return this.root;
  }

  /**
   * Whether a piece means the same by itself: all of it is in lists of tables whose elements it begins itself, and that
   * nothing before made in another way.
   */
  canFollow(body: TopLevel, isFirst: boolean): boolean {
    const begun = new Set<string>();
    for (const part of body) {
      const [first, ...others] = part.key.keys;
      if (first === undefined) return false;
      const key = keyText(first);
      if (
        part.type === "TOMLTable" && part.kind === "array" &&
        others.length === 0
      ) {
        if (this.root.entries.has(key) && !this.#listed.has(key)) return false;
        begun.add(key);
      } else if (!isFirst && !begun.has(key)) return false;
    }
    for (const key of begun) this.#listed.add(key);
    return true;
  }

  #span([start, end]: readonly [number, number]): Span {
    const base = this.#base;
    return { source: this.#source, start: base + start, end: base + end };
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
    const items = known?.kind === "array" ? this.#list(known.items) : [];
    items.push(made);
    this.#lists.set(items, items);
    table.entries.set(keyText(key), {
      keySpan: span,
      node: { kind: "array", span, items },
    });
    return made;
  }

  /** `items` to add to; a copy of those that no headline made. */
  #list(items: readonly TomlNode[]): TomlNode[] {
    return this.#lists.get(items) ?? [...items];
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
