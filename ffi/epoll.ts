/**
 * An epoll set whose members carry a number of ours.
 *
 * Says:    epoll(7), level-triggered. `struct epoll_event` is packed on x86-64 (12 bytes) and not on arm64 (16).
 * Cost:    `wait` allocates nothing.
 * @module
 */
import { check, closeFd, lastErrno, libc } from "./libc.ts";
import { EINTR, SysError } from "./sys_error.ts";

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;

const EVENT_SIZE = Deno.build.arch === "x86_64" ? 12 : 16;
const DATA_OFFSET = Deno.build.arch === "x86_64" ? 4 : 8;

export class Epoll {
  readonly fd: number;
  readonly #events: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #capacity: number;

  /** `capacity` is how many ready members one `wait` can report. */
  constructor(capacity: number) {
    this.fd = check(
      libc().epoll_create1(EPOLL_CLOEXEC),
      "epoll_create1",
      "make an epoll set",
    );
    this.#capacity = capacity;
    this.#events = new Uint8Array(EVENT_SIZE * capacity);
    this.#view = new DataView(this.#events.buffer);
  }

  /** Watches `fd` for input; `token` (0..2^32-1) comes back from {@linkcode Epoll.token}. */
  add(fd: number, token: number): void {
    const event = new Uint8Array(EVENT_SIZE);
    const view = new DataView(event.buffer);
    view.setUint32(0, EPOLLIN, true);
    view.setUint32(DATA_OFFSET, token, true);
    check(
      libc().epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, event),
      "epoll_ctl",
      `watch descriptor ${fd}`,
    );
  }

  remove(fd: number): void {
    const event = new Uint8Array(EVENT_SIZE);
    check(
      libc().epoll_ctl(this.fd, EPOLL_CTL_DEL, fd, event),
      "epoll_ctl",
      `forget descriptor ${fd}`,
    );
  }

  /** Waits at most `timeoutMs` (-1 for ever) and returns how many members are ready; 0 when a signal came. */
  wait(timeoutMs: number): number {
    const ready = libc().epoll_wait(
      this.fd,
      this.#events,
      this.#capacity,
      timeoutMs,
    );
    if (ready >= 0) return ready;
    const errno = lastErrno();
    if (errno === EINTR) return 0;
    throw new SysError("epoll_wait", errno, "wait for events");
  }

  /** Token of the `index`-th ready member of the last {@linkcode Epoll.wait}. */
  token(index: number): number {
    return this.#view.getUint32(index * EVENT_SIZE + DATA_OFFSET, true);
  }

  get capacity(): number {
    return this.#capacity;
  }

  close(): void {
    closeFd(this.fd);
  }
}
