/**
 * When to look whether something of ours is as it was left: at once when something was heard, and then not too often.
 *
 * Who changes it in a loop, as another daemon with the same name for its table does, must not make us a busy loop: the
 * pause after a look doubles with each that finds a change soon after another, and is the short one again after a quiet
 * time.
 *
 * Units:   nanoseconds, monotonic.
 * @module
 */
import type { Timers } from "./timers.ts";

/** What is heard of in between is looked at in the end. */
const PAUSE_MIN_NS = 100e6;
const PAUSE_MAX_NS = 10e9;
/** Who left it alone for so many pauses does not change it in a loop. */
const QUIET_PAUSES = 3;

export class Lookout {
  readonly #timers: Timers;
  readonly #look: () => boolean;
  #cancel: (() => void) | undefined;
  #pauseNs = PAUSE_MIN_NS;
  #lookedAtNs = -Infinity;
  #changedAtNs = -Infinity;

  /** `look` says whether it found a change. */
  constructor(timers: Timers, look: () => boolean) {
    this.#timers = timers;
    this.#look = look;
  }

  /** Something may have changed. */
  wake(): void {
    if (this.#cancel !== undefined) return;
    const atNs = Math.max(
      this.#timers.nowNs(),
      this.#lookedAtNs + this.#pauseNs,
    );
    this.#cancel = this.#timers.at(atNs, () => this.#lookNow());
  }

  /** Looks no more, until the next `wake`. */
  sleep(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #lookNow(): void {
    this.#cancel = undefined;
    const nowNs = this.#timers.nowNs();
    this.#lookedAtNs = nowNs;
    const isChanged = this.#look();
    if (!isChanged) return;
    if (nowNs - this.#changedAtNs > QUIET_PAUSES * this.#pauseNs) {
      this.#pauseNs = PAUSE_MIN_NS;
    }
    this.#changedAtNs = nowNs;
    this.#pauseNs = Math.min(2 * this.#pauseNs, PAUSE_MAX_NS);
  }
}
