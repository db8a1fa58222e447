/**
 * Rows of text as columns.
 * @module
 */

/** A line for each row, with cells below each other, two blanks between them; no blanks at the end. */
export function textTable(rows: readonly (readonly string[])[]): string[] {
  const [head = []] = rows;
  const widths = head.map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? "").length))
  );
  return rows.map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")
      .trimEnd()
  );
}
