/**
 * One run of a script: its own process group, its own user, an end in time.
 *
 * Says:    keepalived's environment for scripts: inherited without IFS, LD_PRELOAD and LD_LIBRARY_PATH. Beyond it a
 *          script finds its event in variables and on standard input.
 * Units:   milliseconds (`…Ms`).
 * Errors:  none are thrown: what went wrong is in the outcome.
 * @module
 */

/** Bytes of standard error that are kept: the last ones, for the reason stands at the end. */
const ERROR_TAIL_BYTES = 512;
const UNWANTED = ["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"];

export interface ScriptRun {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Whom it runs as; as the daemon unless given. Supplementary groups are dropped with it. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its standard input. */
  readonly input: string;
  /** After this long its whole process group is killed. */
  readonly timeoutMs: number;
}

export type ScriptOutcome =
  | {
    readonly kind: "ended";
    /** 0..255; 128 and the signal's number when a signal ended it. */
    readonly code: number;
    readonly errorTail: string;
  }
  | { readonly kind: "timedOut"; readonly errorTail: string }
  /** It never ran. */
  | { readonly kind: "failed"; readonly why: string };

/** Runs a script to its end. */
export async function runScript(run: ScriptRun): Promise<ScriptOutcome> {
  const [program = "", ...args] = run.words;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      cwd: "/",
      clearEnv: true,
      env: environmentFor(run.environment),
      // A group of its own, so that what the script started ends with it.
      detached: true,
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
      ...run.user,
    }).spawn();
  } catch (error) {
    return { kind: "failed", why: textOf(error) };
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killGroup(child.pid);
  }, run.timeoutMs);
  const tail = new ErrorTail(child.stderr);
  const [status] = await Promise.all([
    child.status,
    feed(child.stdin, run.input),
  ]);
  clearTimeout(timer);
  const errorTail = await tail.close();
  return isLate
    ? { kind: "timedOut", errorTail }
    : { kind: "ended", code: status.code, errorTail };
}

function environmentFor(
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const inherited = Deno.env.toObject();
  for (const name of UNWANTED) delete inherited[name];
  return { ...inherited, ...own };
}

/** A script that does not read is no error. */
async function feed(
  stdin: WritableStream<Uint8Array>,
  input: string,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch {
    // The script ended, or closed its standard input, before it read all: its own choice.
  }
}

/** Reads standard error and keeps its end; what a script leaves running may hold it open for ever. */
class ErrorTail {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #done: Promise<void>;
  #tail = new Uint8Array();

  constructor(stderr: ReadableStream<Uint8Array>) {
    this.#reader = stderr.getReader();
    this.#done = this.#read();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      const whole = new Uint8Array(this.#tail.length + value.length);
      whole.set(this.#tail);
      whole.set(value, this.#tail.length);
      this.#tail = whole.slice(-ERROR_TAIL_BYTES);
    }
  }

  /** The script ended: what it wrote before is in the pipe, and nobody waits for what comes after. */
  async close(): Promise<string> {
    const grace = setTimeout(() => void this.#reader.cancel(), 100);
    await this.#done;
    clearTimeout(grace);
    return new TextDecoder().decode(this.#tail).trim();
  }
}

function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch (error) {
    // It ended by itself between the timer and here.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
