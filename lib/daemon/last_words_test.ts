import { assertEquals } from "@std/assert";
import { lastWords } from "./last_words.ts";

Deno.test("lastWords() is the last line, and of a long one its end", () => {
  assertEquals(lastWords(""), "");
  assertEquals(lastWords("one\ntwo \n"), ": two");
  const long = lastWords(`${"x".repeat(500)}end`);
  assertEquals(long.length, 162);
  assertEquals(long.slice(0, 4), ": …x");
  assertEquals(long.slice(-4), "xend");
});
