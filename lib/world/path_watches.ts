/**
 * Watches on files and directories, shared by all who follow them.
 *
 * Nothing here waits, retries or decides: whoever follows paths hears what happened to them and looks for himself.
 *
 * Errors:  none are thrown: why a path is not watched is answered.
 * @module
 */
import { closeFd } from "../../ffi/libc.ts";
import {
  addWatch,
  IN,
  type InotifyEvent,
  openInotify,
  readInotify,
  removeWatch,
} from "../../ffi/inotify.ts";
import { ReadWatch } from "../../ffi/read_readiness.ts";
import { fileSystemType } from "../../ffi/statfs.ts";
import { errnoName, SysError } from "../../ffi/sys_error.ts";

/** One mask for all: two who follow the same thing share its watch. */
const MASK = IN.closeWrite | IN.movedFrom | IN.movedTo | IN.create |
  IN.delete | IN.deleteSelf | IN.moveSelf;

/** Where changes by others, or by the kernel, are not told: NFS, CIFS, SMB, AFS, Ceph, FUSE, 9p, proc, sysfs, cgroup. */
const SILENT = new Set([
  0x6969,
  0xff534d42,
  0xfe534d42,
  0x517b,
  0x5346414f,
  0x00c36400,
  0x65735546,
  0x01021997,
  0x9fa0,
  0x62656572,
  0x27e0eb,
  0x63677270,
]);

/** Something happened to a followed path. */
export interface PathEvent {
  /** In a directory: the entry. Empty for the path itself, or when events were lost. */
  readonly name: string;
  /** A new entry, perhaps not written yet, and nothing more. */
  readonly isOnlyCreated: boolean;
}

export class PathWatches {
  #fd: number | undefined;
  #readiness: ReadWatch | undefined;
  readonly #followers = new Map<number, Set<PathFollower>>();

  /** Somebody who hears of what happens to paths, once he named some. */
  follower(onEvents: (events: readonly PathEvent[]) => void): PathFollower {
    return new PathFollower(this, onEvents);
  }

  /** Ends all watches. */
  async close(): Promise<void> {
    await this.#readiness?.stop();
    this.#readiness = undefined;
    if (this.#fd !== undefined) closeFd(this.#fd);
    this.#fd = undefined;
    this.#followers.clear();
  }

  /** Internal: the watch on `path`, or the errno as a negative number. */
  add(path: string, follower: PathFollower): number {
    const fd = this.#open();
    const watch = fd < 0 ? fd : addWatch(fd, path, MASK);
    if (watch < 0) return watch;
    const followers = this.#followers.get(watch);
    if (followers === undefined) {
      this.#followers.set(watch, new Set([follower]));
    } else followers.add(follower);
    return watch;
  }

  /** The descriptor, or the errno as a negative number: a user's instances of inotify are counted. */
  #open(): number {
    if (this.#fd !== undefined) return this.#fd;
    let fd: number | undefined;
    try {
      fd = openInotify();
      this.#readiness = new ReadWatch(fd, () => this.#read());
      this.#fd = fd;
      return fd;
    } catch (error) {
      if (fd !== undefined) closeFd(fd);
      if (error instanceof SysError) return -error.errno;
      throw error;
    }
  }

  /** Internal: `follower` does not need `watch` any more. */
  drop(watch: number, follower: PathFollower): void {
    const followers = this.#followers.get(watch);
    if (followers === undefined || this.#fd === undefined) return;
    followers.delete(follower);
    if (followers.size > 0) return;
    this.#followers.delete(watch);
    removeWatch(this.#fd, watch);
  }

  #read(): void {
    if (this.#fd === undefined) return;
    const heard = new Map<PathFollower, PathEvent[]>();
    for (const event of readInotify(this.#fd)) {
      for (const follower of this.#concerned(event)) {
        const events = heard.get(follower) ?? [];
        events.push({
          name: event.name,
          isOnlyCreated: (event.mask & IN.create) !== 0,
        });
        heard.set(follower, events);
      }
      if ((event.mask & IN.ignored) !== 0) this.#followers.delete(event.watch);
    }
    for (const [follower, events] of heard) follower.hear(events);
  }

  #concerned({ watch, mask }: InotifyEvent): readonly PathFollower[] {
    return (mask & IN.overflow) !== 0
      ? [...new Set([...this.#followers.values()].flatMap((one) => [...one]))]
      : [...this.#followers.get(watch) ?? []];
  }
}

export class PathFollower {
  readonly #watches: PathWatches;
  readonly #onEvents: (events: readonly PathEvent[]) => void;
  #own = new Set<number>();
  #isClosed = false;

  constructor(
    watches: PathWatches,
    onEvents: (events: readonly PathEvent[]) => void,
  ) {
    this.#watches = watches;
    this.#onEvents = onEvents;
  }

  /**
   * Follows what `paths` lead to now, and nothing else any more. Returns why one of them is not watched, or tells
   * only part of what happens; undefined when all is well.
   */
  follow(paths: readonly string[]): string | undefined {
    const before = this.#own;
    this.#own = new Set();
    let problem: string | undefined;
    for (const path of paths) {
      const watch = this.#watches.add(path, this);
      if (watch >= 0) this.#own.add(watch);
      else problem ??= `inotify refuses ${path} (${errnoName(-watch)})`;
      if (SILENT.has(fileSystemType(path) ?? 0)) {
        problem ??= `the file system of ${path} does not tell all changes`;
      }
    }
    for (const watch of before) {
      if (!this.#own.has(watch)) this.#watches.drop(watch, this);
    }
    return problem;
  }

  /** Follows nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.follow([]);
  }

  /** Internal. */
  hear(events: readonly PathEvent[]): void {
    if (!this.#isClosed) this.#onEvents(events);
  }
}
