/**
 * Where a lost `}` is missing, as the indentation tells it.
 * @module
 */
import type { LogicalLine } from "./logical_line.ts";

/**
 * The head of the first block that is closed by a `}` of another indentation: people indent a block's `}` as its head,
 * so the block's own was lost. Undefined when the indentation tells nothing.
 */
export function blockWithoutEnd(
  lines: readonly LogicalLine[],
): LogicalLine | undefined {
  const open: LogicalLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.kind === "open") open.push(lines[index - 1] ?? line);
    if (line.kind !== "close") continue;
    const head = open.pop();
    if (head === undefined) return undefined;
    const own = indentationOf(line);
    const wanted = indentationOf(head);
    if (own !== undefined && wanted !== undefined && own < wanted) return head;
  }
  return undefined;
}

/** Columns before the line; undefined when it does not begin its line of the file. */
function indentationOf(line: LogicalLine): number | undefined {
  const { source, start } = line.span();
  const before = source.text.slice(
    source.text.lastIndexOf("\n", start - 1) + 1,
    start,
  );
  return before.trim() === "" ? before.length : undefined;
}
