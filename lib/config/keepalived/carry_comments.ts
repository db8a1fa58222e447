/**
 * Comments on their way into another language: each goes with the setting it stood beside.
 *
 * What hakeep does not act on becomes a comment too, so that nothing is lost on the way without a trace.
 * @module
 */
import type { Diagnostic, SourceText, Span } from "../../diag/diagnostic.ts";
import { LineIndexes } from "../../diag/line_index.ts";
import { compareSpans } from "../../diag/text_order.ts";
import type { LogicalLine } from "./logical_line.ts";
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

/** A comment, or what stands for lines that are not acted on. */
interface Remark {
  readonly at: Span;
  readonly text: string;
  readonly ownLine: boolean;
  /** It stands for lines that are not acted on. */
  readonly isDropped: boolean;
}

/** What stands between two braces of one file, or a line that is not acted on. */
interface Range {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

class Carrier {
  readonly #reading: KeepalivedReading;
  readonly #places: readonly Span[];
  readonly #bySource = new Map<SourceText, Span[]>();
  readonly #indexes = new LineIndexes();
  readonly #carried = new Map<Span, CarriedComments>();
  readonly #end: string[] = [];
  readonly #blocks: readonly Range[];

  constructor(reading: KeepalivedReading, places: readonly Span[]) {
    this.#reading = reading;
    this.#places = [...new Set(places)].sort(compareSpans);
    for (const place of this.#places) {
      const known = this.#bySource.get(place.source);
      if (known === undefined) this.#bySource.set(place.source, [place]);
      else known.push(place);
    }
    this.#blocks = blocksOf(reading.text.lines);
  }

  carry(): CarriedText {
    const dropped = this.#droppedLines();
    const remarks = [
      ...this.#reading.text.comments
        .filter(({ span }) => !dropped.some(({ at }) => contains(at, span)))
        .map(({ span, ownLine }) => ({
          at: span,
          text: span.source.text.slice(span.start + 1, span.end),
          ownLine,
          isDropped: false,
        })),
      ...dropped,
    ].sort((a, b) => compareSpans(a.at, b.at));
    for (const remark of remarks) this.#attach(remark);
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
    const within = this.#innermost(remark.at);
    const after = remark.at.start;
    const next = places.find((place) => place.start > after);
    const last = places.findLast((place) => place.start < after);
    const isInside = (place: Span | undefined): place is Span =>
      place !== undefined && (within === undefined || contains(within, place));
    if (isInside(next)) this.#attachAbove(remark, next, within);
    else if (isInside(last) && within !== undefined) {
      this.#at(this.#listOf(last, within, places)).below.push(remark.text);
    } else this.#attachToNext(remark);
  }

  #attachAbove(remark: Remark, next: Span, within: Range | undefined) {
    const carried = this.#at(next);
    const between = next.source.text.slice(remark.at.end, next.start);
    const isApart = within === undefined &&
      (remark.isDropped || /\n[ \t\r]*\n/.test(between));
    if (isApart) {
      carried.apart.push(...carried.above.splice(0), remark.text);
    } else carried.above.push(remark.text);
  }

  /** The printed list that `place` is an entry of, when it stands in a block inside `within`. */
  #listOf(place: Span, within: Range, places: readonly Span[]): Span {
    const own = this.#innermost(place);
    if (own === undefined || own === within) return place;
    const head = places.findLast((one) => one.start < own.start);
    if (head === undefined) return place;
    const between = own.source.text.slice(head.end, own.start);
    return /^[\s{]*$/.test(between) ? head : place;
  }

