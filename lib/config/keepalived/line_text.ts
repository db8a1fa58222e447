/**
 * A range of text that is read as a line.
 * @module
 */
import type { TextOrigin } from "./text_origin.ts";

export interface LineText {
  readonly origin: TextOrigin;
  /** Range in `origin.text`. */
  readonly start: number;
  readonly end: number;
}

/** The line's own text. */
export function textOf(line: LineText): string {
  return line.origin.text.slice(line.start, line.end);
}
