/**
 * What the TOML printer lays out: lines of a table, and lists over several lines, each with its place in the source.
 *
 * Units:   durations are printed in seconds.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";

/** One entry of a list. */
export interface PrintedEntry {
  readonly at: Span;
  readonly text: string;
}

/** A table that may get a headline of its own. */
export interface PrintedTable {
  readonly at: Span;
  readonly items: readonly PrintedItem[];
}

/** A line of a table, a list that may take several lines, or tables below it. */
export type PrintedItem =
  | {
    readonly kind: "line";
    readonly at: Span;
    /** It has no place of its own in the source: `at` is that of the table. */
    readonly isUnplaced?: true;
    readonly text: string;
  }
  | {
    readonly kind: "list";
    readonly at: Span;
    readonly isUnplaced?: true;
    readonly key: string;
    readonly entries: readonly PrintedEntry[];
    /** Entries are names: they stand on one line if they fit. */
    readonly isShort?: true;
  }
  | {
    readonly kind: "tables";
    /** At least one. */
    readonly tables: readonly PrintedTable[];
    readonly key: string;
    /** One alone is no list. */
    readonly isSingle: boolean;
    /** A short one may stand on a line. */
    readonly mayInline: boolean;
  };

/** Where an item stands in the source. */
export function placeOf(item: PrintedItem): Span | undefined {
  return item.kind === "tables" ? item.tables[0]?.at : item.at;
}

/** A basic string: JSON's escapes are TOML's, and TOML has one more. */
export function quoted(value: string): string {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

/** A bare key where that is possible. */
export function printedKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}

const NS_PER_SECOND = 1_000_000_000;

/** Nanoseconds as seconds, without exponent. */
export function printedSeconds(valueNs: number): string {
  const whole = Math.trunc(valueNs / NS_PER_SECOND);
  const rest = Math.round(valueNs - whole * NS_PER_SECOND);
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
}

/** An item behind its key on one line; `order` puts the items of tables in order. */
export function inlineText(
  item: PrintedItem,
  order: (items: readonly PrintedItem[]) => readonly PrintedItem[] = (items) =>
    items,
): string {
  if (item.kind === "line") return item.text;
  if (item.kind === "list") {
    return `${item.key} = [${item.entries.map(({ text }) => text).join(", ")}]`;
  }
  const texts = item.tables.map(({ items }) =>
    braced(order(items).map((inner) => inlineText(inner, order)))
  );
  const isAlone = item.isSingle && texts.length === 1;
  return `${item.key} = ${isAlone ? texts.join("") : `[${texts.join(", ")}]`}`;
}

/** Texts as an inline table. */
export function braced(texts: readonly string[]): string {
  return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`;
}
