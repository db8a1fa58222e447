/**
 * Being told what happens to files and in directories.
 *
 * Says:    inotify(7). Deno's own watcher cannot tell that a writer has finished from that somebody opened a file.
 * Errors:  {@linkcode SysError} for what cannot be opened; watching answers with the errno, for a path that is not
 *          there is everyday.
 * @module
 */
import { check, lastErrno, libc } from "./libc.ts";
import { EAGAIN, EINTR, SysError } from "./sys_error.ts";

const IN_NONBLOCK = 0o4000;
const IN_CLOEXEC = 0o2000000;
/** sizeof(struct inotify_event) without its name. */
const EVENT_SIZE = 16;
const CHUNK = 16384;

/** Kinds of events, as one mask. */
export const IN = {
  closeWrite: 0x8,
  movedFrom: 0x40,
  movedTo: 0x80,
  create: 0x100,
  delete: 0x200,
  deleteSelf: 0x400,
  moveSelf: 0x800,
  overflow: 0x4000,
  ignored: 0x8000,
} as const;

export interface InotifyEvent {
  /** The watch it is about; -1 when events were lost. */
  readonly watch: number;
  readonly mask: number;
  /** In a directory: the entry. Empty for the watched thing itself. */
  readonly name: string;
}

/** Opens an instance without watches, non-blocking. */
export function openInotify(): number {
  return check(
    libc().inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
    "inotify_init1",
    "watch files",
  );
}

/** Watches what `path` leads to; the same thing has one watch. Returns it, or the errno as a negative number. */
export function addWatch(fd: number, path: string, mask: number): number {
  const name = new TextEncoder().encode(`${path}\0`);
  const watch = libc().inotify_add_watch(fd, name, mask);
  return watch < 0 ? -lastErrno() : watch;
}

/** Ends a watch; one that ended by itself is no error. */
export function removeWatch(fd: number, watch: number): void {
  libc().inotify_rm_watch(fd, watch);
}

/** All events that are there now. */
export function readInotify(fd: number): readonly InotifyEvent[] {
  const events: InotifyEvent[] = [];
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    const length = libc().read(fd, chunk, BigInt(CHUNK));
    if (length < 0) {
      const errno = lastErrno();
      if (errno === EINTR) continue;
      if (errno === EAGAIN) return events;
      throw new SysError("read", errno, "watch files");
    }
    decodeEvents(chunk.subarray(0, length), events);
  }
}

function decodeEvents(bytes: Uint8Array, into: InotifyEvent[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + EVENT_SIZE <= bytes.length;) {
    const nameLength = view.getUint32(at + 12, true);
    const padded = bytes.subarray(
      at + EVENT_SIZE,
      at + EVENT_SIZE + nameLength,
    );
    const end = padded.indexOf(0);
    into.push({
      watch: view.getInt32(at, true),
      mask: view.getUint32(at + 4, true),
      name: new TextDecoder().decode(
        end < 0 ? padded : padded.subarray(0, end),
      ),
    });
    at += EVENT_SIZE + nameLength;
  }
}
