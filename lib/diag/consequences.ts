/**
 * What follows from one mistake, told as one: where a block's name is misspelt, each line of it is wrong.
 * @module
 */
import type { Diagnostic, Severity, SourceText, Span } from "./diagnostic.ts";
import type { LineIndexes } from "./line_index.ts";

/** Fewer consequences are shown one by one. */
const FOLDED_MIN = 2;

/** Several consequences of one mistake. */
export interface Consequences {
  readonly severity: Severity;
  readonly message: string;
  /** `FILE:LINE`, or the first and the last line. */
  readonly place: string;
}

/** `diagnostics` in their order; several that follow from one mistake become one, behind the mistake if that is told. */
export function foldConsequences(
  diagnostics: readonly Diagnostic[],
  indexes: LineIndexes,
): readonly (Diagnostic | Consequences)[] {
  const groups = Map.groupBy(diagnostics, ({ follows }) => follows);
  const told = mistakesTold(diagnostics);
  const roots = new Map<Diagnostic, Span>();
  for (const [root, group] of groups) {
    if (root === undefined || group.length < FOLDED_MIN) continue;
    const own = told.get(root.source)?.get(root.start) ?? group[0];
    if (own !== undefined) roots.set(own, root);
  }
  return diagnostics.flatMap((one): readonly (Diagnostic | Consequences)[] => {
    const isFolded = (groups.get(one.follows)?.length ?? 0) >= FOLDED_MIN &&
      one.follows !== undefined;
    const shown = isFolded ? [] : [one];
    const root = roots.get(one);
    if (root === undefined) return shown;
    return [...shown, foldedInto(root, groups.get(root) ?? [], indexes)];
  });
}

/** What follows from nothing else, by its source and where it starts there; the first one at each place. */
function mistakesTold(diagnostics: readonly Diagnostic[]) {
  const told = new Map<SourceText, Map<number, Diagnostic>>();
  for (const one of diagnostics) {
    if (one.follows !== undefined) continue;
    const { source, start } = one.span;
    const places = told.get(source) ?? new Map<number, Diagnostic>();
    if (!places.has(start)) places.set(start, one);
    told.set(source, places);
  }
  return told;
}

function foldedInto(
  root: Span,
  group: readonly Diagnostic[],
  indexes: LineIndexes,
): Consequences {
  const { text, name } = root.source;
  const lineOf = ({ source, start }: Span) =>
    indexes.of(source.text).position(start).line;
  const mistake = text.slice(root.start, root.end).split("\n", 1)[0];
  const lines = group.filter(({ span }) => span.source === root.source)
    .map(({ span }) => lineOf(span));
  const first = Math.min(...lines);
  const last = Math.max(...lines);
  return {
    severity: group.some(({ severity }) => severity === "error")
      ? "error"
      : group.some(({ severity }) => severity === "warning")
      ? "warning"
      : "advice",
    message: `${group.length} more follow from \`${mistake}\` in line ${
      lineOf(root)
    } and will go with it`,
    place: lines.length === 0
      ? name
      : first === last
      ? `${name}:${first}`
      : `${name}:${first} to ${last}`,
  };
}
