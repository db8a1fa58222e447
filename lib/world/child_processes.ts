/**
 * Programs that we start: their standard error, and how they end.
 *
 * One thread sleeps for all of them. Nothing here decides how long one may run, or ends it.
 *
 * Errors:  an error that says why if a program cannot be started.
 * @module
 */
import { Epoll } from "../../ffi/epoll.ts";
import { closeFd } from "../../ffi/libc.ts";
import { isReadable, ReadWatch } from "../../ffi/read_readiness.ts";
import {
  openForWriting,
  openMemory,
  openPidfd,
  openPipe,
  type ProcessEnd,
  readSome,
  reap,
  spawn,
} from "../../ffi/spawn.ts";
import type { Account } from "../config/notify_model.ts";

const ANY_EXECUTE = 0o111;
const CHUNK = 4096;
/** Twice what a pipe holds. Who writes more in so short a time waits for the rest of it: nobody reads all of that. */
const WINDOW_BYTES = 131_072;
const WINDOW_MS = 20;
const EVENTS = 64;
/** Who was killed with a program closes its standard error a moment later; then all is over at once. */
const LEFTOVER_GRACE_MS = 100;

/** A program to start: in the root directory, in a process group of its own, its standard output to nowhere. */
export interface ChildSpec {
  /** The program and its arguments. A file that only a shell can read is given to the shell. */
  readonly words: readonly string[];
  /** Whom it runs as; as this process unless given. */
  readonly user: Account | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** What it finds on standard input. */
  readonly input: string;
  /**
   * Hears what it writes to standard error, piece by piece; not what others write there after its end. The bytes are
   * its own only until it returns: who floods its standard error is not to make garbage of all of it.
   */
  readonly onError: (bytes: Uint8Array) => void;
}

export interface Child {
  /** Of the process, and of its group. */
  readonly pid: number;
  readonly ended: Promise<ChildEnd>;
}

export interface ChildEnd {
  /** 0..255; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  /** `SIGKILL`; undefined when none ended it. */
  readonly signal: string | undefined;
}

/** Starts a program. */
export function startChild(spec: ChildSpec): Child {
  checkProgram(spec.words[0] ?? "");
  const [errors, theirErrors] = openPipe();
  const input = openMemory(new TextEncoder().encode(spec.input));
  const nowhere = openForWriting("/dev/null");
  let pid: number;
  try {
    pid = spawn({
      words: wordsFor(spec),
      environment: spec.environment,
      directory: "/",
      stdin: input,
      stdout: nowhere,
      stderr: theirErrors,
    });
  } catch (error) {
    closeFd(errors);
    throw error;
  } finally {
    closeFd(theirErrors);
    closeFd(input);
    closeFd(nowhere);
  }
  try {
    return { pid, ended: crowd.add(pid, errors, spec.onError) };
  } catch (error) {
    // Who cannot be watched must not run: nobody would end it in time.
    closeFd(errors);
    Deno.kill(pid, "SIGKILL");
    throw error;
  }
}

/** setpriv would say it on its standard error and end as if the program had. */
function checkProgram(program: string): void {
  if (!program.includes("/")) return;
  const { isFile, mode } = Deno.statSync(program);
  if (!isFile || ((mode ?? 0) & ANY_EXECUTE) === 0) {
    throw new Error(`${program} is not executable`);
  }
}

/**
 * posix_spawn changes no user, and cannot have a child told of our death; setpriv (util-linux) does both, and then
 * becomes the program. Who outlived us would read a FIFO beside the one that the next daemon starts.
 */
function wordsFor({ words, user }: ChildSpec): readonly string[] {
  return ["setpriv", "--pdeathsig=TERM", ...identityOf(user), "--", ...words];
}

/** setpriv's options for another user than ours. */
function identityOf(user: Account | undefined): readonly string[] {
  if (user === undefined) return [];
  const { uid, gid, hasSupplementaryGroups = false } = user;
  const isOurs = uid === Deno.uid() && gid === Deno.gid();
  if (isOurs && !hasSupplementaryGroups) return [];
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    hasSupplementaryGroups ? "--init-groups" : "--clear-groups",
  ];
}

interface Running {
  readonly pid: number;
  readonly pidfd: number;
  /** Undefined when everybody has closed it. */
  errors: number | undefined;
  /** When its window began, and what it wrote in it. */
  windowMs: number;
  windowBytes: number;
  /** Runs while its standard error is left unread. */
  pause: number | undefined;
  readonly onError: (bytes: Uint8Array) => void;
  readonly end: (end: ChildEnd) => void;
  /** Undefined while it runs. */
  over: Over | undefined;
}

