/**
 * Removing a file that may be gone already.
 * @module
 */

/** Removes `path`; that it is not there is as good. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
