/**
 * The C heap of the process.
 *
 * Says:    malloc_trim(3), glibc's own.
 * Cost:    about a millisecond; threads that allocate meanwhile wait that long.
 * @module
 */
import { libc } from "./libc.ts";

/** Gives memory that was freed back to the system. */
export function releaseFreeMemory(): void {
  libc().malloc_trim(0n);
}
