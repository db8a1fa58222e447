import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { utf8Within } from "./text_bytes.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

Deno.test("utf8Within() leaves text alone that fits", () => {
  assertEquals(decoder.decode(utf8Within("grün", 5)), "grün");
});

Deno.test("utf8Within() cuts before the character that does not fit", () => {
  assertEquals(decoder.decode(utf8Within("grüner", 6)), "gr…");
  assertEquals(decoder.decode(utf8Within("gruner", 5)), "gr…");
});

Deno.test("utf8Within() always gives whole characters within the bound", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.integer({ min: 3, max: 40 }),
      (text, max) => {
        const bytes = utf8Within(text, max);
        assert(bytes.length <= max);
        decoder.decode(bytes);
      },
    ),
  );
});
