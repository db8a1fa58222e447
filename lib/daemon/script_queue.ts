/**
 * Scripts that run one after the other where they concern the same thing, and beside each other where they do not.
 *
 * A MASTER script that is slow must not end after the BACKUP script that came later, and must not hold up another
 * instance's scripts. keepalived has no such order: its scripts of one instance overlap.
 *
 * A job that nobody waits for has {@linkcode QueuePatience.aloneMs}; as soon as a later one waits for it, what is left
 * to it is at most `followedMs`. More than `waitingMax` jobs do not wait: those in the middle are dropped, the
 * oldest first, so that the last state is always told.
 *
 * Units:   milliseconds (`…Ms`).
 * Errors:  a job that fails is its own matter: the next one runs all the same.
 * @module
 */

export interface QueuePatience {
  readonly aloneMs: number;
  readonly followedMs: number;
  /** For the last job of each key once the queue is being closed. */
  readonly closingMs: number;
  readonly waitingMax: number;
}

/** Something to do that ends soon after its signal is aborted. */
export interface QueuedJob {
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** It will not run, for too many came after it. */
  readonly onDropped: () => void;
}

export class ScriptQueue {
  readonly #patience: QueuePatience;
  readonly #lanes = new Map<string, Lane>();
  #isClosing = false;

  constructor(patience: QueuePatience) {
    this.#patience = patience;
  }

  /** Runs `job` when those put before it with the same key have ended. Never waits. */
  put(key: string, job: QueuedJob): void {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(this.#patience, () => this.#lanes.delete(key));
      if (this.#isClosing) lane.close();
      this.#lanes.set(key, lane);
    }
    lane.put(job);
  }

  /** Resolves when every job that was put has ended, also those put meanwhile. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) {
      await Promise.all([...this.#lanes.values()].map(({ ended }) => ended));
    }
  }

  /** Lets only the last job of each key run, and not for long; resolves when all have ended. */
  close(): Promise<void> {
    this.#isClosing = true;
    for (const lane of this.#lanes.values()) lane.close();
    return this.idle();
  }
}

/** The jobs of one key. */
class Lane {
  readonly #patience: QueuePatience;
  readonly #onEnd: () => void;
  readonly #ended = Promise.withResolvers<void>();
  #waiting: QueuedJob[] = [];
  #running: AbortController | undefined;
  #deadlineMs = Infinity;
  #timer: number | undefined;
  #isClosing = false;

  constructor(patience: QueuePatience, onEnd: () => void) {
    this.#patience = patience;
    this.#onEnd = onEnd;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  put(job: QueuedJob): void {
    this.#waiting.push(job);
    const limit = this.#isClosing ? 1 : this.#patience.waitingMax;
    while (this.#waiting.length > limit) this.#waiting.shift()?.onDropped();
    if (this.#running === undefined) void this.#runAll();
    else this.#allow(this.#isClosing ? 0 : this.#patience.followedMs);
  }

  close(): void {
    this.#isClosing = true;
    while (this.#waiting.length > 1) this.#waiting.shift()?.onDropped();
    if (this.#running === undefined) return;
    this.#allow(this.#waiting.length > 0 ? 0 : this.#patience.closingMs);
  }

  async #runAll(): Promise<void> {
    for (let job = this.#waiting.shift(); job !== undefined;) {
      this.#running = new AbortController();
      this.#deadlineMs = Infinity;
      const { aloneMs, followedMs, closingMs } = this.#patience;
      this.#allow(
        this.#isClosing
          ? closingMs
          : this.#waiting.length > 0
          ? followedMs
          : aloneMs,
      );
      await job.run(this.#running.signal).catch(() => undefined);
      clearTimeout(this.#timer);
      job = this.#waiting.shift();
    }
    this.#running = undefined;
    this.#onEnd();
    this.#ended.resolve();
  }

  /** The running job has at most `ms` from now on, and no more than it had. */
  #allow(ms: number): void {
    const deadlineMs = performance.now() + ms;
    if (deadlineMs >= this.#deadlineMs) return;
    this.#deadlineMs = deadlineMs;
    clearTimeout(this.#timer);
    const running = this.#running;
    this.#timer = setTimeout(() => running?.abort(), ms);
  }
}
