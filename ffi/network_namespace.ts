/**
 * Network namespaces for the calling thread: a named one, or a fresh one and the way back.
 *
 * Says:    network_namespaces(7), unshare(2), setns(2). It belongs to the thread: sockets opened and programs
 *          started by this isolate are inside, other isolates are not. Once left, it ends with its last socket.
 * Errors:  {@linkcode SysError}: EPERM without CAP_SYS_ADMIN.
 * @module
 */
import { check, closeFd, libc } from "./libc.ts";

const CLONE_NEWNET = 0x40000000;
const O_CLOEXEC = 0o2000000;

/** Enters the network namespace that ip-netns(8) made as `name`: this thread alone. */
export function enterNamedNetworkNamespace(name: string): void {
  const path = new TextEncoder().encode(`/run/netns/${name}\0`);
  const fd = check(
    libc().open(path, O_CLOEXEC),
    "open",
    `find the network namespace ${name}`,
  );
  try {
    check(
      libc().setns(fd, CLONE_NEWNET),
      "setns",
      `enter the network namespace ${name} (needs CAP_SYS_ADMIN)`,
    );
  } finally {
    closeFd(fd);
  }
}

/** Enters a new, empty network namespace; disposing the result goes back to where we were. */
export function enterNewNetworkNamespace(): Disposable {
  const path = new TextEncoder().encode("/proc/thread-self/ns/net\0");
  const before = check(
    libc().open(path, O_CLOEXEC),
    "open",
    "remember the network namespace",
  );
  try {
    check(
      libc().unshare(CLONE_NEWNET),
      "unshare",
      "make a network namespace (needs CAP_SYS_ADMIN)",
    );
  } catch (error) {
    closeFd(before);
    throw error;
  }
  return {
    [Symbol.dispose]() {
      check(
        libc().setns(before, CLONE_NEWNET),
        "setns",
        "go back to the network namespace",
      );
      closeFd(before);
    },
  };
}
