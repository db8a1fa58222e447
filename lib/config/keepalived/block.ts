/**
 * Blocks and the tables of keywords they consist of.
 *
 * A row says what a keyword takes and what becomes of it.
 *
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { type Argument, orList } from "./argument.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";

/** What this version of hakeep makes of a keyword. */
export type RowStatus =
  /** It is in the model. */
  | "active"
  /** It is in the model, and this version of hakeep does not act on it yet. */
  | "modelled"
  /** It has no meaning in hakeep. */
  | "noted";

/** What a line opens: a block, one to be skipped to its end, or none. */
export type Opened = OpenBlock | "skip" | undefined;

/** A keyword as documentation sees it. */
export interface Keyword {
  readonly status: RowStatus;
  /** Why a keyword has no meaning, and what happens instead. */
  readonly note?: string;
  /** Its key in TOML where that is another word. */
  readonly tomlKey?: string;
  /** The keywords of the block that it opens, if it opens one. */
  readonly block?: ReadonlyMap<string, Keyword>;
}

/** One keyword of a block whose content goes into a `D`. */
export interface Row<D> extends Keyword {
  /** Acts on the line. */
  readonly read: (draft: D, line: LogicalLine, context: ReadContext) => Opened;
}

/** The keywords of one kind of block. */
export type Table<D> = ReadonlyMap<string, Row<D>>;

/** Makes a table of an object, which cannot have a keyword twice. */
export function table<D>(rows: Readonly<Record<string, Row<D>>>): Table<D> {
  return new Map(Object.entries(rows));
}

/** A table whose keywords go into the model, and of which this version does not act on any. */
export function modelledTable<D>(
  rows: Readonly<Record<string, Row<D>>>,
): Table<D> {
  return new Map(
    Object.entries(rows).map(([keyword, row]) => [keyword, modelled(row)]),
  );
}

/** The row, for what goes into the model and is not acted on. */
export function modelled<D>(row: Row<D>): Row<D> {
  return row.status === "active" ? { ...row, status: "modelled" } : row;
}

/** A block that is being read. */
export interface OpenBlock {
  /** The keyword that opened it, and where that stands. */
  readonly keyword: string;
  readonly head: LogicalLine;
  /** Its lines are keywords; else entries, one a line. */
  readonly hasKeywords: boolean;
  /** The keywords it knows. */
  keywords(): Iterable<string>;
  /** "unknown": it has no such keyword. */
  read(line: LogicalLine, context: ReadContext): Opened | "unknown";
  /** The block is closed by `line`. Not called when the file ends first. */
  close(line: LogicalLine, context: ReadContext): void;
}

/** What may happen at the end of a block. */
export type Closing<D> = (
  draft: D,
  line: LogicalLine,
  context: ReadContext,
) => void;

/** A block of keywords. */
export class KeywordBlock<D> implements OpenBlock {
  readonly hasKeywords = true;
  readonly #rows: Table<D>;
  readonly #draft: D;
  readonly #close: Closing<D> | undefined;

  constructor(
    readonly head: LogicalLine,
    rows: Table<D>,
    draft: D,
    close?: Closing<D>,
  ) {
    this.#rows = rows;
    this.#draft = draft;
    this.#close = close;
  }

  get keyword(): string {
    return this.head.word(0);
  }

  keywords(): Iterable<string> {
    return this.#rows.keys();
  }

  read(line: LogicalLine, context: ReadContext): Opened | "unknown" {
    const keyword = line.word(0);
    const row = this.#rows.get(keyword);
    if (row === undefined) return "unknown";
    return row.read(this.#draft, line, context);
  }

  close(line: LogicalLine, context: ReadContext) {
    this.#close?.(this.#draft, line, context);
  }
}

/** Reads one entry: a line of words, or a brace that stands where an entry should. */
export type EntryReader = (line: LogicalLine, context: ReadContext) => void;

/** A block of entries. */
export class EntryBlock implements OpenBlock {
  readonly hasKeywords = false;
  readonly #read: EntryReader;
  readonly #whenEmpty: string | undefined;
  #words = 0;

  /** `whenEmpty` is what an empty block means, if that is worth a message. */
  constructor(
    readonly head: LogicalLine,
    read: EntryReader,
    whenEmpty?: string,
  ) {
    this.#read = read;
    this.#whenEmpty = whenEmpty;
  }

  get keyword(): string {
    return this.head.word(0);
  }

