/**
 * Comments: `!` and `#` to the end of the line, anywhere outside double quotes.
 * @module
 */
import { BACKSLASH, BANG, HASH, QUOTE, trimBlanks } from "./chars.ts";

export interface CommentCut {
  /** End of what remains, blanks before the comment cut too. */
  readonly end: number;
  /** Where the comment starts; undefined when there is none. */
  readonly comment: number | undefined;
  /** Backslashes of `\#` and `\!` outside quotes before the comment. */
  readonly escapes: readonly number[];
  /** A double quote that nothing closes. */
  readonly unmatchedQuote: number | undefined;
}

const NONE: readonly number[] = [];

/** Finds the comment in `[start, end)` of `text`. */
export function cutComment(
  text: string,
  start: number,
  end: number,
): CommentCut {
  let escapes: number[] | undefined;
  let unmatchedQuote: number | undefined;
  let comment: number | undefined;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const close = text.indexOf('"', i + 1);
      if (close < 0 || close >= end) {
        unmatchedQuote = i;
        break;
      }
      i = close;
    } else if (code === HASH || code === BANG) {
      comment = i;
      break;
    } else if (code === BACKSLASH && i + 1 < end) {
      const next = text.charCodeAt(i + 1);
      if (next === HASH || next === BANG) {
        escapes ??= [];
        escapes.push(i);
        i++;
      }
    }
  }
  return {
    end: trimBlanks(text, start, comment ?? end),
    comment,
    escapes: escapes ?? NONE,
    unmatchedQuote,
  };
}
