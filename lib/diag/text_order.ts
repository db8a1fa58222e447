/**
 * The order in which a configuration is read: an included file stands where its include line does.
 * @module
 */
import type { Diagnostic, Span } from "./diagnostic.ts";

/** Negative, 0 or positive as `a` is read before, with or after `b`. Both are of one configuration. */
export function compareSpans(a: Span, b: Span): number {
  if (a.source === b.source) return a.start - b.start;
  const left = chainTo(a);
  const right = chainTo(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const one = left[i];
    const other = right[i];
    if (one === undefined || other === undefined) break;
    // One include line can bring several files, which are read in the order of their names.
    if (one.source !== other.source) {
      return one.source.name < other.source.name ? -1 : 1;
    }
    if (one.start !== other.start) return one.start - other.start;
  }
  return left.length - right.length;
}

/** The include lines that lead to a place, from the main file down, and the place itself. */
function chainTo(span: Span): readonly Span[] {
  const chain: Span[] = [];
  for (let at: Span | undefined = span; at !== undefined;) {
    chain.unshift(at);
    at = at.source.includedFrom;
  }
  return chain;
}

/** Sorted by place; of those that say the same of the same place only one stays. */
export function inTextOrder(
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const sorted = [...diagnostics].sort((a, b) => compareSpans(a.span, b.span));
  const seen = new Set<string>();
  let last: Span | undefined;
  return sorted.filter(({ span, code, message }) => {
    if (last === undefined || compareSpans(last, span) !== 0) seen.clear();
    last = span;
    const key = `${code} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
