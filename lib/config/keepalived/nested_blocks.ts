/**
 * Which block a place stands in, without looking at all of them.
 *
 * Cost:    one pass over the lines to build; a binary search and a climb for each question.
 * @module
 */
import type { SourceText, Span } from "../../diag/diagnostic.ts";
import type { LogicalLine } from "./logical_line.ts";

/** What stands between two braces of one file. */
export interface Block {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

interface Node extends Block {
  end: number;
  isClosed: boolean;
  readonly parent: Node | undefined;
}

export class NestedBlocks {
  readonly #nodes = new Map<SourceText, Node[]>();

  constructor(lines: readonly LogicalLine[]) {
    const open: Node[] = [];
    for (const line of lines) {
      if (line.kind === "open") {
        const { source, end: start } = line.span();
        const parent = open.at(-1);
        const node = { source, start, end: start, isClosed: false, parent };
        open.push(node);
        const known = this.#nodes.get(source);
        if (known === undefined) this.#nodes.set(source, [node]);
        else known.push(node);
      } else if (line.kind === "close") {
        const opened = open.pop();
        if (opened === undefined) continue;
        const { source, start } = line.span();
        if (source !== opened.source) continue;
        opened.end = start;
        opened.isClosed = true;
      }
    }
  }

  /** The smallest block around a place, as far as both its braces are in the place's file. */
  innermost(at: Span): Block | undefined {
    const nodes = this.#nodes.get(at.source) ?? [];
    let node = nodes[lastBefore(nodes, at.start + 1)];
    while (node !== undefined) {
      if (node.source !== at.source) return undefined;
      if (node.isClosed && at.end <= node.end) return node;
      node = node.parent;
    }
    return undefined;
  }
}

/** The index of the last of `sorted` that starts before `start`; -1 when there is none. */
export function lastBefore(
  sorted: readonly { readonly start: number }[],
  start: number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
