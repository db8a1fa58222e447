/**
 * File name patterns of `include`: `*`, `?`, `[…]`, `{a,b}` and backslash, sorted, hidden names only when asked for.
 *
 * Says:    POSIX.1 glob(3), with brace lists as its GNU form reads them.
 * Cost:    matching one name is linear in pattern times name; brace lists are bounded, and so is what is looked at.
 * @module
 */
import type { FileAccess } from "./file_access.ts";

/** Alternatives that one pattern may have at most. */
const ALTERNATIVES_MAX = 1024;

/** Directories that are listed, and paths that are found, at most: more than may be included. */
const LOOKS_MAX = 20_000;

export interface GlobResult {
  /** Paths as the pattern writes them: relative when it is relative. */
  readonly paths: readonly string[];
  /** Whether the pattern contains `*`, `?` or `[`. */
  readonly hasWildcard: boolean;
  /** Alternatives of a brace list that nothing matches; empty without a brace list. */
  readonly missingAlternatives: readonly string[];
  /** There is more to look at than any configuration needs; the paths are not all. */
  readonly isTooWide: boolean;
}

/** Every path that `pattern` matches below `directory`. */
export function glob(
  files: FileAccess,
  directory: string,
  pattern: string,
): GlobResult {
  const alternatives = expandBraces(pattern);
  const paths: string[] = [];
  const missing: string[] = [];
  const budget = { left: LOOKS_MAX };
  for (const alternative of alternatives) {
    const found = expandPath(files, directory, alternative, budget);
    if (found.length === 0) missing.push(alternative);
    for (const path of found) paths.push(path);
  }
  return {
    paths,
    hasWildcard: hasWildcard(pattern),
    missingAlternatives: alternatives.length > 1 ? missing : [],
    isTooWide: budget.left < 0,
  };
}

/** `a{b,c}d` as `abd` and `acd`. A brace without its partner is an ordinary character. */
export function expandBraces(pattern: string): string[] {
  let done: string[] = [];
  let open = [{ head: "", rest: pattern }];
  while (open.length > 0 && done.length + open.length <= ALTERNATIVES_MAX) {
    const next: { head: string; rest: string }[] = [];
    for (const { head, rest } of open) {
      const list = firstBraceList(rest);
      if (list === undefined) done.push(head + rest);
      else {
        for (const item of list.items) {
          next.push({
            head: head + rest.slice(0, list.start),
            rest: item + rest.slice(list.end),
          });
        }
      }
    }
    open = next;
  }
  if (done.length > ALTERNATIVES_MAX) done = done.slice(0, ALTERNATIVES_MAX);
  return done;
}

function firstBraceList(
  pattern: string,
): { start: number; end: number; items: string[] } | undefined {
  for (let start = 0; start < pattern.length; start++) {
    if (pattern[start] === "\\") start++;
    else if (pattern[start] === "{") {
      const list = braceItems(pattern, start);
      if (list !== undefined) return list;
    }
  }
  return undefined;
}

function braceItems(
  pattern: string,
  start: number,
): { start: number; end: number; items: string[] } | undefined {
  const items: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let i = start; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === "\\") i++;
    else if (char === "{") depth++;
    else if (char === "," && depth === 1) {
      items.push(pattern.slice(from, i));
      from = i + 1;
    } else if (char === "}" && --depth === 0) {
      items.push(pattern.slice(from, i));
      return { start, end: i + 1, items };
    }
  }
  return undefined;
}

function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

function expandPath(
  files: FileAccess,
  directory: string,
  pattern: string,
  budget: { left: number },
): string[] {
  if (!hasWildcard(pattern)) {
    const path = pattern.replace(/\\(.)/g, "$1");
    return files.exists(resolvePath(files, directory, path)) ? [path] : [];
  }
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of pattern.split("/")) {
    if (part === "") continue;
    const next: string[] = [];
    for (const base of found) {
      const prefix = base === "" || base.endsWith("/") ? base : base + "/";
      if (!hasWildcard(part)) {
        next.push(prefix + part.replace(/\\(.)/g, "$1"));
        continue;
      }
      if (--budget.left < 0) return [];
      const names = files.list(resolvePath(files, directory, prefix)) ?? [];
      for (const name of names) {
        if (matchesName(part, name)) next.push(prefix + name);
      }
    }
    if (next.length > budget.left) {
      budget.left = -1;
      return [];
    }
    found = next;
  }
  return found
    .filter((path) => files.exists(resolvePath(files, directory, path)))
    .sort();
}

/** `path` made absolute against `directory`, as a file opened from there would be. */
export function resolvePath(
  files: FileAccess,
  directory: string,
  path: string,
): string {
  return files.absolute(
    path.startsWith("/")
      ? path
      : `${directory === "/" ? "" : directory}/${path}`,
  );
}

/** Whether `name` matches one path component's `pattern`. */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let p = 0;
  let n = 0;
  let starAt = -1;
  let starName = 0;
  while (n < name.length) {
    const used = p < pattern.length ? matchOne(pattern, p, name, n) : 0;
    if (used > 0) {
      p += used;
      n++;
    } else if (pattern[p] === "*") {
      starAt = p++;
      starName = n;
    } else if (starAt >= 0) {
      p = starAt + 1;
      n = ++starName;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** How many characters of the pattern match the one character at `n`; 0 = no match, or a `*`. */
function matchOne(
  pattern: string,
  p: number,
  name: string,
  n: number,
): number {
  const char = pattern[p];
  if (char === "*") return 0;
  if (char === "?") return 1;
  if (char === "\\" && p + 1 < pattern.length) {
    return pattern[p + 1] === name[n] ? 2 : 0;
  }
  if (char === "[") {
    const set = matchSet(pattern, p, name.charCodeAt(n));
    if (set !== undefined) return set.matches ? set.length : 0;
  }
  return char === name[n] ? 1 : 0;
}

/** `[abc]`, `[a-z]`, `[!a]`; undefined when the bracket is never closed. */
function matchSet(
  pattern: string,
  open: number,
  code: number,
): { matches: boolean; length: number } | undefined {
  let i = open + 1;
  const negated = pattern[i] === "!" || pattern[i] === "^";
  if (negated) i++;
  const first = i;
  let matches = false;
  for (; i < pattern.length; i++) {
    if (pattern[i] === "]" && i > first) {
      return { matches: matches !== negated, length: i + 1 - open };
    }
    const from = pattern.charCodeAt(i);
    if (
      pattern[i + 1] === "-" && i + 2 < pattern.length && pattern[i + 2] !== "]"
    ) {
      if (from <= code && code <= pattern.charCodeAt(i + 2)) matches = true;
      i += 2;
    } else if (from === code) matches = true;
  }
  return undefined;
}
