/**
 * A text, or true for what is usual.
 * @module
 */
import { BOOLEAN, TEXT, type ValueType } from "./value_type.ts";

/** `"TEXT"` or `true`. */
export const TEXT_OR_TRUE: ValueType<string | boolean> = {
  shape: { kind: "either", of: [BOOLEAN.shape, TEXT.shape] },
  read: (node, sink) =>
    (node.kind === "boolean" ? BOOLEAN : TEXT).read(node, sink),
  print: (key, value, at) =>
    typeof value === "boolean"
      ? BOOLEAN.print(key, value, at)
      : TEXT.print(key, value, at),
};
