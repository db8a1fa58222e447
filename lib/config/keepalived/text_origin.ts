/**
 * Where a piece of text came from: exact positions through every rewriting step of the language.
 *
 * Every step (comment cut, definitions, generators) replaces parts of a line and leaves the rest alone. A
 * rewritten text knows its parent and the parts that were replaced, so that an offset in it leads back to the
 * file: exactly for what was left alone, to the whole reference for what took a reference's place.
 *
 * Cost:    nothing is computed until a position is asked for.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";

export interface TextOrigin {
  readonly text: string;
  /** The place in a file that `[start, end)` of `text` stands for. */
  span(start: number, end: number): Span;
  /** What a reader must know about `[start, end)` to understand it, one sentence each. */
  notes(start: number, end: number): readonly string[];
}

/** A file's own text. */
export class FileOrigin implements TextOrigin {
  readonly text: string;

  constructor(readonly source: SourceText) {
    this.text = source.text;
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  notes(): readonly string[] {
    return [];
  }
}

/** Part of a rewritten text that took the place of something else. */
export interface Replacement {
  /** In the rewritten text. */
  readonly start: number;
  readonly end: number;
  /** What stood there, in the parent's text. */
  readonly parentStart: number;
  readonly parentEnd: number;
  /** Why it reads as it does; empty when it needs no explanation. */
  readonly notes: readonly Note[];
}

/** A note is worked out only when it is printed: it counts lines. Most lines of a generator keep one or more. */
export interface Note {
  readonly told: () => string;
}

/** A text made from `parent`'s text by `replacements`, which are in order and do not overlap. */
export class RewrittenOrigin implements TextOrigin {
  constructor(
    readonly text: string,
    /** Where in the parent's text this text begins. */
    readonly offset: number,
    readonly parent: TextOrigin,
    readonly replacements: readonly Replacement[],
    /** Notes that hold for the whole text. */
    readonly everywhere: readonly Note[] = [],
  ) {}

  span(start: number, end: number): Span {
    const range = this.parentRange(start, end);
    return this.parent.span(range.start, range.end);
  }

  /** Where `[start, end)` stands in the parent's text. */
  parentRange(start: number, end: number): { start: number; end: number } {
    const from = this.#toParent(start, "start");
    return { start: from, end: Math.max(from, this.#toParent(end, "end")) };
  }

  notes(start: number, end: number): readonly string[] {
    const notes: string[] = [];
    for (const replacement of this.replacements) {
      if (replacement.start < end && start < replacement.end) {
        for (const note of replacement.notes) notes.push(note.told());
      }
    }
    for (const note of this.everywhere) notes.push(note.told());
    const range = this.parentRange(start, end);
    return [
      ...new Set([...notes, ...this.parent.notes(range.start, range.end)]),
    ];
  }

  #toParent(at: number, edge: "start" | "end"): number {
    let shift = this.offset;
    for (const replacement of this.replacements) {
      const { start, end, parentStart, parentEnd } = replacement;
      const inside = edge === "start"
        ? start <= at && at < end
        : start < at && at <= end;
      if (inside) return edge === "start" ? parentStart : parentEnd;
      if (edge === "start" ? at < end : at <= start) break;
      if (at >= end) shift = parentEnd - end;
    }
    return at + shift;
  }
}
