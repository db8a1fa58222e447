/**
 * Jobs that run one after the other where they concern the same thing, and beside each other where they do not.
 *
 * A MASTER script that is slow must not end after the BACKUP script that came later, and must not hold up another
 * instance's scripts. keepalived has no such order: its scripts of one instance overlap.
 *
 * Errors:  a job that fails is its own matter: the next one runs all the same. Jobs must end by themselves, so give
 *          them a time limit.
 * @module
 */
export class OrderedJobs {
  /** The last job of each key that has jobs. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `job` when those put before it with the same key have ended. Never waits. */
  put(key: string, job: () => Promise<void>): void {
    const before = this.#last.get(key) ?? Promise.resolve();
    const ended = before.then(job).catch(() => undefined).then(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    });
    this.#last.set(key, ended);
  }

  /** Resolves when every job that was put has ended, also those put meanwhile. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
