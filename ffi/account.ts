/**
 * Users and groups by name, as the system's name service knows them (files, LDAP, systemd …).
 *
 * Says:    getpwnam(3), getgrnam(3); `struct passwd` and `struct group` of glibc on 64 bits.
 * Errors:  undefined for a name that is not known, or that cannot be a name.
 * @module
 */
import { libc } from "./libc.ts";

/** `char *pw_name; char *pw_passwd; uid_t pw_uid; gid_t pw_gid; …`, and `gr_gid` at `pw_uid`'s place. */
const FIRST_ID = 16;
const SECOND_ID = 20;

/** A user's id and primary group. */
export function userNamed(
  name: string,
): { readonly uid: number; readonly gid: number } | undefined {
  const text = cString(name);
  if (text === undefined) return undefined;
  const entry = libc().getpwnam(text);
  if (entry === null) return undefined;
  const view = new Deno.UnsafePointerView(entry);
  return { uid: view.getUint32(FIRST_ID), gid: view.getUint32(SECOND_ID) };
}

/** A group's id. */
export function groupNamed(name: string): number | undefined {
  const text = cString(name);
  if (text === undefined) return undefined;
  const entry = libc().getgrnam(text);
  return entry === null
    ? undefined
    : new Deno.UnsafePointerView(entry).getUint32(FIRST_ID);
}

function cString(text: string): Uint8Array<ArrayBuffer> | undefined {
  return text === "" || text.includes("\0")
    ? undefined
    : new TextEncoder().encode(`${text}\0`);
}
