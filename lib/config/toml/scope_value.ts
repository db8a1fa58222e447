/**
 * The scope of an address or a route: a word, or rtnetlink's number.
 * @module
 */
import type { AddressScope } from "../model.ts";
import { quoted } from "./printed_item.ts";
import { type InlineType, whole, word } from "./value_type.ts";

const NUMBER = whole(0, 255);
const WORD = word(["global", "site", "link", "host"]);

export const SCOPE: InlineType<AddressScope> = {
  shape: { kind: "either", of: [WORD.shape, NUMBER.shape] },
  read: (node, sink) =>
    node.kind === "number" ? NUMBER.read(node, sink) : WORD.read(node, sink),
  text: (scope) => typeof scope === "number" ? String(scope) : quoted(scope),
  print: (key, scope, at) => [
    { kind: "line", at, text: `${key} = ${SCOPE.text(scope)}` },
  ],
};
