/**
 * `group ID` behind `use_vmac` and `use_ipvlan`.
 * @module
 */
import type { WordReader } from "./argument.ts";

const UINT32_MAX = 4_294_967_295;

/** The number of a group of links. Names other than `default` are those of a file of iproute2's, which is not read. */
export const readLinkGroup: WordReader<number> = (line, index, context) => {
  if (index >= line.count) {
    context.warn(
      "HK0110",
      line,
      line.wordSpan(index - 1),
      "`group` lacks its value",
      { label: "ignored" },
    );
    return undefined;
  }
  const text = line.word(index);
  if (text === "default") return 0;
  const number = /^\d+$/.test(text) ? Number(text) : UINT32_MAX + 1;
  if (number <= UINT32_MAX) return number;
  context.warn(
    "HK0110",
    line,
    line.wordSpan(index),
    `\`${text}\` is not the number of a group of links`,
    {
      label: "ignored",
      help: "write its number, as in /etc/iproute2/group",
    },
  );
  return undefined;
};
