/**
 * `url` of HTTP_GET and SSL_GET: its keywords.
 * @module
 */
import { cutCommand } from "../command_words.ts";
import {
  type CheckedUrl,
  REGEX_OPTIONS,
  type StatusCodes,
} from "../checker_model.ts";
import {
  flag,
  missing,
  needs,
  optionalBoolean,
  wants,
  wantsEach,
  word,
  type WordReader,
} from "./argument.ts";
import {
  custom,
  modelledTable,
  type Row,
  setting,
  type Table,
} from "./block.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";
import { firstCounts, lastCounts } from "./repeated.ts";

type UrlRows = Readonly<Record<string, Row<Draft<CheckedUrl>>>>;

const urlRows: UrlRows = {
  path: lastCounts("path", setting("path", needs(word))),
  digest: firstCounts("digest", setting("digest", needs(digest))),
  status_code: custom(readStatusCodes),
  virtualhost: lastCounts("virtualHost", setting("virtualHost", wants(word))),
  regex: lastCounts("regex", custom(readRegex)),
  regex_no_match: setting("regexNoMatch", flag),
  regex_options: custom(readRegexOptions),
  regex_min_offset: custom((draft, line, context) =>
    readOffset("regexMinOffset", draft, line, context)
  ),
  regex_max_offset: custom((draft, line, context) =>
    readOffset("regexMaxOffset", draft, line, context)
  ),
  regex_stack: custom(readRegexStack),
};

/** The keywords of `url`, those of TLS among them or not. */
export function urlTable(isTls: boolean): Table<Draft<CheckedUrl>> {
  return modelledTable<Draft<CheckedUrl>>({
    ...urlRows,
    ...(isTls
      ? { tls_compliant: setting("tlsCompliant", optionalBoolean) }
      : {}),
  });
}

function readStatusCodes(
  draft: Draft<CheckedUrl>,
  line: LogicalLine,
  context: ReadContext,
) {
  // Without any the line says nothing, and keepalived does neither.
  if (line.count < 2) return;
  const codes = wantsEach(statusCodes)(line, context);
  if (codes === undefined || codes.length === 0) return;
  const before = draft.get("statusCodes") ?? [];
  const at = draft.spanOf("statusCodes") ?? line.wordSpan(1);
  draft.set("statusCodes", [...before, ...codes], at);
}

function statusCodes(
  ...[line, index, context]: Parameters<WordReader<StatusCodes>>
): StatusCodes | undefined {
  const text = line.word(index);
  const match = /^([0-9]{3})(?:-([0-9]{3}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? first);
  if (match !== null && first >= 100 && last <= 599 && first <= last) {
    return { first, last };
  }
  context.warn(
    "HK0104",
    line,
    line.wordSpan(index),
    `\`${text}\` is not a status code`,
    { label: "must be 100 to 599, or a range such as `200-299`; ignored" },
  );
  return undefined;
}

function digest(
  ...[line, index, context]: Parameters<WordReader<string>>
): string | undefined {
  const text = line.word(index);
  if (/^[0-9a-fA-F]{32}$/.test(text)) return text.toLowerCase();
  context.warn(
    "HK0103",
    line,
    line.wordSpan(index),
    "this is not an MD5 digest",
    {
      label:
        `must be 32 hexadecimal digits, not ${text.length} characters; the line is ignored`,
    },
  );
  return undefined;
}

/** One word with quotes and escapes, which are replaced. */
function readRegex(
  draft: Draft<CheckedUrl>,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    missing(line, context);
    return;
  }
  const words = cutCommand(line.raw());
  const [, pattern, extra] = words ?? [];
  if (pattern === undefined || extra !== undefined) {
    context.warn(
      words === undefined ? "HK0405" : "HK0407",
      line,
      line.wordsSpan(1, line.count - 1),
      words === undefined
        ? "quote is not closed on its line"
        : "`regex` takes one word",
      {
        label: "the line is ignored",
        help: words === undefined
          ? undefined
          : "put the pattern in double quotes",
      },
    );
    return;
  }
  draft.set("regex", pattern, line.wordSpan(1));
}

/** keepalived says nothing about words that it does not know. */
function readRegexOptions(
  draft: Draft<CheckedUrl>,
  line: LogicalLine,
  context: ReadContext,
) {
  const found = new Set(draft.get("regexOptions"));
  for (let index = 1; index < line.count; index++) {
    const text = line.word(index);
    const option = REGEX_OPTIONS.find((one) => one === text);
    if (option !== undefined) found.add(option);
    else {
      context.advise(
        "HK0107",
        line,
        line.wordSpan(index),
        `\`regex_options\` does not know \`${text}\``,
        { label: "ignored, as keepalived does" },
      );
    }
  }
  if (found.size === 0) return;
  const at = draft.spanOf("regexOptions") ?? line.wordSpan(1);
  draft.set("regexOptions", [...found], at);
}

/** What keepalived cannot read it takes for 0, which it only writes to its log. */
function readOffset(
  key: "regexMinOffset" | "regexMaxOffset",
  draft: Draft<CheckedUrl>,
  line: LogicalLine,
  context: ReadContext,
) {
  const value = countAt(line, 1);
  if (line.count === 2 && value !== undefined) {
    draft.set(key, value, line.wordSpan(1));
    return;
  }
  context.advise(
    "HK0410",
    line,
    line.wordSpan(line.count - 1),
    `\`${line.word(0)}\` takes a number`,
    { label: "0 is used, as keepalived does" },
  );
  draft.set(key, 0, line.wordSpan(line.count - 1));
}

function readRegexStack(
  draft: Draft<CheckedUrl>,
  line: LogicalLine,
  context: ReadContext,
) {
  const start = countAt(line, 1);
  const max = countAt(line, 2);
  if (
    line.count === 3 && start !== undefined && max !== undefined && start <= max
  ) {
    draft.set("regexStack", { start, max }, line.wordsSpan(1, 2));
    return;
  }
  context.advise(
    "HK0410",
    line,
    line.span(),
    "`regex_stack` takes two numbers, the second not below the first",
    { label: "ignored, as keepalived does" },
  );
}

function countAt(line: LogicalLine, index: number): number | undefined {
  const text = line.word(index);
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}
