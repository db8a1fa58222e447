/**
 * Finding a shared library: whether the dynamic linker has one of a name, and one made from bytes we carry.
 *
 * Says:    dlopen(3), memfd_create(2).
 * @module
 */
import { check, closeFd, lastErrno, libc } from "./libc.ts";
import { SysError } from "./sys_error.ts";

const MFD_CLOEXEC = 1;
/** Since Linux 6.3; says that the file is meant to be executed, where a machine's policy asks. */
const MFD_EXEC = 0x10;
const EINVAL = 22;

/** Whether `dlopen(name)` works. */
export function canLoadLibrary(name: string): boolean {
  try {
    Deno.dlopen(name, {}).close();
    return true;
  } catch {
    // Deno reports every reason as one kind of error; any of them means that this library is not for us.
    return false;
  }
}

/**
 * Puts `bytes` into a file in memory and returns a path for `dlopen`. It works where every file system is mounted
 * noexec or read-only. The descriptor stays open as long as the process lives, and the path as long as that.
 */
export function libraryInMemory(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): string {
  const cName = new TextEncoder().encode(`${name}\0`);
  let fd = libc().memfd_create(cName, MFD_CLOEXEC | MFD_EXEC);
  if (fd < 0 && lastErrno() === EINVAL) {
    fd = libc().memfd_create(cName, MFD_CLOEXEC);
  }
  check(fd, "memfd_create", `make ${name} in memory`);
  let rest = bytes;
  while (rest.length > 0) {
    const written = libc().write(fd, rest, BigInt(rest.length));
    if (written <= 0) {
      const errno = lastErrno();
      closeFd(fd);
      throw new SysError("write", errno, `make ${name} in memory`);
    }
    rest = rest.subarray(written);
  }
  return `/proc/self/fd/${fd}`;
}