  keywords(): Iterable<string> {
    return [];
  }

  read(line: LogicalLine, context: ReadContext): undefined {
    this.#words += line.count;
    this.#read(line, context);
  }

  close(line: LogicalLine, context: ReadContext) {
    if (this.#words > 0 || this.#whenEmpty === undefined) return;
    context.warn("HK0430", line, line.span(), `\`${this.keyword}\` is empty`, {
      label: this.#whenEmpty,
    });
  }
}

/** Where a setting's value stands: its words, or the keyword when there are none. */
export function valueSpan(line: LogicalLine): Span {
  return line.count > 1 ? line.wordSpan(1) : line.wordSpan(0);
}

type SettingKey<T> = Exclude<keyof T & string, "at">;

/** A keyword whose value goes into the model as `key`. */
export function setting<
  T extends { readonly at: unknown },
  K extends SettingKey<T>,
>(key: K, argument: Argument<T[K]>): Row<Draft<T>> {
  return {
    status: "active",
    read: (draft, line, context) => {
      const value = argument(line, context);
      if (value !== undefined) draft.set(key, value, valueSpan(line));
      else draft.reject(key, valueSpan(line));
      return undefined;
    },
  };
}

/** A keyword that is acted on by hand. */
export function custom<D>(
  read: (draft: D, line: LogicalLine, context: ReadContext) => void,
): Row<D> {
  return {
    status: "active",
    read: (draft, line, context) => {
      read(draft, line, context);
      return undefined;
    },
  };
}

function tellMeaningless(
  line: LogicalLine,
  why: string,
  context: ReadContext,
): void {
  context.advise(
    "HK0423",
    line,
    line.wordSpan(0),
    `\`${line.word(0)}\` means nothing in hakeep`,
    { label: why },
  );
}

/** A keyword without meaning in hakeep; `why` says what happens instead. */
export function noted(why: string, argument: Argument<unknown>): Row<unknown> {
  return {
    status: "noted",
    note: why,
    read: (_draft, line, context) => {
      argument(line, context);
      tellMeaningless(line, why, context);
      return undefined;
    },
  };
}

/** A keyword that keepalived wants replaced: `row`, with a message. */
export function deprecated<D>(instead: string, row: Row<D>): Row<D> {
  return {
    ...row,
    read: (draft, line, context) => {
      context.warn(
        "HK0426",
        line,
        line.wordSpan(0),
        `\`${line.word(0)}\` is deprecated`,
        { label: "keepalived still takes it", help: instead },
      );
      return row.read(draft, line, context);
    },
  };
}

/** A block of keywords that goes on where `open` says. */
export function block<D, E>(
  rows: Table<E>,
  open: (
    draft: D,
    line: LogicalLine,
    context: ReadContext,
  ) => E | "skip",
  close?: Closing<E>,
): Row<D> {
  return {
    status: "active",
    block: rows,
    read: (draft, line, context) => {
      const content = open(draft, line, context);
      return content === "skip"
        ? "skip"
        : new KeywordBlock(line, rows, content, close);
    },
  };
}

/** A block of entries. */
export function entries<D>(
  read: (draft: D, line: LogicalLine, context: ReadContext) => void,
  open: (draft: D, line: LogicalLine, context: ReadContext) => void = () => {},
): Row<D> {
  return {
    status: "active",
    read: (draft, line, context) => {
      adviseExtraWords(line, 1, context);
      open(draft, line, context);
      return new EntryBlock(line, (entry, at) => read(draft, entry, at));
    },
  };
}

/** keepalived reports words behind a keyword that opens a block of entries. */
export function adviseExtraWords(
  line: LogicalLine,
  expected: number,
  context: ReadContext,
) {
  if (line.count <= expected) return;
  context.warn(
    "HK0407",
    line,
    line.wordsSpan(expected, line.count - 1),
    `words between \`${line.word(0)}\` and its \`{\``,
    { label: "ignored" },
  );
}

/** Reports a block that ends without what it needs. */
export function lacks(
  head: LogicalLine,
  end: LogicalLine,
  requires: readonly string[],
  context: ReadContext,
) {
  context.warn(
    "HK0430",
    end,
    end.span(),
    `\`${head.words().slice(0, 2).join(" ")}\` has no ${orList(requires)}`,
    {
      label: "keepalived drops the block",
      related: [{ span: head.wordSpan(0), message: "it begins here" }],
    },
  );
}
