/**
 * Checks of entries that this version does not act on yet: references, routes and rules.
 * @module
 */
import type { EntryReader } from "./block.ts";
import type { NamedBlock } from "./read_context.ts";
import { definedName } from "./track_line.ts";

/** Entries that name a block of `kind`, which must stand above them. */
export function tracked(kind: NamedBlock): EntryReader {
  return (line, context) => {
    if (line.kind === "words") definedName(kind, line, context);
  };
}

/** A word that a route still may have, and what to write instead. */
const DEPRECATED_ROUTE_WORDS = { gw: "via", or: "nexthop" } as const;

/** A line of `virtual_routes` or `static_routes`. */
export const checkRoute: EntryReader = (line, context) => {
  for (let index = 0; index < line.count; index++) {
    const word = line.word(index);
    if (word !== "gw" && word !== "or") continue;
    context.warn(
      "HK0426",
      line,
      line.wordSpan(index),
      `\`${word}\` is deprecated in routes`,
      {
        label: "keepalived still takes it",
        help: `write \`${DEPRECATED_ROUTE_WORDS[word]}\``,
      },
    );
  }
};

const PREFERENCE_WORDS = ["preference", "order", "priority"];

/** A line of `virtual_rules` or `static_rules`. */
export const checkRule: EntryReader = (line, context) => {
  if (line.words().some((word) => PREFERENCE_WORDS.includes(word))) return;
  context.warn("HK0432", line, line.span(), "the rule has no preference", {
    label: "keepalived chooses one",
    help: "add `preference` and a number",
  });
};
