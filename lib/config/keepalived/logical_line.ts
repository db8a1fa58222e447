/**
 * The unit of the language after everything but keywords is done: words up to the end of a line, or a brace.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { TextOrigin } from "./text_origin.ts";
import type { WordBounds } from "./word_bounds.ts";

export type LineKind = "words" | "open" | "close";

/** Which of keepalived's processes get to see a line (they differ where its text is read twice). */
export type Readers = "all" | "parent" | "children";

/** One keyword with its arguments, or one brace. */
export class LogicalLine {
  constructor(
    readonly kind: LineKind,
    readonly origin: TextOrigin,
    /** Range in `origin.text`: the whole line with its quotes, without blanks around it. */
    readonly start: number,
    readonly end: number,
    /** Where words start and end in `origin.text`, without quotes. */
    readonly bounds: WordBounds,
    /** Index of the first word in `bounds`. */
    readonly first: number,
    /** How many words there are. */
    readonly count: number,
    readonly readers: Readers,
  ) {}

  /** Word `index`; the empty text when there is none (an empty word can also be written: `""`). */
  word(index: number): string {
    if (index >= this.count) return "";
    const at = this.first + index;
    return this.origin.text.slice(this.bounds.start(at), this.bounds.end(at));
  }

  /** All words. */
  words(): string[] {
    const words: string[] = [];
    for (let i = 0; i < this.count; i++) words.push(this.word(i));
    return words;
  }

  /** Where word `index` stands; the whole line when there is none. */
  wordSpan(index: number): Span {
    return index < this.count ? this.wordsSpan(index, index) : this.span();
  }

  /** Where the words from `first` up to `last` stand. */
  wordsSpan(first: number, last: number): Span {
    return this.origin.span(
      this.bounds.start(this.first + first),
      this.bounds.end(this.first + last),
    );
  }

  span(): Span {
    return this.origin.span(this.start, this.end);
  }

  /** What must be known about the line's origin to understand it. */
  notes(): readonly string[] {
    return this.origin.notes(this.start, this.end);
  }

  /** The line as written, quotes and all. */
  raw(): string {
    return this.origin.text.slice(this.start, this.end);
  }
}
