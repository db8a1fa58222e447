/**
 * TOML as a tree of values that know where they stand.
 *
 * Says:    TOML 1.0, through toml-eslint-parser; this is the only file that knows that parser.
 * Errors:  a syntax error is a diagnostic, and then there is no tree.
 * @module
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Diagnostic, SourceText, Span } from "../../diag/diagnostic.ts";
import { diagnostic } from "../../diag/diagnostic_sink.ts";

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
  | { readonly kind: "wrong"; readonly diagnostic: Diagnostic };

/** Parses a whole text. */
export function parseToml(source: SourceText): ParsedToml {
  try {
    // A byte order mark, as Windows editors write it, is not of the text; a blank keeps the offsets.
    const program = parseTOML(source.text.replace(/^\ufeff/, " "));
    return { kind: "tree", table: new TreeBuilder(source).build(program) };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { kind: "wrong", diagnostic: syntaxError(source, error) };
  }
}

function syntaxError(source: SourceText, error: ParseError): Diagnostic {
  const start = Math.min(error.index, Math.max(0, source.text.length - 1));
  const span = { source, start, end: Math.min(start + 1, source.text.length) };
  if (KEEPALIVED_BLOCK.test(source.text)) {
    return diagnostic("error", "HK0002", span, "this is not TOML", {
      label: "it looks like keepalived's syntax",
      help: "use `--format keepalived`, or translate it with `hakeep import`",
    });
  }
  const isDouble = error.message.includes("multiple times");
  const bare = isDouble ? undefined : bareText(source, start);
  if (bare !== undefined) {
    const text = source.text.slice(bare.start, bare.end);
    return diagnostic("error", "HK0002", bare, "a text without quotes", {
      help: `write \`"${text}"\``,
    });
  }
  return diagnostic(
    "error",
    isDouble ? "HK0003" : "HK0002",
    span,
    isDouble ? "a key or table is defined twice" : "this is not TOML",
    { label: error.message.toLowerCase() },
  );
}

/** `vrrp_instance NAME {` and its like, at the start of a line. */
const KEEPALIVED_BLOCK =
  /^[ \t]*(?:vrrp_instance|vrrp_sync_group|vrrp_script|virtual_server|global_defs)\b[^=\n]*\{[ \t]*(?:[!#].*)?\r?$/m;

/** The value around `at` that lacks its quotes: by far the most frequent mistake of people who come from keepalived. */
function bareText(source: SourceText, at: number): Span | undefined {
  const { text } = source;
  const isOfWord = (index: number) => /[\w.:/@-]/.test(text[index] ?? "");
  let start = at;
  while (start > 0 && isOfWord(start - 1)) start--;
  let end = at;
  while (end < text.length && isOfWord(end)) end++;
  const before = text.slice(Math.max(0, start - 80), start);
  const isHeadline = /(?:^|\n)[ \t]*\[{1,2}[ \t]*$/.test(before);
  const isValue = /[=[,][ \t\r\n]*$/.test(before) && !isHeadline;
  return isValue && end > start ? { source, start, end } : undefined;
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