/** A program that has ended, and perhaps left others running. */
interface Over {
  readonly how: ProcessEnd;
  /** Ends the wait for them. */
  readonly timer: number;
}

/** All that run, and what those left running who hold a standard error of ours. */
class Crowd {
  readonly #byFd = new Map<number, Running>();
  readonly #chunk = new Uint8Array(CHUNK);
  #epoll: Epoll | undefined;
  #watch: ReadWatch | undefined;

  add(
    pid: number,
    errors: number,
    onError: (bytes: Uint8Array) => void,
  ): Promise<ChildEnd> {
    const { promise, resolve } = Promise.withResolvers<ChildEnd>();
    const epoll = this.#open();
    const pidfd = openPidfd(pid);
    const running: Running = {
      pid,
      pidfd,
      errors,
      windowMs: 0,
      windowBytes: 0,
      pause: undefined,
      onError,
      end: resolve,
      over: undefined,
    };
    for (const fd of [pidfd, errors]) {
      this.#byFd.set(fd, running);
      epoll.add(fd, fd);
    }
    return promise;
  }

  #open(): Epoll {
    if (this.#epoll !== undefined) return this.#epoll;
    const epoll = new Epoll(EVENTS);
    try {
      this.#watch = new ReadWatch(epoll.fd, () => this.#look());
    } catch (error) {
      epoll.close();
      throw error;
    }
    this.#epoll = epoll;
    return epoll;
  }

  #look(): void {
    const epoll = this.#open();
    const ready = epoll.wait(0);
    for (let i = 0; i < ready; i++) {
      const fd = epoll.token(i);
      const running = this.#byFd.get(fd);
      if (running === undefined) continue;
      if (fd === running.pidfd) this.#ended(running);
      else this.#readAll(running);
    }
  }

  /** Only what is there: the pipe is a blocking one, for its other end is the program's. */
  #readAll(running: Running): void {
    const nowMs = performance.now();
    if (nowMs - running.windowMs > WINDOW_MS) {
      running.windowMs = nowMs;
      running.windowBytes = 0;
    }
    while (running.windowBytes < WINDOW_BYTES) {
      const { errors } = running;
      if (errors === undefined || !isReadable(errors)) return;
      this.#readOnce(running, errors);
    }
    this.#pause(running);
  }

  #pause(running: Running): void {
    const { errors, pause } = running;
    if (errors === undefined || pause !== undefined) return;
    this.#epoll?.remove(errors);
    running.pause = setTimeout(() => {
      running.pause = undefined;
      this.#epoll?.add(errors, errors);
    }, WINDOW_MS);
  }

  #readOnce(running: Running, errors: number): void {
    const { over, onError } = running;
    const length = readSome(errors, this.#chunk);
    running.windowBytes += length;
    if (length === 0) {
      this.#forgetErrors(running, errors);
      if (over !== undefined) void this.#tell(running, over);
    } else if (over === undefined) onError(this.#chunk.subarray(0, length));
  }

  #ended(running: Running): void {
    const { pid, pidfd } = running;
    const how = reap(pid);
    if (how === undefined) return;
    // All that it wrote is in the pipe.
    running.windowBytes = 0;
    this.#readAll(running);
    this.#forget(pidfd);
    // Whoever it left running may hold the pipe for ever: it is read on, for a closed one would end who writes to it.
    const delayMs = running.errors === undefined ? 0 : LEFTOVER_GRACE_MS;
    const over: Over = {
      how,
      timer: setTimeout(() => void this.#tell(running, over), delayMs),
    };
    running.over = over;
  }

  async #tell({ end }: Running, { how, timer }: Over): Promise<void> {
    clearTimeout(timer);
    await this.#rest();
    const { code, signal } = how;
    end({ code, signal: signal === undefined ? undefined : nameOf(signal) });
  }

  #forget(fd: number): void {
    this.#byFd.delete(fd);
    this.#epoll?.remove(fd);
    closeFd(fd);
  }

  #forgetErrors(running: Running, errors: number): void {
    running.errors = undefined;
    if (running.pause === undefined) {
      this.#forget(errors);
      return;
    }
    clearTimeout(running.pause);
    this.#byFd.delete(errors);
    closeFd(errors);
  }

  /** Nobody left: nothing to wait for. */
  async #rest(): Promise<void> {
    if (this.#byFd.size > 0) return;
    const [watch, epoll] = [this.#watch, this.#epoll];
    this.#watch = undefined;
    this.#epoll = undefined;
    await watch?.stop();
    epoll?.close();
  }
}

const crowd = new Crowd();

/** signal(7), the same on both targets. */
const SIGNAL_NAMES: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

function nameOf(signal: number): string {
  return SIGNAL_NAMES[signal] ?? `signal ${signal}`;
}
