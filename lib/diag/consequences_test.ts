import { assertEquals } from "@std/assert";
import { foldConsequences } from "./consequences.ts";
import type { Diagnostic, SourceText } from "./diagnostic.ts";
import { diagnostic } from "./diagnostic_sink.ts";
import { LineIndexes } from "./line_index.ts";

const SOURCE: SourceText = {
  name: "a.conf",
  text: "one {\n two\n three\n}\nfour\n",
  includedFrom: undefined,
};

function at(word: string) {
  const start = SOURCE.text.indexOf(word);
  return { source: SOURCE, start, end: start + word.length };
}

const ROOT = at("one");
const MISTAKE = diagnostic("warning", "HK0101", ROOT, "unknown keyword `one`");

function follower(word: string): Diagnostic {
  return diagnostic("warning", "HK0101", at(word), `unknown ${word}`, {
    follows: ROOT,
  });
}

function fold(diagnostics: readonly Diagnostic[]) {
  return foldConsequences(diagnostics, new LineIndexes())
    .map((one) =>
      "place" in one ? `${one.place}: ${one.message}` : one.message
    );
}

Deno.test("foldConsequences() tells several that follow from one mistake behind it, and leaves others alone", () => {
  const other = diagnostic("warning", "HK0101", at("four"), "unknown four");
  assertEquals(fold([MISTAKE, other, follower("two"), follower("three")]), [
    "unknown keyword `one`",
    "a.conf:2 to 3: 2 more follow from `one` in line 1 and will go with it",
    "unknown four",
  ]);
});

Deno.test("foldConsequences() leaves a single consequence as it is", () => {
  assertEquals(fold([MISTAKE, follower("two")]), [
    "unknown keyword `one`",
    "unknown two",
  ]);
});

Deno.test("foldConsequences() folds where the first one stands when the mistake itself is not told", () => {
  assertEquals(fold([follower("two"), follower("three")]), [
    "a.conf:2 to 3: 2 more follow from `one` in line 1 and will go with it",
  ]);
});
