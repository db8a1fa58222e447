/**
 * The names of blocks: that there is one, that it is the only one, and that others may refer to it.
 * @module
 */
import { needs, word } from "./argument.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { NamedBlock, ReadContext } from "./read_context.ts";

/** A block whose name must be its only one, and which is remembered at once. */
export function openNamed(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): void | "skip" {
  if (checkName(kind, line, context) === "skip") return "skip";
  remember(kind)(line, context);
}

/** Reports a name that is missing, not one word, or taken. */
export function checkName(
  kind: NamedBlock,
  line: LogicalLine,
  context: ReadContext,
): void | "skip" {
  if (line.count !== 2) {
    const isMissing = line.count < 2;
    context.warn(
      isMissing ? "HK0424" : "HK0407",
      line,
      isMissing ? line.wordSpan(0) : line.wordsSpan(2, line.count - 1),
      isMissing ? `\`${kind}\` lacks its name` : `\`${kind}\` takes one name`,
      {
        label: "the whole block is ignored",
        help: isMissing ? undefined : "put the name in double quotes",
      },
    );
    return "skip";
  }
  const name = line.word(1);
  const before = context.named(kind, name);
  if (before === undefined) return undefined;
  context.warn(
    "HK0412",
    line,
    line.wordSpan(1),
    `\`${kind} ${name}\` exists already`,
    {
      label: "this whole block is ignored",
      related: [{ span: before, message: "the first one" }],
      help: "give it another name, or merge the blocks",
    },
  );
  return "skip";
}

/** A block whose name may exist twice. Without a name keepalived stops. */
export function openFirst(line: LogicalLine, context: ReadContext): undefined {
  if (line.count < 2) needs(word)(line, context);
}

/** From now on the block's name may be referred to; of two of one name, the first is meant. */
export function remember(
  kind: NamedBlock,
): (line: LogicalLine, context: ReadContext) => void {
  return (line, context) => {
    const name = line.word(1);
    const before = context.named(kind, name);
    if (before !== undefined) {
      context.advise(
        "HK0412",
        line,
        line.wordSpan(1),
        `\`${line.word(0)} ${name}\` exists already`,
        {
          label: "nothing refers to this one",
          related: [{ span: before, message: "the first one" }],
        },
      );
    }
    context.rememberName(kind, name, line.wordSpan(1));
  };
}
