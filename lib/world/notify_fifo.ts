/**
 * Notify FIFOs as the daemon wants them: found or made, opened, written without waiting, removed if we made them.
 *
 * Says:    keepalived's rule for what is there already: a FIFO that belongs to us, or to whom it is for.
 * Errors:  what cannot be opened is an error text; writing answers with an outcome.
 * @module
 */
import { giveTo, makeFifo, openFifo, writeFifo } from "../../ffi/fifo.ts";
import { closeFd } from "../../ffi/libc.ts";
import { EAGAIN, errnoName } from "../../ffi/sys_error.ts";
import type { Account } from "../config/notify_model.ts";

/** An open FIFO. */
export interface OpenFifo {
  /** `full`: nobody reads, or not fast enough. Else the name of the error. */
  write(line: string): "sent" | "full" | { readonly error: string };
  /** Whether the path still leads to it. */
  isInPlace(): boolean;
  /** Closes it and, if it was made here, removes it. */
  close(): void;
}

/** Makes the FIFO at `path` if there is none, and opens it. */
export function openNotifyFifo(
  path: string,
  owner: Account | undefined,
): OpenFifo | { readonly error: string } {
  try {
    const isOurs = placeFifo(path, owner);
    const fd = openFifo(path);
    const opened = Deno.statSync(`/proc/self/fd/${fd}`);
    if (!opened.isFifo) {
      closeFd(fd);
      return { error: "there is something else at its place" };
    }
    if (isOurs && owner !== undefined) giveTo(fd, owner.uid, owner.gid);
    const isInPlace = () => {
      const now = lookAt(path);
      return now?.ino === opened.ino && now?.dev === opened.dev;
    };
    return {
      write: (line) => {
        const errno = writeFifo(fd, new TextEncoder().encode(line));
        if (errno === 0) return "sent";
        return errno === EAGAIN ? "full" : { error: errnoName(errno) };
      },
      isInPlace,
      close: () => {
        if (isOurs && isInPlace()) Deno.removeSync(path);
        closeFd(fd);
      },
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** True if the FIFO was made here. */
function placeFifo(path: string, owner: Account | undefined): boolean {
  const before = lookAt(path);
  if (before === undefined) {
    makeFifo(path);
    return true;
  }
  if (!before.isFifo) throw new Error("there is something else at its place");
  if (before.uid !== Deno.uid() && before.uid !== owner?.uid) {
    throw new Error(`it is there and belongs to user ${before.uid}`);
  }
  return false;
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
