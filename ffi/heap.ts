/**
 * The heaps of the process: V8's of this isolate, and the C library's.
 *
 * Says:    V8's `gc` (only there with `--expose-gc`), malloc_trim(3) of glibc.
 * Cost:    some milliseconds; threads that allocate C memory meanwhile wait for one of them.
 * @module
 */
import { libc } from "./libc.ts";

/** Gives memory that was freed, or that nobody refers to any more, back to the system. */
export function releaseFreeMemory(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") {
    // The thorough kind: what ran only at the start need not be kept for another start.
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
  }
  libc().malloc_trim(0n);
}
