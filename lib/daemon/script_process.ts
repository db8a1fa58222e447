/**
 * One run of a script: its own process group, its own user, an end in time.
 *
 * Says:    keepalived's environment for scripts: inherited without IFS, LD_PRELOAD and LD_LIBRARY_PATH. Beyond it a
 *          script finds its event in variables and on standard input.
 * Units:   milliseconds (`…Ms`).
 * Errors:  none are thrown: what went wrong is in the outcome.
 * @module
 */
import type { Account } from "../config/notify_model.ts";
import { type Child, startChild } from "../world/child_processes.ts";

/** Bytes of standard error that are kept: the last ones, for the reason stands at the end. */
const ERROR_TAIL_BYTES = 512;
/** From SIGTERM to SIGKILL, unless a run says otherwise. */
const KILL_GRACE_MS = 1000;
/** From SIGKILL until the process is given up. */
const IN_VAIN_MS = 1000;
const UNWANTED = ["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"];

export interface ScriptRun {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Whom it runs as; as the daemon unless given. */
  readonly user: Account | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its standard input. */
  readonly input: string;
  /** After this long its whole process group is told to end; Infinity: never. */
  readonly timeoutMs: number;
  /** From SIGTERM to SIGKILL; 1 s unless given. */
  readonly graceMs?: number;
  /** Called when the time is over, before the run ends. */
  readonly onLate?: () => void;
  /** Tells it to end before its time. Who does not is killed, and waited for a second more. */
  readonly signal?: AbortSignal;
}

export type ScriptOutcome =
  | {
    readonly kind: "ended";
    /** 0..255; 128 and the signal's number when a signal ended it. */
    readonly code: number;
    /** The signal that ended it; absent when none did. */
    readonly signal?: string;
    readonly errorTail: string;
  }
  | { readonly kind: "timedOut"; readonly errorTail: string }
  /** The signal of the run told it to end. */
  | { readonly kind: "aborted"; readonly errorTail: string }
  /** It never ran. */
  | { readonly kind: "failed"; readonly why: string };

/** Runs a script to its end. */
export async function runScript(run: ScriptRun): Promise<ScriptOutcome> {
  const tail = new ErrorTail();
  let child: Child;
  try {
    child = startChild({
      words: run.words,
      user: run.user,
      environment: environmentFor(run.environment),
      input: run.input,
      onError: (bytes) => tail.add(bytes),
    });
  } catch (error) {
    return { kind: "failed", why: textOf(error) };
  }
  const ending = new Ending(child.pid, run);
  const end = await Promise.race([child.ended, ending.inVain]);
  ending.over();
  const errorTail = tail.text;
  const { cause } = ending;
  if (cause !== undefined || end === undefined) {
    return { kind: cause ?? "timedOut", errorTail };
  }
  const { code, signal } = end;
  return signal === undefined
    ? { kind: "ended", code, errorTail }
    : { kind: "ended", code, signal, errorTail };
}

/**
 * Ends a process group in time or when it is asked to: SIGTERM, and SIGKILL for who does not hear it. Who does not end
 * even then, because the kernel holds it or it is not ours to end, is waited for no longer.
 */
class Ending {
  /** Why the process was told to end, if it was. */
  cause: "timedOut" | "aborted" | undefined;
  readonly #inVain = Promise.withResolvers<undefined>();
  readonly #pid: number;
  readonly #graceMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.#end("aborted");
  #timer: number | undefined;

  constructor(
    pid: number,
    { timeoutMs, graceMs = KILL_GRACE_MS, onLate, signal }: ScriptRun,
  ) {
    this.#pid = pid;
    this.#graceMs = graceMs;
    this.#signal = signal;
    if (timeoutMs !== Infinity) {
      this.#timer = setTimeout(() => {
        this.#end("timedOut");
        onLate?.();
      }, timeoutMs);
    }
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Resolves when nothing more can be done. */
  get inVain(): Promise<undefined> {
    return this.#inVain.promise;
  }

  /** The process has ended. What it started and did not end when it was told to goes too. */
  over(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#abort);
    if (this.cause !== undefined) signalGroup(this.#pid, "SIGKILL");
  }

  #end(cause: "timedOut" | "aborted"): void {
    if (this.cause !== undefined) return;
    this.cause = cause;
    clearTimeout(this.#timer);
    signalGroup(this.#pid, "SIGTERM");
    this.#timer = setTimeout(() => this.#kill(), this.#graceMs);
  }

  #kill(): void {
    signalGroup(this.#pid, "SIGKILL");
    this.#timer = setTimeout(
      () => this.#inVain.resolve(undefined),
      IN_VAIN_MS,
    );
  }
}

function environmentFor(
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Deno.env.toObject();
  for (const name of UNWANTED) delete inherited[name];
  return { ...inherited, ...own };
}

/** The end of what was written; takes the same room whatever that was. */
class ErrorTail {
  readonly #tail = new Uint8Array(ERROR_TAIL_BYTES);
  #length = 0;

  add(bytes: Uint8Array): void {
    const own = bytes.subarray(-ERROR_TAIL_BYTES);
    const kept = Math.min(this.#length, ERROR_TAIL_BYTES - own.length);
    this.#tail.copyWithin(0, this.#length - kept, this.#length);
    this.#tail.set(own, kept);
    this.#length = kept + own.length;
  }

  get text(): string {
    return new TextDecoder().decode(this.#tail.subarray(0, this.#length))
      .trim();
  }
}

function signalGroup(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal);
  } catch {
    // It ended by itself between the timer and here; or it is not ours to end, and is left alone.
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
