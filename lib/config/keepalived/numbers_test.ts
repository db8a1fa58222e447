import { assertEquals } from "@std/assert";
import { memorySurroundings } from "./memory_files.ts";
import { seconds, whole } from "./numbers.ts";
import { preprocess } from "./preprocess.ts";
import { ReadContext } from "./read_context.ts";
import { Report } from "./report.ts";
import type { WordReader } from "./argument.ts";

/** Reads `x WORD`: the value, and the codes reported. */
function read<T>(reader: WordReader<T>, word: string): [T | undefined, string] {
  const report = new Report();
  const { lines } = preprocess("/k", {
    surroundings: memorySurroundings({ "/k": `x ${word}` }),
    keepComments: false,
  }, report);
  const line = lines[0];
  const value = line === undefined
    ? undefined
    : reader(line, 1, new ReadContext(report));
  return [value, report.diagnostics.map((one) => one.code).join(" ")];
}

const WHOLE: readonly (readonly [string, number | undefined, string])[] = [
  ["5", 5, ""],
  ["+5", 5, ""],
  ["007", 7, ""],
  ['" 5"', 5, ""],
  ['""', undefined, "HK0104"],
  ["0", undefined, "HK0104"],
  ["-1", undefined, "HK0104"],
  ["256", undefined, "HK0104"],
  ["99999999999999999999", undefined, "HK0104"],
  ["0x10", undefined, "HK0104"],
  ["1e3", 1, "HK0410"],
  ["3x", 3, "HK0410"],
  ["'7'", undefined, "HK0410"],
  ["x", undefined, "HK0410"],
];

for (const [text, value, code] of WHOLE) {
  Deno.test(`whole(1, 255) reads ${text}`, () => {
    assertEquals(read(whole(1, 255), text), [value, code]);
  });
}

Deno.test("whole() takes a substitute where keepalived does", () => {
  const strict = whole(1, 255, { otherwise: 100, takesLeadingDigits: false });
  assertEquals(read(strict, "0"), [100, "HK0104"]);
  assertEquals(read(strict, "3x"), [100, "HK0410"]);
  assertEquals(read(whole(1, 9, { below: 1 }), "0"), [1, "HK0104"]);
  assertEquals(read(whole(1, 9, { below: 1 }), "10"), [undefined, "HK0104"]);
});

const SECONDS: readonly (readonly [string, number | undefined, string])[] = [
  ["1", 1e9, ""],
  [".5", 5e8, ""],
  ["5.", 5e9, ""],
  ["0.01", 1e7, ""],
  ["0.009", undefined, "HK0104"],
  ["255.5", undefined, "HK0104"],
  ["2.1234567", 2_123_457_000, "HK0425"],
  ["0.000001", undefined, "HK0104"],
  ["5s", undefined, "HK0410"],
  ["1e1", undefined, "HK0410"],
  ["-1", undefined, "HK0410"],
];

for (const [text, value, code] of SECONDS) {
  Deno.test(`seconds(0.01, 255) reads ${text}`, () => {
    assertEquals(read(seconds(0.01, 255), text), [value, code]);
  });
}

Deno.test("seconds() counts other units and fewer decimals", () => {
  const ms = seconds(1, 1000, { unitNs: 1e6, decimals: 3 });
  assertEquals(read(ms, "10.5"), [10_500_000, ""]);
  assertEquals(read(ms, "10.0001"), [10_000_000, "HK0425"]);
  assertEquals(read(seconds(0, 9, { otherwise: 0 }), "x"), [0, "HK0410"]);
});