  #attachToNext(remark: Remark) {
    const next = this.#places.find((place) =>
      compareSpans(place, remark.at) > 0
    );
    if (next === undefined) this.#end.push(remark.text);
    else this.#at(next).apart.push(remark.text);
  }

  /** The last printed place on the comment's line. */
  #beside({ at }: Remark, places: readonly Span[]): Span | undefined {
    const index = this.#indexes.of(at.source.text);
    const { line } = index.position(at.start);
    const start = index.lineStart(line);
    return places.findLast((place) =>
      start <= place.start && place.start < at.start
    );
  }

  #at(place: Span): CarriedComments {
    const known = this.#carried.get(place);
    if (known !== undefined) return known;
    const fresh = { apart: [], above: [], behind: undefined, below: [] };
    this.#carried.set(place, fresh);
    return fresh;
  }

  /** The smallest block around a place. */
  #innermost(at: Span): Range | undefined {
    let found: Range | undefined;
    for (const block of this.#blocks) {
      if (!contains(block, at)) continue;
      if (found === undefined || block.start > found.start) found = block;
    }
    return found;
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

  /** Lines and blocks that hakeep does not act on, each as one remark. */
  #droppedLines(): readonly Remark[] {
    const { lines } = this.#reading.text;
    const inactive = new Map<SourceText, Set<number>>();
    for (const { code, span } of this.#reading.diagnostics) {
      if (!isInactive(code)) continue;
      const starts = inactive.get(span.source);
      if (starts === undefined) {
        inactive.set(span.source, new Set([span.start]));
      } else starts.add(span.start);
    }
    return lines.flatMap((line, index) => {
      if (line.kind !== "words") return [];
      const keyword = line.wordSpan(0);
      if (inactive.get(keyword.source)?.has(keyword.start) !== true) return [];
      const isBlock = lines[index + 1]?.kind === "open";
      const last = isBlock ? lines[closingLine(lines, index + 1)] : undefined;
      return [isBlock ? droppedBlock(line, last) : droppedLine(line)];
    });
  }
}

const NOT_ACTED_ON = " not acted on: ";

/** A line that is not acted on, with the comment behind it. */
function droppedLine(line: LogicalLine): Remark {
  const { source, start, end } = line.span();
  const lineFeed = source.text.indexOf("\n", end);
  const rest = source.text.slice(end, lineFeed < 0 ? undefined : lineFeed);
  const behind = /^[ \t]*[!#][^\r]*/.exec(rest);
  const note = behind === null ? "" : ` #${behind[0].trim().slice(1)}`;
  return {
    at: { source, start, end: end + (behind?.[0].length ?? 0) },
    text: NOT_ACTED_ON + line.raw() + note,
    ownLine: true,
    isDropped: true,
  };
}

/** A block that is not acted on: its headline stands for all of it. */
function droppedBlock(
  head: LogicalLine,
  last: LogicalLine | undefined,
): Remark {
  const { source, start } = head.span();
  const close = last?.span();
  const end = close?.source === source ? close.end : source.text.length;
  return {
    at: { source, start, end },
    text: `${NOT_ACTED_ON}${head.raw()} { … }`,
    ownLine: true,
    isDropped: true,
  };
}

function isInactive(code: Diagnostic["code"]): boolean {
  return code === "HK0102";
}

function contains(range: Range, at: Span): boolean {
  return range.source === at.source && range.start <= at.start &&
    at.end <= range.end;
}

/** The index of the `}` that belongs to the `{` at `open`. */
function closingLine(lines: readonly LogicalLine[], open: number): number {
  let depth = 0;
  for (let index = open; index < lines.length; index++) {
    const kind = lines[index]?.kind;
    if (kind === "open") depth++;
    else if (kind === "close" && --depth === 0) return index;
  }
  return lines.length - 1;
}

/** What stands between braces, as far as both are in one file. */
function blocksOf(lines: readonly LogicalLine[]): readonly Range[] {
  const blocks: Range[] = [];
  const open: Span[] = [];
  for (const line of lines) {
    if (line.kind === "open") open.push(line.span());
    else if (line.kind === "close") {
      const start = open.pop();
      const end = line.span();
      if (start !== undefined && start.source === end.source) {
        const { source } = end;
        blocks.push({ source, start: start.end, end: end.start });
      }
    }
  }
  return blocks;
}
