import { assertEquals } from "@std/assert";
import { cutScriptWords } from "./words.ts";

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ["notify /bin/a b", ["notify", "/bin/a", "b"]],
  [`notify "/bin/a 'x y' z" nobody`, ["notify", "/bin/a 'x y' z", "nobody"]],
  [`notify '/bin/a "x y"'`, ["notify", '/bin/a "x y"']],
  [`notify /bin/a\\ b c`, ["notify", "/bin/a\\ b", "c"]],
  [`notify "a\\"b" c`, ["notify", 'a\\"b', "c"]],
  [`notify a"b c"d`, ["notify", "ab cd"]],
  ["notify \t a\t", ["notify", "a"]],
];

for (const [line, words] of LINES) {
  Deno.test(`cutScriptWords() cuts ${line}`, () => {
    const cut = cutScriptWords(line, 0, line.length);
    assertEquals(cut.words.map((word) => word.text), [...words]);
    assertEquals(cut.unmatchedQuote, false);
  });
}

Deno.test("cutScriptWords() reports an open quote", () => {
  assertEquals(cutScriptWords("n 'a b", 0, 6).unmatchedQuote, true);
});
