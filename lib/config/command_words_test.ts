import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cutCommand } from "./command_words.ts";

for (
  const [command, words] of [
    ["", []],
    [" \t ", []],
    ["/bin/echo a  b", ["/bin/echo", "a", "b"]],
    ["/bin/echo 'a b' c\\x41d", ["/bin/echo", "a b", "cAd"]],
    ["'/a b/c'\"d e\"f", ["/a b/cd ef"]],
    ["/x '' \"\"", ["/x", "", ""]],
    ["a\\ b \\'c\\\"", ["a b", "'c\""]],
    ["\\t\\n\\E\\a", ["\t\n\x1b\x07"]],
    ["\\101\\1012\\777", ["AA2\xff"]],
    ["\\cC\\x4", ["\x03\x04"]],
    ["\\$HOME \\\\", ["$HOME", "\\"]],
    ["it's open", undefined],
    ["trailing\\", ["trailing\\"]],
    ["\\😀", ["😀"]],
  ] satisfies [string, string[] | undefined][]
) {
  Deno.test(`cutCommand() cuts ${JSON.stringify(command)}`, () => {
    assertEquals(cutCommand(command), words);
  });
}

Deno.test("cutCommand() gives back every word that was quoted for it", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }),
    (words) => {
      const command = words.map((word) => `"${word.replace(/["\\]/g, "\\$&")}"`)
        .join(" ");
      assertEquals(cutCommand(command), words);
    },
  ));
});
