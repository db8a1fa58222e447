/**
 * A mount namespace of one's own, and what is laid over other things in it.
 *
 * Says:    mount_namespaces(7), mount(2), umount2(2).
 * Errors:  {@linkcode SysError}: EPERM without CAP_SYS_ADMIN.
 * @module
 */
import { check, libc } from "./libc.ts";

const CLONE_NEWNS = 0x00020000;
const MS_RDONLY = 1n;
const MS_BIND = 4096n;
const MS_REC = 16384n;
const MS_SLAVE = 1n << 19n;
const MNT_DETACH = 2;

/**
 * Gives the calling thread a copy of all mounts: what others mount later comes along, what it mounts is its own.
 */
export function enterOwnMounts(): void {
  check(libc().unshare(CLONE_NEWNS), "unshare", "have mounts of its own");
  mount("", "/", "none", MS_SLAVE | MS_REC, "keep its mounts to itself");
}

/** Shows the calling thread's network in /sys, which shows that of whoever mounted it. */
export function mountOwnSys(name: string, isReadOnly: boolean): void {
  libc().umount2(cString("/sys"), MNT_DETACH);
  mount(
    name,
    "/sys",
    "sysfs",
    isReadOnly ? MS_RDONLY : 0n,
    "mount /sys for its network namespace",
  );
}

/** Lays the file or directory `from` over `onto`. */
export function bindMount(from: string, onto: string): void {
  mount(from, onto, "none", MS_BIND, `show ${from} as ${onto}`);
}

function mount(
  source: string,
  target: string,
  type: string,
  flags: bigint,
  doing: string,
): void {
  check(
    libc().mount(
      cString(source),
      cString(target),
      cString(type),
      flags,
      null,
    ),
    "mount",
    doing,
  );
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
