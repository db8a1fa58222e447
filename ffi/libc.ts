/**
 * The libc calls hakeep makes, as one table to hold against the manual pages.
 *
 * Nothing is loaded at import: {@linkcode libc} opens the library on first use, once an isolate. No symbol is
 * `nonblocking`, for that runs on another thread, whose errno is not ours; but `pollElsewhere`, whose errno nobody
 * reads. `ssize_t` results are declared `i32`: every transfer here is far below 2 GiB, and a bigint result would
 * allocate on the advert path.
 *
 * Errors:  {@linkcode check} turns a negative result into a {@linkcode SysError}.
 * @module
 */
import { SysError } from "./sys_error.ts";

const SYMBOLS = {
  socket: {
    parameters: ["i32", /* domain */ "i32", /* type */ "i32" /* protocol */],
    result: "i32",
  },
  socketpair: {
    parameters: ["i32", "i32", "i32", "buffer" /* int sv[2] */],
    result: "i32",
  },
  bind: {
    parameters: ["i32", "buffer", /* sockaddr */ "u32" /* socklen_t */],
    result: "i32",
  },
  listen: { parameters: ["i32", "i32" /* backlog */], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: {
    parameters: ["i32", "i32", /* level */ "i32", /* name */ "buffer", "u32"],
    result: "i32",
  },
  getsockopt: {
    parameters: [
      "i32",
      "i32", /* level */
      "i32", /* name */
      "buffer",
      "buffer", /* socklen_t* */
    ],
    result: "i32",
  },
  ioctl: {
    parameters: ["i32", "u32", /* request: these fit */ "buffer"],
    result: "i32",
  },
  send: {
    parameters: ["i32", "buffer", "usize", "i32" /* flags */],
    result: "i32",
  },
  sendto: {
    parameters: ["i32", "buffer", "usize", "i32", /* flags */ "buffer", "u32"],
    result: "i32",
  },
  sendmmsg: {
    parameters: ["i32", "buffer", /* mmsghdr[] */ "u32", "i32"],
    result: "i32",
  },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  recvmmsg: {
    parameters: [
      "i32",
      "buffer", /* mmsghdr[] */
      "u32",
      "i32",
      "pointer", /* timespec* */
    ],
    result: "i32",
  },
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  poll: {
    parameters: ["buffer", /* pollfd[] */ "u64", /* nfds_t */ "i32" /* ms */],
    result: "i32",
  },
  pollElsewhere: {
    name: "poll",
    parameters: ["buffer", /* pollfd[] */ "u64", /* nfds_t */ "i32" /* ms */],
    result: "i32",
    nonblocking: true,
  },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: {
    parameters: ["i32", "i32", /* op */ "i32", "buffer" /* epoll_event* */],
    result: "i32",
  },
  epoll_wait: {
    parameters: ["i32", "buffer", /* epoll_event[] */ "i32", "i32" /* ms */],
    result: "i32",
  },
  timerfd_create: { parameters: ["i32", /* clock */ "i32"], result: "i32" },
  timerfd_settime: {
    parameters: [
      "i32",
      "i32", /* flags */
      "buffer", /* itimerspec */
      "pointer",
    ],
    result: "i32",
  },
  sched_setscheduler: {
    parameters: ["i32", /* thread */ "i32", /* policy */ "buffer"],
    result: "i32",
  },
  sched_setaffinity: {
    parameters: ["i32", /* thread */ "usize", "buffer" /* cpu_set_t */],
    result: "i32",
  },
  clock_gettime: {
    parameters: ["i32", "buffer" /* timespec */],
    result: "i32",
  },
  memfd_create: {
    parameters: ["buffer", /* const char* */ "u32"],
    result: "i32",
  },
  open: {
    parameters: ["buffer", /* const char* */ "i32" /* flags */],
    result: "i32",
  },
  mkfifo: {
    parameters: ["buffer", /* const char* */ "u32" /* mode_t */],
    result: "i32",
  },
  fchown: { parameters: ["i32", "u32", /* uid */ "u32"], result: "i32" },
  getpwnam: { parameters: ["buffer" /* const char* */], result: "pointer" },
  getgrnam: { parameters: ["buffer" /* const char* */], result: "pointer" },
  pipe2: {
    parameters: ["buffer", /* int fd[2] */ "i32" /* flags */],
    result: "i32",
  },
  pwrite: {
    parameters: ["i32", "buffer", "usize", "i64" /* offset */],
    result: "i32",
  },
  posix_spawnp: {
    parameters: [
      "buffer", /* pid_t* */
      "buffer", /* const char* */
      "buffer", /* posix_spawn_file_actions_t* */
      "buffer", /* posix_spawnattr_t* */
      "buffer", /* char* argv[] */
      "buffer", /* char* envp[] */
    ],
    result: "i32",
  },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawn_file_actions_adddup2: {
    parameters: ["buffer", "i32", /* fd */ "i32" /* as */],
    result: "i32",
  },
  posix_spawn_file_actions_addchdir_np: {
    parameters: ["buffer", "buffer" /* const char* */],
    result: "i32",
  },
  // Since glibc 2.34.
  posix_spawn_file_actions_addclosefrom_np: {
    parameters: ["buffer", "i32" /* from */],
    result: "i32",
    optional: true,
  },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_destroy: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: {
    parameters: ["buffer", "i16"],
    result: "i32",
  },
  posix_spawnattr_setsigdefault: {
    parameters: ["buffer", "buffer" /* sigset_t* */],
    result: "i32",
  },
  posix_spawnattr_setsigmask: {
    parameters: ["buffer", "buffer" /* sigset_t* */],
    result: "i32",
  },
  waitpid: {
    parameters: ["i32", "buffer", /* int* */ "i32" /* options */],
    result: "i32",
  },
  syscall: {
    parameters: ["i64", /* number */ "i64", "i64"],
    result: "i32",
  },
  unshare: { parameters: ["i32" /* CLONE_* */], result: "i32" },
  mount: {
    parameters: [
      "buffer", /* const char* source */
      "buffer", /* const char* target */
      "buffer", /* const char* type */
      "u64", /* MS_* */
      "pointer", /* const void* */
    ],
    result: "i32",
  },
  umount2: {
    parameters: ["buffer", /* const char* */ "i32" /* MNT_* */],
    result: "i32",
  },
  execve: {
    parameters: [
      "buffer", /* const char* */
      "buffer", /* char* argv[] */
      "buffer", /* char* envp[] */
    ],
    result: "i32",
  },
  setns: { parameters: ["i32", /* fd */ "i32" /* CLONE_* */], result: "i32" },
  signal: {
    parameters: ["i32", "usize" /* sighandler_t */],
    result: "pointer",
  },
  inotify_init1: { parameters: ["i32" /* flags */], result: "i32" },
  inotify_add_watch: {
    parameters: ["i32", "buffer", /* const char* */ "u32" /* mask */],
    result: "i32",
  },
  inotify_rm_watch: { parameters: ["i32", "i32" /* watch */], result: "i32" },
  statfs: {
    parameters: ["buffer", /* const char* */ "buffer" /* struct statfs */],
    result: "i32",
  },
  malloc_trim: { parameters: ["usize" /* pad */], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

type Libc = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

let loaded: { readonly symbols: Libc; readonly errno: Int32Array } | undefined;

function load(): { readonly symbols: Libc; readonly errno: Int32Array } {
  if (loaded !== undefined) return loaded;
  const symbols = lazySymbols();
  const location = symbols.__errno_location();
  if (location === null) {
    throw new Error("Cannot find errno: __errno_location returned NULL");
  }
  // errno's place belongs to the thread, and an isolate stays on its thread.
  const errno = new Int32Array(
    Deno.UnsafePointerView.getArrayBuffer(location, 4),
  );
  loaded = { symbols, errno };
  return loaded;
}

/**
 * The symbols, each of which is looked up when it is first used: Deno makes machine code for every one, 0.3 ms each,
 * and no isolate uses half of them. Afterwards it is a property like any other.
 */
function lazySymbols(): Libc {
  const lazy: Partial<Libc> = {};
  for (const name of Object.keys(SYMBOLS)) {
    Object.defineProperty(lazy, name, {
      enumerable: true,
      get(this: Libc) {
        return Object.defineProperty(this, name, { value: lookUp(name) })[
          name as keyof Libc
        ];
      },
    });
  }
  return Object.create(lazy);
}

function lookUp(name: string): unknown {
  const definition: Deno.ForeignLibraryInterface[string] =
    SYMBOLS[name as keyof Libc];
  return Deno.dlopen("libc.so.6", { [name]: definition }).symbols[name];
}

/** The symbols, loaded on first use. */
export function libc(): Libc {
  return load().symbols;
}

/** errno of the last failed call on this thread; read it at once. */
export function lastErrno(): number {
  return load().errno[0] ?? 0;
}

/** Returns `result`, or throws the {@linkcode SysError} of a call that returned a negative one. */
export function check(result: number, call: string, doing: string): number {
  if (result < 0) throw new SysError(call, lastErrno(), doing);
  return result;
}

/** Closes a descriptor; a second close or an unknown one is a bug and shows as an error. */
export function closeFd(fd: number): void {
  check(libc().close(fd), "close", `close descriptor ${fd}`);
}

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const timespec = new Uint32Array(4);

/** Monotonic time in nanoseconds. Exact to 1 ns below 104 days of uptime, to 2 ns below 208, and so on. */
export function monotonicNs(): number {
  libc().clock_gettime(CLOCK_MONOTONIC, timespec);
  // time_t is 64 bits wide on both targets; its upper half stays zero for 136 years of uptime.
  return (timespec[0] ?? 0) * 1e9 + (timespec[2] ?? 0);
}

/** The wall clock in nanoseconds since 1970, to the nearest 256 or so. It may be set in either direction. */
export function utcNs(): number {
  libc().clock_gettime(CLOCK_REALTIME, timespec);
  const seconds = (timespec[1] ?? 0) * 2 ** 32 + (timespec[0] ?? 0);
  return seconds * 1e9 + (timespec[2] ?? 0);
}

/** A buffer's address as the kernel sees it, for structures that hold pointers. Keep the buffer referenced. */
export function addressOf(buffer: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}
