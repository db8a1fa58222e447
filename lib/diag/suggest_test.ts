import { assertEquals } from "@std/assert";
import { closestOf, didYouMean } from "./suggest.ts";

const VERBS = ["run", "check", "status", "version"];

for (
  const [word, expected] of [
    ["statsu", "status"],
    ["chek", "check"],
    ["rn", "run"],
    ["rnu", "run"],
    ["STATUS", "status"],
    ["vers", "version"],
    ["zebra", undefined],
    ["", undefined],
  ] satisfies [string, string | undefined][]
) {
  Deno.test(`closestOf() answers ${expected ?? "nothing"} for \`${word}\``, () => {
    assertEquals(closestOf(word, VERBS), expected);
  });
}

Deno.test("closestOf() takes a hyphen for an underscore", () => {
  assertEquals(closestOf("router-id", ["router_id", "priority"]), "router_id");
});

Deno.test("didYouMean() is a question, or nothing", () => {
  assertEquals(didYouMean("chek", VERBS), "did you mean `check`?");
  assertEquals(didYouMean("zebra", VERBS), undefined);
});

Deno.test("closestOf() prefers the first letter kept, then the longer word", () => {
  const words = ["preempt", "nopreempt", "interface", "interfaces"];
  assertEquals(closestOf("npreempt", words), "nopreempt");
  assertEquals(closestOf("opreempt", words), "nopreempt");
  assertEquals(closestOf("interfacs", words), "interfaces");
});
