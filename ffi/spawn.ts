/**
 * Starting a program without copying this process, and learning how it ended.
 *
 * fork(2) would copy the page tables of a process this large, and after it every page that the engine writes to is a
 * fault: measured, adverts left up to 47 ms late. posix_spawn(3) of glibc shares the memory until the program runs,
 * and only the thread that calls it waits for that.
 *
 * Says:    posix_spawn(3), pidfd_open(2), waitpid(2).
 * Errors:  {@linkcode SysError}.
 * @module
 */
import { addressOf, check, libc } from "./libc.ts";
import { SysError } from "./sys_error.ts";

const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
/** More than sizeof of either structure: 80 and 336 on both targets. */
const STRUCTURE_BYTES = 512;
const SIGSET_BYTES = 128;
const SIGNALS = 64;
/** glibc keeps these two for itself and refuses them. */
const RESERVED_SIGNALS = [32, 33];
const SIGKILL = 9;
const SIGSTOP = 19;
const SYS_PIDFD_OPEN = 434n;
const WNOHANG = 1;
const O_CLOEXEC = 0o2000000;
const MFD_CLOEXEC = 1;

/** A program to start, in a session and so in a process group of its own, with all signals as they are by default. */
export interface SpawnSpec {
  /** The program, looked for in PATH if it has no slash, and its arguments. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Descriptors that become 0, 1 and 2; no other is passed on. */
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
}

/** Starts it; returns its process id. The error is that of execve(2) if the program cannot be run. */
export function spawn(spec: SpawnSpec): number {
  const [program = ""] = spec.words;
  const pid = new Int32Array(1);
  const actions = new Uint8Array(STRUCTURE_BYTES);
  const attributes = new Uint8Array(STRUCTURE_BYTES);
  const argv = new PointerList(spec.words);
  const envp = new PointerList(
    Object.entries(spec.environment).map(([key, value]) => `${key}=${value}`),
  );
  libc().posix_spawn_file_actions_init(actions);
  libc().posix_spawnattr_init(attributes);
  describe(actions, attributes, spec);
  const errno = libc().posix_spawnp(
    pid,
    cString(program),
    actions,
    attributes,
    argv.pointers,
    envp.pointers,
  );
  libc().posix_spawn_file_actions_destroy(actions);
  libc().posix_spawnattr_destroy(attributes);
  if (errno !== 0) throw new SysError("posix_spawn", errno, `run ${program}`);
  return pid[0] ?? 0;
}

function describe(
  actions: Uint8Array<ArrayBuffer>,
  attributes: Uint8Array<ArrayBuffer>,
  spec: SpawnSpec,
): void {
  const { stdin, stdout, stderr, directory } = spec;
  [stdin, stdout, stderr].forEach((fd, as) =>
    libc().posix_spawn_file_actions_adddup2(actions, fd, as)
  );
  // Ours are close-on-exec; what this process was started with, or opens this moment on another thread, may not be.
  libc().posix_spawn_file_actions_addclosefrom_np?.(actions, 3);
  libc().posix_spawn_file_actions_addchdir_np(actions, cString(directory));
  libc().posix_spawnattr_setflags(
    attributes,
    SETSIGDEF | SETSIGMASK | SETSID,
  );
  libc().posix_spawnattr_setsigdefault(attributes, allSignals());
  libc().posix_spawnattr_setsigmask(attributes, new Uint8Array(SIGSET_BYTES));
}

function allSignals(): Uint8Array<ArrayBuffer> {
  const set = new Uint8Array(SIGSET_BYTES);
  for (let signal = 1; signal <= SIGNALS; signal++) {
    if (
      signal === SIGKILL || signal === SIGSTOP ||
      RESERVED_SIGNALS.includes(signal)
    ) continue;
    const at = (signal - 1) >> 3;
    set[at] = (set[at] ?? 0) | (1 << ((signal - 1) & 7));
  }
  return set;
}

/** `char *list[]`, with a NULL at the end. Keep it as long as it is in use. */
class PointerList {
  readonly pointers: Uint8Array<ArrayBuffer>;
  readonly #texts: readonly Uint8Array<ArrayBuffer>[];

  constructor(texts: readonly string[]) {
    this.#texts = texts.map(cString);
    const addresses = new BigUint64Array(texts.length + 1);
    this.#texts.forEach((text, i) => addresses[i] = addressOf(text));
    this.pointers = new Uint8Array(addresses.buffer);
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** How a process ended. */
export interface ProcessEnd {
  /** 0..255; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: number | undefined;
}

/** A descriptor that is readable when our child `pid` has ended. */
export function openPidfd(pid: number): number {
  return check(
    libc().syscall(SYS_PIDFD_OPEN, BigInt(pid), 0n),
    "pidfd_open",
    `watch process ${pid}`,
  );
}

/** Takes note of the end of our child `pid`; undefined while it runs. */
export function reap(pid: number): ProcessEnd | undefined {
  const status = new Int32Array(1);
  const done = check(
    libc().waitpid(pid, status, WNOHANG),
    "waitpid",
    `learn how process ${pid} ended`,
  );
  if (done === 0) return undefined;
  const word = status[0] ?? 0;
  const signal = word & 0x7f;
  return signal === 0
    ? { code: (word >> 8) & 0xff, signal: undefined }
    : { code: 128 + signal, signal };
}

/** A pipe: what is written to the second descriptor is read from the first. Both are close-on-exec. */
export function openPipe(): readonly [read: number, write: number] {
  const pair = new Int32Array(2);
  check(libc().pipe2(pair, O_CLOEXEC), "pipe2", "make a pipe");
  return [pair[0] ?? -1, pair[1] ?? -1];
}

/** A file in memory that holds `bytes`, to be read from its beginning. */
export function openMemory(bytes: Uint8Array<ArrayBuffer>): number {
  const fd = check(
    libc().memfd_create(cString("input"), MFD_CLOEXEC),
    "memfd_create",
    "make a file in memory",
  );
  libc().pwrite(fd, bytes, BigInt(bytes.length), 0n);
  return fd;
}

/** `path`, opened for writing. */
export function openForWriting(path: string): number {
  const O_WRONLY = 1;
  return check(
    libc().open(cString(path), O_WRONLY | O_CLOEXEC),
    "open",
    `open ${path}`,
  );
}

/** At most `bytes.length` bytes of what is there; 0 at the end, or if it cannot be read. Waits if there is nothing. */
export function readSome(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  return Math.max(0, libc().read(fd, bytes, BigInt(bytes.length)));
}
