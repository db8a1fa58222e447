/**
 * One absolute deadline on the monotonic clock that makes a descriptor readable.
 *
 * Says:    timerfd_create(2).
 * Units:   nanoseconds, monotonic.
 * Cost:    allocates nothing after construction.
 * @module
 */
import { check, closeFd, libc } from "./libc.ts";

const CLOCK_MONOTONIC = 1;
const TFD_NONBLOCK = 0o4000;
const TFD_CLOEXEC = 0o2000000;
const TFD_TIMER_ABSTIME = 1;

export class Timerfd {
  readonly fd: number;
  readonly #spec = new Uint32Array(8);
  #armedAtNs = Infinity;

  constructor() {
    this.fd = check(
      libc().timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
      "timerfd_create",
      "make a timer",
    );
  }

  /**
   * Readable from `deadlineNs` on; `Infinity` disarms. Setting a timer also forgets that it expired,
   * so a loop that always sets its next deadline needs no read.
   */
  arm(deadlineNs: number): void {
    const spec = this.#spec;
    if (deadlineNs === Infinity) {
      spec[4] = 0;
      spec[6] = 0;
    } else {
      const seconds = Math.floor(deadlineNs / 1e9);
      const nanoseconds = Math.floor(deadlineNs - seconds * 1e9);
      spec[4] = seconds;
      // All zero would disarm; a deadline in the distant past is still a deadline.
      spec[6] = seconds === 0 && nanoseconds === 0 ? 1 : nanoseconds;
    }
    check(
      libc().timerfd_settime(this.fd, TFD_TIMER_ABSTIME, spec, null),
      "timerfd_settime",
      "arm a timer",
    );
    this.#armedAtNs = deadlineNs;
  }

  /** The deadline it is set to. */
  get armedAtNs(): number {
    return this.#armedAtNs;
  }

  close(): void {
    closeFd(this.fd);
  }
}
