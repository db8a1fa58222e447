import { assertEquals } from "@std/assert";
import { exampleStatus } from "./example_status.ts";

/** Names of the keys of everything inside, but for the counters of reasons, whose keys are values of their own. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ["rejected", "tolerated", "bfd_rejected"].includes(key)
      ? [key]
      : [key, ...keysOf(inner)]
  );
}

Deno.test("docs/status.md names every key of the status document", () => {
  const text = Deno.readTextFileSync(
    new URL("../../docs/status.md", import.meta.url),
  );
  const named = new Set(
    [...text.matchAll(/`([a-zA-Z_.]+)`/g)].flatMap(([, name]) =>
      (name ?? "").split(".")
    ),
  );
  assertEquals(keysOf(exampleStatus()).filter((key) => !named.has(key)), []);
});
