/**
 * The FIFOs that get a line for every change, and the scripts that read them.
 *
 * A FIFO that a reload leaves as it is stays open, so that its reader sees no end; keepalived makes it anew.
 *
 * Errors:  told through the log; a FIFO that cannot be opened is tried again at the next reload.
 * @module
 */
import type { NotifyFifo } from "../config/notify_model.ts";
import type { LogRecord } from "../log/log_record.ts";
import { type OpenFifo, openNotifyFifo } from "../world/notify_fifo.ts";
import { FifoReader } from "./fifo_reader.ts";
import { wordFifo, wordReader } from "./notify_wording.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";

export interface NotifyFifosOptions {
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  readonly log: (record: LogRecord) => void;
}

interface Channel {
  readonly fifo: NotifyFifo;
  readonly open: OpenFifo;
  readonly reader: FifoReader | undefined;
}

export class NotifyFifos {
  readonly #options: NotifyFifosOptions;
  #channels: Channel[] = [];
  /** Readers of FIFOs that are gone. */
  readonly #leaving = new Set<Promise<void>>();

  constructor(options: NotifyFifosOptions) {
    this.#options = options;
  }

  /** From now on these are the FIFOs. */
  replan(fifos: readonly NotifyFifo[]): void {
    const before = this.#channels;
    const isSame = ({ fifo, open }: Channel) =>
      open.isInPlace() &&
      fifos.some((one) => JSON.stringify(one) === JSON.stringify(fifo));
    this.#channels = before.filter(isSame);
    for (const channel of before.filter((one) => !isSame(one))) {
      this.#close(channel);
    }
    for (const fifo of fifos) {
      if (this.#channels.some(({ fifo: { path } }) => path === fifo.path)) {
        continue;
      }
      this.#open(fifo);
    }
  }

  /** Writes a line to all of them; never waits. */
  write(line: string): void {
    for (const { fifo, open } of this.#channels) {
      const outcome = open.write(line);
      if (outcome === "sent") continue;
      this.#options.log(wordFifo(
        fifo.path,
        outcome === "full"
          ? "it is full, and a line is lost: nobody reads it, or not fast enough"
          : `a line is lost: write failed with ${outcome.error}`,
      ));
    }
  }

  /** Closes all of them; resolves when their readers have ended. */
  async close(): Promise<void> {
    this.replan([]);
    await Promise.all(this.#leaving);
  }

  #open(fifo: NotifyFifo): void {
    const { path, owner, reader } = fifo;
    const { run, log } = this.#options;
    const open = openNotifyFifo(path, owner);
    if ("error" in open) {
      log(wordFifo(path, open.error));
      return;
    }
    this.#channels.push({
      fifo,
      open,
      reader: reader && new FifoReader({
        path,
        script: reader,
        run,
        onEnd: (outcome) => log(wordReader(path, outcome)),
      }),
    });
  }

  #close({ open, reader }: Channel): void {
    open.close();
    if (reader === undefined) return;
    const left = reader.stop().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }
}
