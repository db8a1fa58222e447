import { assertEquals } from "@std/assert";
import { FileOrigin, RewrittenOrigin } from "./text_origin.ts";

const SOURCE = { name: "k", text: "aa$X bb ${Y} cc", includedFrom: undefined };
const FILE = new FileOrigin(SOURCE);
/** `$X` became `1`, `${Y}` became `22222`. */
const ONCE = new RewrittenOrigin("aa1 bb 22222 cc", 0, FILE, [
  {
    start: 2,
    end: 3,
    parentStart: 2,
    parentEnd: 4,
    notes: [{ told: () => "x" }],
  },
  {
    start: 7,
    end: 12,
    parentStart: 8,
    parentEnd: 12,
    notes: [{ told: () => "y" }],
  },
]);

function at(origin: RewrittenOrigin, text: string): string {
  const start = origin.text.indexOf(text);
  const span = origin.span(start, start + text.length);
  return SOURCE.text.slice(span.start, span.end);
}

Deno.test("what was left alone has its exact place", () => {
  for (const text of ["aa", "bb", "cc", " bb "]) {
    assertEquals(at(ONCE, text), text);
  }
});

Deno.test("what took a reference's place has the reference's", () => {
  assertEquals(at(ONCE, "1"), "$X");
  assertEquals(at(ONCE, "22222"), "${Y}");
  assertEquals(at(ONCE, "222"), "${Y}");
});

Deno.test("a range over both covers both", () => {
  assertEquals(at(ONCE, "a1 b"), "a$X b");
  assertEquals(at(ONCE, "b 22"), "b ${Y}");
});

Deno.test("places lead back through two rewritings", () => {
  const twice = new RewrittenOrigin("bb [22222] cc", 4, ONCE, [
    { start: 3, end: 4, parentStart: 7, parentEnd: 7, notes: [] },
    { start: 9, end: 10, parentStart: 12, parentEnd: 12, notes: [] },
  ]);
  assertEquals(at(twice, "bb"), "bb");
  assertEquals(at(twice, "22222"), "${Y}");
  assertEquals(at(twice, "cc"), "cc");
});

Deno.test("notes are those of the parts in the range", () => {
  assertEquals(ONCE.notes(0, 2), []);
  assertEquals(ONCE.notes(0, 3), ["x"]);
  assertEquals(ONCE.notes(0, 15), ["x", "y"]);
});
