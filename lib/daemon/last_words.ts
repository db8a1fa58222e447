/**
 * What a script said last, short enough for a line of a log and a column of a table.
 * @module
 */

const LENGTH_MAX = 160;

/** The last line of `errorTail` behind a colon; empty if it said nothing. */
export function lastWords(errorTail: string): string {
  const line = [...errorTail.trim().split("\n").at(-1)?.trim() ?? ""];
  if (line.length === 0) return "";
  return line.length <= LENGTH_MAX
    ? `: ${line.join("")}`
    : `: …${line.slice(-(LENGTH_MAX - 1)).join("")}`;
}
