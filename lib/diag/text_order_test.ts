import { assertEquals } from "@std/assert";
import type { SourceText, Span } from "./diagnostic.ts";
import { diagnostic } from "./diagnostic_sink.ts";
import { compareSpans, inTextOrder } from "./text_order.ts";

const MAIN: SourceText = {
  name: "main",
  text: "0123456789",
  includedFrom: undefined,
};

function included(name: string, start: number): SourceText {
  const includedFrom = { source: MAIN, start, end: start + 1 };
  return { name, text: "0123456789", includedFrom };
}

function at(source: SourceText, start: number): Span {
  return { source, start, end: start + 1 };
}

Deno.test("an included file stands where its include line does", () => {
  const a = included("a", 3);
  const b = included("b", 3);
  const late = included("0", 6);
  const places = [
    at(MAIN, 2),
    at(MAIN, 3),
    at(a, 1),
    at(a, 9),
    at(b, 0),
    at(MAIN, 4),
    at(late, 0),
    at(MAIN, 7),
  ];
  const shuffled = [5, 1, 7, 3, 0, 6, 2, 4].flatMap((i) => places[i] ?? []);
  assertEquals(shuffled.sort(compareSpans), places);
});

Deno.test("inTextOrder() keeps one of those that say the same of the same place", () => {
  const one = (start: number, message: string) =>
    diagnostic("warning", "HK0101", at(MAIN, start), message);
  const found = [one(5, "x"), one(1, "x"), one(5, "y"), one(5, "x")];
  assertEquals(
    inTextOrder(found).map(({ span, message }) => [span.start, message]),
    [[1, "x"], [5, "x"], [5, "y"]],
  );
});
