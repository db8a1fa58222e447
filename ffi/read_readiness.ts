/**
 * Waits until a descriptor has something to read, without holding up the isolate.
 *
 * Deno can wait for sockets and files that it opened itself, and for no others. So poll(2) runs on another thread:
 * the one call here that does. Its errno would be that thread's and is not looked at: whoever reads next learns what
 * is wrong with the descriptor.
 *
 * Says:    poll(2).
 * Cost:    a thread that sleeps, a few tens of kilobytes, for each descriptor that is waited for.
 * @module
 */
import { closeFd, libc } from "./libc.ts";
import { openSocketPair } from "./unix_socket.ts";

const POLLIN = 1;
const POLLFD_SIZE = 8;
const FOREVER = -1;

/** True if a read from `fd` would not wait: there is something, or the end. */
export function isReadable(fd: number): boolean {
  const pollfd = new Uint8Array(POLLFD_SIZE);
  const view = new DataView(pollfd.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLLIN, true);
  return libc().poll(pollfd, 1n, 0) === 1;
}

/** Calls `onReadable` whenever `fd` has something to read, or is broken; it is to read all that is there. */
export class ReadWatch {
  readonly #fd: number;
  readonly #onReadable: () => void;
  /** Closing ours wakes the thread that looks at theirs. */
  readonly #ours: number;
  readonly #theirs: number;
  #isStopped = false;
  readonly #done: Promise<void>;

  constructor(fd: number, onReadable: () => void) {
    this.#fd = fd;
    this.#onReadable = onReadable;
    [this.#ours, this.#theirs] = openSocketPair();
    this.#done = this.#watch();
  }

  async #watch(): Promise<void> {
    const pollfds = new Uint8Array(2 * POLLFD_SIZE);
    const view = new DataView(pollfds.buffer);
    view.setInt32(0, this.#fd, true);
    view.setInt16(4, POLLIN, true);
    view.setInt32(POLLFD_SIZE, this.#theirs, true);
    view.setInt16(POLLFD_SIZE + 4, POLLIN, true);
    while (!this.#isStopped) {
      await libc().pollElsewhere(pollfds, 2n, FOREVER);
      if (!this.#isStopped && view.getInt16(6, true) !== 0) this.#onReadable();
    }
    closeFd(this.#theirs);
  }

  /** Ends the watch; the descriptor may be closed when the promise is fulfilled. */
  async stop(): Promise<void> {
    if (!this.#isStopped) {
      this.#isStopped = true;
      closeFd(this.#ours);
    }
    await this.#done;
  }
}
