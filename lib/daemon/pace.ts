/**
 * Lets other work in between: one turn of the event loop for each caller.
 *
 * Starting a program takes the thread that does it a third of a millisecond, on a busy machine tens of them. When
 * hundreds of instances change at once, the log, the control socket and the watchdog are not to wait for all of them.
 * @module
 */
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";

export class Pace {
  #last = Promise.resolve();

  /** Resolves in a turn of its own, after those that asked before. */
  turn(): Promise<void> {
    this.#last = this.#last.then(() =>
      new Promise((resolve) => setTimeout(resolve))
    );
    return this.#last;
  }
}

type RunScript = (run: ScriptRun) => Promise<ScriptOutcome>;

/** `run`, each time in a turn of its own; who is aborted before its turn is not started. */
export function paced(run: RunScript): RunScript {
  const pace = new Pace();
  return async (script) => {
    await pace.turn();
    return script.signal?.aborted === true
      ? { kind: "aborted", errorTail: "" }
      : await run(script);
  };
}
