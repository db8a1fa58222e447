import { assertEquals } from "@std/assert";
import { expandBraces, glob, matchesName } from "./glob.ts";
import { memoryFiles } from "./memory_files.ts";

const MATCHES: readonly (readonly [string, string, boolean])[] = [
  ["*.conf", "a.conf", true],
  ["*.conf", ".a.conf", false],
  [".*", ".a", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["[abc]x", "bx", true],
  ["[!abc]x", "bx", false],
  ["[^a-c]x", "dx", true],
  ["[]]x", "]x", true],
  ["[x", "[x", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["*a*b", "xaybzb", true],
  ["*a*b", "xayb z", false],
  ["", "", true],
];

for (const [pattern, name, expected] of MATCHES) {
  Deno.test(`matchesName("${pattern}", "${name}") is ${expected}`, () => {
    assertEquals(matchesName(pattern, name), expected);
  });
}

const BRACES: readonly (readonly [string, readonly string[]])[] = [
  ["a{b,c}d", ["abd", "acd"]],
  ["{a,b}{c,d}", ["ac", "ad", "bc", "bd"]],
  ["{a,{b,c}}", ["a", "b", "c"]],
  ["{a", ["{a"]],
  ["a}", ["a}"]],
  ["\\{a,b}", ["\\{a,b}"]],
  ["{}", [""]],
];

for (const [pattern, expected] of BRACES) {
  Deno.test(`expandBraces("${pattern}") gives its alternatives`, () => {
    assertEquals(expandBraces(pattern), [...expected]);
  });
}

const FILES = memoryFiles({
  "/etc/k/a.conf": "",
  "/etc/k/b.conf": "",
  "/etc/k/d/one/x.conf": "",
  "/etc/k/d/two/x.conf": "",
  "/etc/other.conf": "",
});

const GLOBS: readonly (readonly [string, readonly string[]])[] = [
  ["*.conf", ["a.conf", "b.conf"]],
  ["d/*/x.conf", ["d/one/x.conf", "d/two/x.conf"]],
  ["../*.conf", ["../other.conf"]],
  ["/etc/k/[b-z].conf", ["/etc/k/b.conf"]],
  ["a.conf", ["a.conf"]],
  ["none*", []],
  ["{b,a}.conf", ["b.conf", "a.conf"]],
];

for (const [pattern, expected] of GLOBS) {
  Deno.test(`glob("${pattern}") finds its files`, () => {
    assertEquals(glob(FILES, "/etc/k", pattern).paths, [...expected]);
  });
}

Deno.test("glob() names the alternatives that nothing matches", () => {
  const found = glob(FILES, "/etc/k", "{a,x,y}.conf");
  assertEquals(found.missingAlternatives, ["x.conf", "y.conf"]);
});

Deno.test("glob() gives up where there is too much to look at", () => {
  const names = Array.from({ length: 300 }, (_, i) => String(i));
  const wide = { ...FILES, list: () => names, exists: () => true };
  assertEquals(glob(wide, "/", "/*").paths.length, 300);
  assertEquals(glob(wide, "/", "/*").isTooWide, false);
  assertEquals(glob(wide, "/", "/*/*/*").isTooWide, true);
});
