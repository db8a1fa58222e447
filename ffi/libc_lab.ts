/**
 * libc for tests: whatever is looked up stays, and the first test to use it would be called a leak.
 * @module
 */
import { libc } from "./libc.ts";

/** Looks up every symbol. */
export function loadWholeLibc(): void {
  const symbols: Readonly<Record<string, unknown>> = libc();
  for (const name in symbols) void symbols[name];
}
