/**
 * Cutting text into words: ordinary lines, and the first cut of script lines.
 *
 * Ordinary: blanks separate; `"…"` is a word of its own wherever it starts, without escapes inside; single
 * quotes and backslashes are ordinary characters. Scripts: `"…"`, `'…'` and backslashes group, escapes stay.
 *
 * @module
 */
import { BACKSLASH, isBlank, QUOTE } from "./chars.ts";
import type { WordBounds } from "./word_bounds.ts";

const SINGLE_QUOTE = 39;

/**
 * Cuts `[start, end)` of `text` as an ordinary line and adds the words to `bounds`, without their quotes.
 * Returns where a quote opens that nothing closes (its word is dropped), or undefined.
 */
export function cutWords(
  text: string,
  start: number,
  end: number,
  bounds: WordBounds,
): number | undefined {
  let word = -1;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      if (word >= 0) bounds.push(word, i);
      word = -1;
      const close = text.indexOf('"', i + 1);
      if (close < 0 || close >= end) return i;
      bounds.push(i + 1, close);
      i = close;
    } else if (isBlank(code)) {
      if (word >= 0) bounds.push(word, i);
      word = -1;
    } else if (word < 0) word = i;
  }
  if (word >= 0) bounds.push(word, end);
  return undefined;
}

/** A word of a script line: its range with quotes, and its text with quotes removed and escapes untouched. */
export interface ScriptWord {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Cuts `[start, end)` of `text` as a script line (first cut: keyword, command, user, group). */
export function cutScriptWords(
  text: string,
  start: number,
  end: number,
): { readonly words: readonly ScriptWord[]; readonly unmatchedQuote: boolean } {
  const words: ScriptWord[] = [];
  let at = start;
  while (at < end) {
    if (isBlank(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const from = at;
    let word = "";
    let piece = at;
    let quote = 0;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH && at + 1 < end) at++;
      else if (quote !== 0 ? code === quote : isQuote(code)) {
        word += text.slice(piece, at);
        piece = at + 1;
        quote = quote === 0 ? code : 0;
      } else if (quote === 0 && isBlank(code)) break;
    }
    if (quote !== 0) return { words, unmatchedQuote: true };
    word += text.slice(piece, at);
    words.push({ start: from, end: at, text: word });
  }
  return { words, unmatchedQuote: false };
}

function isQuote(code: number): boolean {
  return code === QUOTE || code === SINGLE_QUOTE;
}
