/**
 * Named pipes: making one, and writing to one without waiting for whoever reads it.
 *
 * Says:    fifo(7). Opened for reading too, so that it opens without a reader and writing raises no SIGPIPE.
 * Errors:  making and opening throws {@linkcode SysError}; writing returns the errno, since a full pipe is everyday.
 * @module
 */
import { check, lastErrno, libc } from "./libc.ts";

const O_RDWR = 0o2;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const OWNER_ONLY = 0o600;
/** O_NOFOLLOW is one of the few flags whose number depends on the architecture. */
const O_NOFOLLOW = Deno.build.arch === "aarch64" ? 0o100000 : 0o400000;

/** Makes a FIFO that its owner alone may read and write. */
export function makeFifo(path: string): void {
  check(
    libc().mkfifo(cString(path), OWNER_ONLY),
    "mkfifo",
    `make the FIFO ${path}`,
  );
}

/** Opens a FIFO for writing; a symbolic link is refused. */
export function openFifo(path: string): number {
  return check(
    libc().open(cString(path), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW),
    "open",
    `open the FIFO ${path}`,
  );
}

/** Gives what is open as `fd` to somebody. */
export function giveTo(fd: number, uid: number, gid: number): void {
  check(libc().fchown(fd, uid, gid), "fchown", `give a FIFO to user ${uid}`);
}

/** Writes all of `bytes`, at most 4096, or nothing; returns 0, or the errno. */
export function writeFifo(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  return libc().write(fd, bytes, BigInt(bytes.length)) < 0 ? lastErrno() : 0;
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
