/**
 * Comments on their way into another language: each goes with the setting it stood beside.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";
import { LineIndexes } from "../../diag/line_index.ts";
import { compareSpans } from "../../diag/text_order.ts";
import { type Block, lastBefore, NestedBlocks } from "./nested_blocks.ts";
import type { KeepalivedReading } from "./read.ts";

/** Comments that belong to one printed line, without their `#`. */
export interface CarriedComments {
  /** Above the line and not quite of it: an empty line stands between. */
  readonly apart: string[];
  readonly above: string[];
  behind: string | undefined;
  readonly below: string[];
}

export interface CarriedText {
  readonly commentsAt: (at: Span) => CarriedComments | undefined;
  /** What stands behind everything. */
  readonly end: readonly string[];
}

/** Attaches the comments of `reading` to `places`: those of the model that are printed, in any order. */
export function carryComments(
  reading: KeepalivedReading,
  places: readonly Span[],
): CarriedText {
  return new Carrier(reading, places).carry();
}

/** A comment, or what becomes one. */
interface Remark {
  readonly at: Span;
  readonly text: string;
  readonly ownLine: boolean;
}

class Carrier {
  readonly #reading: KeepalivedReading;
  readonly #places: readonly Span[];
  readonly #bySource = new Map<SourceText, Span[]>();
  readonly #indexes = new LineIndexes();
  readonly #carried = new Map<Span, CarriedComments>();
  readonly #end: string[] = [];
  readonly #blocks: NestedBlocks;

  constructor(reading: KeepalivedReading, places: readonly Span[]) {
    this.#reading = reading;
    this.#places = [...new Set(places)]
      .filter((place) => !reading.origins.has(place)).sort(compareSpans);
    for (const place of this.#places) {
      const known = this.#bySource.get(place.source);
      if (known === undefined) this.#bySource.set(place.source, [place]);
      else known.push(place);
    }
    this.#blocks = new NestedBlocks(reading.text.lines);
  }

  carry(): CarriedText {
    const remarks = [
      ...this.#reading.text.comments
        .map(({ span, ownLine }) => ({
          at: span,
          text: span.source.text.slice(span.start + 1, span.end),
          ownLine,
        })),
      ...this.#reading.text.forOthers
        .map((at) => ({
          at,
          text: ` for another configuration id: ${
            at.source.text.slice(at.start, at.end)
          }`,
          ownLine: true,
        })),
      ...this.#emptyIncludes(),
    ].sort((a, b) => compareSpans(a.at, b.at));
    for (const remark of remarks) this.#attach(remark);
    this.#nameOrigins();
    this.#nameFiles();
    return {
      commentsAt: (at) => this.#carried.get(at),
      end: this.#end,
    };
  }

  #attach(remark: Remark) {
    const places = this.#bySource.get(remark.at.source) ?? [];
    if (!remark.ownLine) {
      const beside = this.#beside(remark, places);
      if (beside !== undefined) {
        const carried = this.#at(beside);
        if (carried.behind === undefined) carried.behind = remark.text;
        else carried.above.push(remark.text);
        return;
      }
    }
    const within = this.#blocks.innermost(remark.at);
    const next = places[lastBefore(places, remark.at.start + 1) + 1];
    const last = places[lastBefore(places, remark.at.start)];
    const isInside = (place: Span | undefined): place is Span =>
      place !== undefined && (within === undefined || contains(within, place));
    if (isInside(next)) this.#attachAbove(remark, next, within);
    else if (isInside(last) && within !== undefined) {
      this.#at(this.#listOf(last, within, places)).below.push(remark.text);
    } else this.#attachToNext(remark);
  }

  #attachAbove(remark: Remark, next: Span, within: Block | undefined) {
    const carried = this.#at(next);
    const between = next.source.text.slice(remark.at.end, next.start);
    const isApart = within === undefined &&
      /\n[ \t\r]*\n/.test(between);
    if (isApart) {
      carried.apart.push(...carried.above.splice(0), remark.text);
    } else carried.above.push(remark.text);
  }

  /** The printed list that `place` is an entry of, when it stands in a block inside `within`. */
  #listOf(place: Span, within: Block, places: readonly Span[]): Span {
    const own = this.#blocks.innermost(place);
    if (own === undefined || own === within) return place;
    const head = places[lastBefore(places, own.start)];
    if (head === undefined) return place;
    const between = own.source.text.slice(head.end, own.start);
    return /^[\s{]*$/.test(between) ? head : place;
  }

  #attachToNext(remark: Remark) {
    const next = this.#firstAfter(remark.at);
    if (next === undefined) this.#end.push(remark.text);
    else this.#at(next).apart.push(remark.text);
  }

  #firstAfter(at: Span): Span | undefined {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.#places[middle];
      if (place !== undefined && compareSpans(place, at) > 0) high = middle;
      else low = middle + 1;
    }
    return this.#places[low];
  }

  /** The last printed place on the comment's line. */
  #beside({ at }: Remark, places: readonly Span[]): Span | undefined {
    const index = this.#indexes.of(at.source.text);
    const { line } = index.position(at.start);
    const last = places[lastBefore(places, at.start)];
    return last !== undefined && index.lineStart(line) <= last.start
      ? last
      : undefined;
  }

  #at(place: Span): CarriedComments {
    const known = this.#carried.get(place);
    if (known !== undefined) return known;
    const fresh = { apart: [], above: [], behind: undefined, below: [] };
    this.#carried.set(place, fresh);
    return fresh;
  }

  /** Says why something is there that the source says elsewhere. */
  #nameOrigins() {
    for (const [place, text] of this.#reading.origins) {
      this.#at(place).behind = text;
    }
  }

  /** Says where the content of an included file begins. */
  #nameFiles() {
    let source = this.#reading.text.main;
    for (const place of this.#places) {
      if (place.source === source) continue;
      source = place.source;
      if (source !== this.#reading.text.main) {
        this.#at(place).above.unshift(` from ${source.name}`);
      }
    }
  }

  /** Includes that brought nothing, or not all they name: what they may bring one day, the output does not follow. */
  #emptyIncludes(): readonly Remark[] {
    const patterns = new Map<string, Remark>();
    for (const { code, span } of this.#reading.diagnostics) {
      const { source, start, end } = span;
      if (code !== "HK0408" || start === end) continue;
      const pattern = source.text.slice(start, end).replace(/\s+/g, " ").trim();
      patterns.set(`${source.name}:${start}`, {
        at: span,
        text: ` not everything could be included: include ${pattern}`,
        ownLine: true,
      });
    }
    return [...patterns.values()];
  }
}

function contains(block: Block, at: Span): boolean {
  return block.source === at.source && block.start <= at.start &&
    at.end <= block.end;
}
