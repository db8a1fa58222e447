/**
 * References to definitions that were left as they are: what was meant, and where nobody else says so.
 *
 * Says:    keepalived leaves a reference alone that it cannot replace, without a word. `$NAME` needs a blank, a comma,
 *          `)` or the end of the line behind it; `${NAME}` does not.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { didYouMean } from "../../diag/suggest.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";

const REFERENCE = /\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)/;

/** Keywords whose values have dollars of their own: secrets, and what a shell or a server gets. */
const OWN_DOLLARS =
  /pass|^key$|script|^notify|_path$|^quorum_|^regex|^process$/;

/** What to do about a reference in `text`; undefined when there is none. */
export function referenceHelp(
  text: string,
  definitions: ReadonlySet<string>,
): string | undefined {
  const found = REFERENCE.exec(text);
  const name = found?.[1] ?? found?.[2];
  if (found === null || name === undefined) return undefined;
  if (!definitions.has(name)) {
    return didYouMean(name, definitions)?.replace("`", "`$") ??
      `a line \`$${name}=VALUE\` above defines it`;
  }
  const isWhole = found.index + found[0].length === text.length;
  return isWhole || found[2] !== undefined
    ? "its definition stands below this line: move it up"
    : `write \`\${${name}}\`: \`$${name}\` needs a blank behind it`;
}

/** Tells of references that stay in values that are taken as they are. */
export function tellUnreplaced(
  lines: readonly LogicalLine[],
  context: ReadContext,
) {
  const told = new Set(context.sink.diagnostics.map(({ span }) => place(span)));
  let text: string | undefined;
  let next = -1;
  for (const line of lines) {
    if (line.origin.text !== text || next < line.start) {
      text = line.origin.text;
      next = text.indexOf("$", line.start);
      if (next < 0) next = Infinity;
    }
    if (next >= line.end) continue;
    const keyword = line.word(0);
    if (OWN_DOLLARS.test(keyword)) continue;
    if (told.has(place(line.wordSpan(0)))) continue;
    for (let index = 0; index < line.count; index++) {
      tellWord(line, index, told, context);
    }
  }
}

/** Where a span begins. */
function place({ source, start }: Span): string {
  return `${source.name}:${start}`;
}

function tellWord(
  line: LogicalLine,
  index: number,
  told: ReadonlySet<string>,
  context: ReadContext,
) {
  const word = line.word(index);
  const help = word.includes("$")
    ? referenceHelp(word, context.definitions)
    : undefined;
  const span = line.wordSpan(index);
  if (help === undefined || told.has(place(span))) return;
  context.advise("HK0441", line, span, `\`${word}\` is taken as it is`, {
    label: "this reference stands for nothing",
    help,
  });
}
