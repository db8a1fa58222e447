/**
 * References to blocks that must stand above the line that names them.
 * @module
 */
import { didYouMean } from "../../diag/suggest.ts";
import { compareSpans } from "../../diag/text_order.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { NamedBlock, ReadContext } from "./read_context.ts";

/** Whether the block that word 1 of `line` names is defined above it; says so if not. */
export function definedAbove(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): boolean {
  const name = line.word(1);
  const at = context.named(kind, name);
  if (at !== undefined && compareSpans(at, line.wordSpan(1)) < 0) return true;
  context.warn(
    "HK0431",
    line,
    line.wordSpan(1),
    `no \`${kind} ${name}\` above this line`,
    {
      label: "the line is ignored",
      help: didYouMean(name, context.namesOf(kind)) ??
        "definitions must stand above the lines that refer to them",
    },
  );
  return false;
}
