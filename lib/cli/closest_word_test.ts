import { assertEquals } from "@std/assert";
import { closestWord } from "./closest_word.ts";

for (
  const [word, expected] of [
    ["statsu", "status"],
    ["chek", "check"],
    ["rn", "run"],
    ["version", "version"],
    ["zebra", undefined],
    ["", undefined],
  ] satisfies [string, string | undefined][]
) {
  Deno.test(`closestWord() answers ${expected ?? "nothing"} for \`${word}\``, () => {
    assertEquals(
      closestWord(word, ["run", "check", "status", "version"]),
      expected,
    );
  });
}
