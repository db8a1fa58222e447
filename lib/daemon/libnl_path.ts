/**
 * Which libnl is used: the system's, or the copy inside the binary when there is none.
 *
 * The embedded one is loaded from memory, so that no file has to be written.
 * @module
 */
import { hasLibrary, placeLibrary } from "../world/daemon_linux.ts";

/** Debian's name of libnl-3. */
const LIBNL = "libnl-3.so.200";

/** A path for `dlopen`. Throws when the system has none and neither has this build. */
export function libnlPath(): string {
  if (hasLibrary(LIBNL)) return LIBNL;
  const embedded = new URL(`./${LIBNL}`, import.meta.url);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Deno.readFileSync(embedded);
  } catch (cause) {
    throw new Error(
      "Cannot find libnl: install libnl-3-200, this build carries none",
      { cause },
    );
  }
  return placeLibrary(LIBNL, bytes);
}
