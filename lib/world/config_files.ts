/**
 * The machine's files as the configuration reader wants them.
 *
 * keepalived reads regular files without any execute bit. The rule has a second use: a FIFO or a device would
 * block or never end.
 *
 * Errors:  returned as the reason for a refusal.
 * @module
 */
import { resolve } from "@std/path";
import type {
  FileAccess,
  FileContent,
  FileFacts,
  FileRefusal,
} from "../config/keepalived/file_access.ts";

/** No configuration is larger; a sparse file could be. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** A key is at most 64 bytes, twice that in digits. */
const KEY_FILE_BYTES_MAX = 4096;

/** Reads from the real file system. */
export const configFiles: FileAccess = {
  absolute: (path) => resolve(path),
  read: readConfigFile,
  exists: (path) => statOf(path) !== undefined,
  list: (path) => {
    try {
      return [...Deno.readDirSync(path)].map((entry) => entry.name);
    } catch {
      return undefined;
    }
  },
};

function readConfigFile(path: string): FileContent {
  const stat = statOf(path);
  if (stat === undefined) return { kind: "refused", reason: "missing" };
  const reason = refusalOf(stat);
  if (reason !== undefined) return { kind: "refused", reason };
  try {
    const bytes = Deno.readFileSync(path);
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return { kind: "text", text };
  } catch {
    return { kind: "refused", reason: "unreadable" };
  }
}

/** The bytes of a small regular file; undefined when it cannot be read. */
export function readKeyFile(path: string): Uint8Array | undefined {
  const stat = statOf(path);
  if (stat === undefined || !stat.isFile || stat.size > KEY_FILE_BYTES_MAX) {
    return undefined;
  }
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined;
  }
}

function refusalOf(stat: Deno.FileInfo): FileRefusal | undefined {
  if (stat.isDirectory) return "directory";
  if (!stat.isFile) return "notRegular";
  if (((stat.mode ?? 0) & 0o111) !== 0) return "executable";
  return stat.size > FILE_BYTES_MAX ? "tooLarge" : undefined;
}

/** Who owns a file and who may change it; undefined when it is not there, or not for us to see. */
export function factsOf(path: string): FileFacts | undefined {
  const stat = statOf(path);
  if (stat === undefined) return undefined;
  const kind = stat.isFile ? "file" : stat.isDirectory ? "directory" : "other";
  return {
    kind,
    mode: stat.mode ?? 0,
    uid: stat.uid ?? 0,
    gid: stat.gid ?? 0,
  };
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** Where `path` leads when its symbolic links are followed; undefined when it is not there. */
export function realPathOf(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}
