/**
 * The order in which a configuration is read: an included file stands where its include line does.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";
import type { LogicalText } from "./logical_text.ts";

/** Compares places of one configuration. */
export class TextOrder {
  readonly #ordinals = new Map<SourceText, number>();

  constructor({ includes }: Pick<LogicalText, "includes">) {
    for (const { files } of includes) {
      for (const file of files) {
        this.#ordinals.set(file, this.#ordinals.size + 1);
      }
    }
  }

  /** From the main file down the chain of includes: which file, and where in it. */
  placeOf(span: Span): readonly number[] {
    const place: number[] = [];
    for (let at: Span | undefined = span; at !== undefined;) {
      place.unshift(this.#ordinals.get(at.source) ?? 0, at.start);
      at = at.source.includedFrom;
    }
    return place;
  }

  /** Negative when `a` is read before `b`. */
  readonly compare = (a: Span, b: Span): number =>
    a.source === b.source
      ? a.start - b.start
      : comparePlaces(this.placeOf(a), this.placeOf(b));
}

/** Compares what {@linkcode TextOrder.placeOf} gives. */
export function comparePlaces(
  a: readonly number[],
  b: readonly number[],
): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
