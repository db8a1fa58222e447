/**
 * Writing a file so that nobody ever sees half of it, and no other is lost by accident.
 * @module
 */
import { basename, dirname, join } from "@std/path";

/** Readable for its owner alone: a configuration may hold passwords. */
const MODE = 0o600;

/**
 * Writes `text` to `path` by way of a temporary file beside it. An existing file is replaced only with `force`.
 * Returns what went wrong, undefined when nothing did.
 */
export function writeNewFile(
  path: string,
  text: string,
  force: boolean,
): string | undefined {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}`,
  );
  try {
    writeThrough(temporary, text);
  } catch (error) {
    removeIfThere(temporary);
    return `cannot write ${path}: ${reasonOf(error)}`;
  }
  try {
    if (force) Deno.renameSync(temporary, path);
    // A link, unlike a rename, never replaces a file.
    else Deno.linkSync(temporary, path);
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.AlreadyExists
      ? `${path} exists already; --force replaces it`
      : `cannot write ${path}: ${reasonOf(error)}`;
  } finally {
    removeIfThere(temporary);
  }
}

/** Writes the file and waits until it is on the disk. */
function writeThrough(path: string, text: string) {
  using file = Deno.openSync(path, {
    write: true,
    createNew: true,
    mode: MODE,
  });
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
  file.syncSync();
}

function removeIfThere(path: string) {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
