import { assert, assertEquals } from "@std/assert";
import { startChild } from "./child_processes.ts";

const PLAIN = { user: undefined, environment: {}, input: "" } as const;

// Loads libc, which stays.
await startChild({ ...PLAIN, words: ["true"], onError: () => {} }).ended;

Deno.test("startChild() holds up who floods standard error, and reads to the end", async () => {
  let bytes = 0;
  let last = 0;
  const beginMs = performance.now();
  const child = startChild({
    ...PLAIN,
    words: ["/bin/sh", "-c", "timeout 1 yes flood >&2; printf . >&2"],
    onError: (part) => {
      bytes += part.length;
      last = part.at(-1) ?? 0;
    },
  });
  assertEquals((await child.ended).code, 0);
  assertEquals(last, ".".charCodeAt(0));
  const seconds = (performance.now() - beginMs) / 1000;
  // 128 KiB in 20 ms, and what the pipe holds at the end.
  assert(bytes < (seconds * 50 + 2) * 131_072, `${bytes} B in ${seconds} s`);
});
