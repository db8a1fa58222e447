import { assertEquals } from "@std/assert";
import type { AuthHmacBlock } from "./hmac_model.ts";
import { readHmacFile } from "./hmac_model.ts";
import { NO_KEY_FILES, resolveHmac } from "./resolve_hmac.ts";

const NOWHERE = { source: { name: "", text: "", includedFrom: undefined } };
const AT = { self: { ...NOWHERE, start: 0, end: 0 }, of: {} };
const TEXT_KEY = "0123456789abcdef0123456789abcdef";

function block(
  activeKey: number | undefined,
  values: readonly string[],
): AuthHmacBlock {
  return {
    keys: values.map((value, i) => ({ id: i + 1, value, at: AT })),
    activeKey,
    timeWindowNs: undefined,
    antiReplay: undefined,
    mode: undefined,
    at: AT,
  };
}

Deno.test("resolveHmac() applies keepalived's defaults", () => {
  assertEquals(resolveHmac(block(1, [TEXT_KEY]), 1e9, NO_KEY_FILES), {
    keys: [{
      id: 1,
      secretHex:
        "3031323334353637383961626364656630313233343536373839616263646566",
    }],
    activeKey: 1,
    mode: "enforce",
    antiReplay: "time",
    timeWindowNs: 5e9,
  });
});

Deno.test("resolveHmac() gives three intervals as the window, between 5 and 300 s", () => {
  for (
    const [intervalS, windowS] of [[0.01, 5], [1.8, 6], [10, 30], [255, 300]]
  ) {
    const resolved = resolveHmac(
      block(1, [TEXT_KEY]),
      (intervalS ?? 0) * 1e9,
      NO_KEY_FILES,
    );
    if (typeof resolved !== "object") throw new Error("a key is there");
    assertEquals(resolved.timeWindowNs, (windowS ?? 0) * 1e9);
  }
});

Deno.test("resolveHmac() finds an instance unusable whose active key is not there", () => {
  const keys = [TEXT_KEY, "file:/key", "short"];
  const usable = (activeKey: number | undefined, file?: string) =>
    resolveHmac(block(activeKey, keys), 1e9, () => file) !== "unusable";
  assertEquals(usable(1), true);
  assertEquals(usable(2), false);
  assertEquals(usable(2, "00".repeat(32)), true);
  assertEquals(usable(3), false);
  assertEquals(usable(undefined), false);
  assertEquals(resolveHmac(undefined, 1e9, NO_KEY_FILES), undefined);
});

Deno.test("readHmacFile() takes bytes as they are, or digits, without the end of the line", () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const hex = "ab".repeat(32);
  for (
    const [content, expected] of [
      [encode(`hex:${hex.toUpperCase()}\r\n`), hex],
      [
        encode(`${TEXT_KEY}\n`),
        "3031323334353637383961626364656630" +
        "313233343536373839616263646566",
      ],
      [new Uint8Array(64).fill(0xff), "ff".repeat(64)],
    ] as const
  ) assertEquals(readHmacFile(content), { kind: "secret", hex: expected });
  assertEquals(readHmacFile(new Uint8Array(65)).kind, "unusable");
  assertEquals(readHmacFile(new Uint8Array()).kind, "unusable");
});
