/**
 * Ignoring signals that Deno has no name for: the real-time ones.
 *
 * Says:    signal(2). A handler in JavaScript is impossible here; ignoring needs none.
 * @module
 */
import { libc } from "./libc.ts";

const SIG_IGN = 1n;

/** Ignores signal number `signal` in the whole process. */
export function ignoreSignal(signal: number): void {
  libc().signal(signal, SIG_IGN);
}
