import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineIndex, LineIndexes } from "./line_index.ts";

for (
  const [text, offset, line, column] of [
    ["", 0, 1, 1],
    ["abc", 0, 1, 1],
    ["abc", 3, 1, 4],
    ["a\nb", 1, 1, 2],
    ["a\nb", 2, 2, 1],
    ["a\r\nb", 3, 2, 1],
    ["a\n", 2, 2, 1],
    ["\n\n\n", 2, 3, 1],
    ["😀x", 2, 1, 2],
    ["abc", 99, 1, 4],
    ["abc", -1, 1, 1],
  ] satisfies [string, number, number, number][]
) {
  Deno.test(`position() of ${offset} in ${JSON.stringify(text)} is ${line}:${column}`, () => {
    assertEquals(new LineIndex(text).position(offset), { line, column });
  });
}

Deno.test("lineText() leaves out the line's end, LF or CR LF", () => {
  const index = new LineIndex("one\r\ntwo\n\nfour");
  assertEquals(
    [1, 2, 3, 4].map((line) => index.lineText(line)),
    ["one", "two", "", "four"],
  );
});

Deno.test("every offset lies in the line that position() names", () => {
  const texts = fc.array(fc.constantFrom("a", "\n", "\r\n", "é", "😀"))
    .map((parts) => parts.join(""));
  fc.assert(fc.property(texts, fc.nat(60), (text, offset) => {
    const index = new LineIndex(text);
    const { line } = index.position(offset);
    const inside = Math.min(offset, text.length);
    assertEquals(line, text.slice(0, inside).split("\n").length);
    assertEquals(index.lineStart(line) <= inside, true);
  }));
});

Deno.test("LineIndexes builds the index of a text once", () => {
  const indexes = new LineIndexes();
  assertEquals(indexes.of("a") === indexes.of("a"), true);
  assertEquals(indexes.of("a") === indexes.of("b"), false);
});
