/**
 * Assertions that stay on in production: for what we broke, never for what a peer or an operator sent.
 * @module
 */

/** A programmer's error: an invariant of hakeep itself does not hold. */
export class BugError extends Error {
  override readonly name = "BugError";
}

/** Throws {@linkcode BugError} with `message` unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** Closes a `switch` over a union: the compiler proves that no variant is left. */
export function unreachable(value: never): never {
  throw new BugError(`Cannot reach this: ${JSON.stringify(value)}`);
}

/** Narrows away `undefined` where an invariant says the value is there. */
export function defined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new BugError(`Expected ${what} to be present`);
  return value;
}
