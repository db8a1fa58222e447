/**
 * Keeps the script running that reads a notify FIFO. keepalived starts it once; here it is started again when it ends.
 *
 * Units:   milliseconds (`…Ms`).
 * @module
 */
import type { NotifyFifo, NotifyScript } from "../config/notify_model.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";

/** How long it must have run for the next restart to be at once. */
const HEALTHY_MS = 60_000;
const RESTART_DELAY_MIN_MS = 1000;
const RESTART_DELAY_MAX_MS = 60_000;
/** How long a reader may take to end by itself when its FIFO is closed. */
const END_PATIENCE_MS = 1000;

export interface FifoReaderOptions {
  readonly path: NotifyFifo["path"];
  readonly script: NotifyScript;
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  /** Told how it ended, when it was not asked to. */
  readonly onEnd: (outcome: ScriptOutcome) => void;
}

export class FifoReader {
  readonly #options: FifoReaderOptions;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #isStopping = false;
  #delayMs = RESTART_DELAY_MIN_MS;
  #endDelay: (() => void) | undefined;

  /** Starts the script. */
  constructor(options: FifoReaderOptions) {
    this.#options = options;
    this.#ended = this.#runAll();
  }

  /** The FIFO is closed: lets the script end by itself for a moment, then makes it end. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endDelay?.();
    const timer = setTimeout(() => this.#stop.abort(), END_PATIENCE_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #runAll(): Promise<void> {
    const { path, script, run, onEnd } = this.#options;
    while (!this.#isStopping) {
      const startedMs = performance.now();
      const outcome = await run({
        words: [...script.words, path],
        user: script.user,
        environment: {},
        input: "",
        timeoutMs: Infinity,
        signal: this.#stop.signal,
      });
      if (this.#isStopping) return;
      onEnd(outcome);
      if (performance.now() - startedMs > HEALTHY_MS) {
        this.#delayMs = RESTART_DELAY_MIN_MS;
      }
      await this.#delay();
    }
  }

  async #delay(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#delayMs);
    this.#endDelay = resolve;
    this.#delayMs = Math.min(2 * this.#delayMs, RESTART_DELAY_MAX_MS);
    await promise;
    clearTimeout(timer);
  }
}
