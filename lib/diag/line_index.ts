/**
 * From offsets to lines and columns, only for printing.
 *
 * Units:   lines and columns count from 1; columns count characters (code points), a tab being one.
 * Cost:    one pass over the text to build, a binary search for each position.
 * @module
 */

/** A place as people name it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of one text. A line ends with LF; a CR before it does not belong to the line. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (
      let at = text.indexOf("\n");
      at >= 0;
      at = text.indexOf("\n", at + 1)
    ) {
      starts.push(at + 1);
    }
    this.#text = text;
    this.#starts = starts;
  }

  /** The place of the UTF-16 `offset`; offsets beyond the text count as its end. */
  position(offset: number): Position {
    const clamped = Math.min(Math.max(offset, 0), this.#text.length);
    const line = this.#lineOf(clamped);
    const before = this.#text.slice(this.lineStart(line), clamped);
    return { line, column: [...before].length + 1 };
  }

  /** The offset at which `line` (from 1) begins. */
  lineStart(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  /** The text of `line` (from 1) without its end. */
  lineText(line: number): string {
    const end = this.#text.indexOf("\n", this.lineStart(line));
    const text = this.#text.slice(
      this.lineStart(line),
      end < 0 ? undefined : end,
    );
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

/** Builds each text's index once, however many diagnostics point into it. */
export class LineIndexes {
  readonly #indexes = new Map<string, LineIndex>();

  of(text: string): LineIndex {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = new LineIndex(text);
    this.#indexes.set(text, index);
    return index;
  }
}
