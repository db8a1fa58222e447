import { assert } from "@std/assert";
import { judgeSlips } from "./slips.ts";

Deno.test("of a thousand slips of the pen, at least 99 % are located and 95 % of misspelt keywords corrected", () => {
  const { count, located, misspelt, corrected, missed } = judgeSlips(1000, 1);
  const told = [...new Set(missed)].join("\n");
  assert(located >= 0.99 * count, `${located} of ${count}:\n${told}`);
  assert(corrected >= 0.95 * misspelt, `${corrected} of ${misspelt}:\n${told}`);
});
