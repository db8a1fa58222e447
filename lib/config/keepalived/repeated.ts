/**
 * Keywords that stand twice in a block: keepalived keeps the first value or the last one, and complains in either case.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { Row } from "./block.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";

type Key<T> = Exclude<keyof T & string, "at">;

/** The row, whose second value replaces the first with a message. */
export function lastCounts<T extends { readonly at: unknown }>(
  key: Key<T>,
  row: Row<Draft<T>>,
): Row<Draft<T>> {
  return {
    ...row,
    read: (draft, line, context) => {
      const before = draft.spanOf(key);
      if (before !== undefined) {
        tellRepeated(line, context, before, "this one replaces it");
      }
      return row.read(draft, line, context);
    },
  };
}

/** The row, whose second value is ignored with a message. */
export function firstCounts<T extends { readonly at: unknown }>(
  key: Key<T>,
  row: Row<Draft<T>>,
): Row<Draft<T>> {
  return {
    ...row,
    read: (draft, line, context) => {
      const before = draft.spanOf(key);
      if (before === undefined) return row.read(draft, line, context);
      tellRepeated(line, context, before, "this one is ignored");
      return undefined;
    },
  };
}

/** The row of a keyword that no draft remembers; a second one is ignored with a message. */
export function onlyOnce<D>(row: Row<D>): Row<D> {
  return {
    ...row,
    read: (draft, line, context) => {
      const before = context.firstGiven(line.word(0), line.wordSpan(0));
      if (before === undefined) return row.read(draft, line, context);
      tellRepeated(line, context, before, "this one is ignored");
      return undefined;
    },
  };
}

function tellRepeated(
  line: LogicalLine,
  context: ReadContext,
  before: Span,
  label: string,
): void {
  context.warn(
    "HK0440",
    line,
    line.wordSpan(0),
    `\`${line.word(0)}\` is given already`,
    { label, related: [{ span: before, message: "the first one" }] },
  );
}
