import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fileValue } from "./file_value.ts";

/** As Debian's keepalived read them. */
const CASES: readonly (readonly [string, number | undefined])[] = [
  ["5", 5],
  [" 7\n", 7],
  ["0x1F", 31],
  ["010", 8],
  ["-5abc", -5],
  ["99999999999", undefined],
  ["12 13", 12],
  ["abc", 0],
  ["", 0],
  ["+6", 6],
  ["\t8", 8],
  ["\n9", 9],
  ["0b11", 0],
  ["08", 0],
  ["1e3", 1],
  ["0x", 0],
  ["- 4", 0],
  ["-0", 0],
  ["2147483647", 2147483647],
  ["2147483648", undefined],
  ["-2147483648", -2147483648],
  ["-2147483649", undefined],
  [`${" ".repeat(126)}42`, 4],
];

for (const [text, value] of CASES) {
  Deno.test(`fileValue() of ${JSON.stringify(text)} is ${value}`, () => {
    assertEquals(fileValue(new TextEncoder().encode(text)), value);
  });
}

Deno.test("fileValue() reads every number that was written, and survives any bytes", () => {
  fc.assert(fc.property(fc.integer(), (number) => {
    const bytes = new TextEncoder().encode(`${number}\n`);
    assertEquals(fileValue(bytes), number);
  }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const value = fileValue(bytes);
    return value === undefined || Number.isInteger(value);
  }));
});
