/**
 * Files that exist only in memory: for tests, and for text that came from elsewhere than a file.
 * @module
 */
import type { FileAccess, FileRefusal, Surroundings } from "./file_access.ts";

/** What a name holds: a text, or a reason not to read it. */
export type MemoryFile = string | { readonly refused: FileRefusal };

/** Files by absolute path; relative paths count from `/`. */
export function memoryFiles(
  contents: Readonly<Record<string, MemoryFile>>,
): FileAccess {
  const files = new Map(Object.entries(contents));
  const isDirectory = (path: string) =>
    [...files.keys()].some((name) =>
      name.startsWith(path === "/" ? path : path + "/")
    );
  return {
    absolute: absolutePath,
    read: (path) => {
      const content = files.get(path);
      if (typeof content === "string") return { kind: "text", text: content };
      if (content !== undefined) {
        return { kind: "refused", reason: content.refused };
      }
      return {
        kind: "refused",
        reason: isDirectory(path) ? "directory" : "missing",
      };
    },
    exists: (path) => files.has(path) || isDirectory(path),
    list: (path) => {
      const prefix = path === "/" ? path : path + "/";
      const names = [...files.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name) => name.slice(prefix.length).split("/")[0] ?? "");
      return names.length === 0 ? undefined : [...new Set(names)];
    },
  };
}

/** Surroundings in which nothing is left to chance: id `node1`, an empty environment, the lowest random number. */
export function memorySurroundings(
  contents: Readonly<Record<string, MemoryFile>>,
): Surroundings {
  return {
    files: memoryFiles(contents),
    configId: "node1",
    environment: () => undefined,
    random: (min) => min,
  };
}

function absolutePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}
