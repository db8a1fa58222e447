/**
 * Keywords of `global_defs` whose words keepalived checks, though hakeep has no use for most of them: what it complains
 * of is said here too.
 * @module
 */
import { type Argument, cutToBytes, needs, oneOf, word } from "./argument.ts";
import { INCLUDE_CHECKS } from "./includes.ts";
import type { LogicalLine } from "./logical_line.ts";
import { INTERFACE_BYTES_MAX } from "./names.ts";
import type { ReadContext } from "./read_context.ts";

const MODE_MAX = 0o777;
const MODE_BITS = ["R", "W", "X", "RWX"].flatMap((right) =>
  ["USR", "GRP", "OTH"].map((who) =>
    right === "RWX" ? `IRWX${who[0]}` : `I${right}${who}`
  )
);

/** `umask`: a number with C's prefixes up to 0777, or bits such as `IWGRP | IWOTH`. */
export const modeMask: Argument<true> = (line, context) => {
  if (line.count < 2) {
    needs(word)(line, context);
    return undefined;
  }
  const text = line.words().slice(1).join("");
  const number = /^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(text);
  const value = number === null
    ? NaN
    : /^0[0-7]+$/.test(text)
    ? parseInt(text, 8)
    : Number(text);
  const isRight = number === null
    ? text.split("|").every((bit) => MODE_BITS.includes(bit))
    : value <= MODE_MAX && line.count === 2;
  if (isRight) return true;
  context.warn(
    "HK0107",
    line,
    line.wordsSpan(1, line.count - 1),
    `\`umask\` cannot be \`${line.words().slice(1).join(" ")}\``,
    {
      label: "the line is ignored",
      help: "write a number such as `022`, or bits such as `IWGRP | IWOTH`",
    },
  );
  return undefined;
};

/** `dynamic_interfaces [allow_if_changes]` */
export const dynamicWords: Argument<true> = (line, context) => {
  for (let index = 1; index < line.count; index++) {
    oneOf(["allow_if_changes"])(line, index, context);
  }
  return true;
};

/** The words of `include_check`, which preprocessing acted on: of those without a sign only the first counts. */
export function checkIncludeWords(line: LogicalLine, context: ReadContext) {
  for (let index = 1; index < line.count; index++) {
    const text = line.word(index);
    const name = text.replace(/^[+-]/, "");
    if (!INCLUDE_CHECKS.some((one) => one === name)) {
      oneOf(INCLUDE_CHECKS)(line, index, context);
    } else if (index > 1 && name === text) {
      context.warn(
        "HK0110",
        line,
        line.wordSpan(index),
        `\`${text}\` without a sign is not the first word`,
        { label: "ignored", help: `write \`+${text}\`` },
      );
    }
  }
}

/** What names of interfaces begin with; what none can begin with is ignored, and what is too long is cut. */
export const interfacePrefix: Argument<string> = (line, context) => {
  const text = needs(word)(line, context);
  if (text === undefined) return undefined;
  if (/^[^\s/]+$/.test(text)) {
    const cut = cutToBytes(text, INTERFACE_BYTES_MAX);
    if (cut !== text) {
      context.advise(
        "HK0422",
        line,
        line.wordSpan(1),
        `\`${text}\` is longer than ${INTERFACE_BYTES_MAX} bytes`,
        {
          label: `cut after \`${cut}\`, so that all names are the same`,
          help: "choose a shorter one, with room for the vrid",
        },
      );
    }
    return cut;
  }
  context.advise(
    "HK0109",
    line,
    line.wordSpan(1),
    `no interface can be called \`${text}\``,
    { label: "the line is ignored" },
  );
  return undefined;
};
