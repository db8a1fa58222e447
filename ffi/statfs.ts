/**
 * What kind of file system a path is on.
 *
 * Says:    statfs(2).
 * @module
 */
import { libc } from "./libc.ts";

/** More than sizeof(struct statfs), 120 on both targets. */
const SIZE = 256;

/** The f_type of what `path` leads to; undefined if it leads nowhere. */
export function fileSystemType(path: string): number | undefined {
  const buffer = new Uint8Array(SIZE);
  const name = new TextEncoder().encode(`${path}\0`);
  return libc().statfs(name, buffer) < 0
    ? undefined
    : new DataView(buffer.buffer).getUint32(0, true);
}
