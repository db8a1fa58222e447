/**
 * From `auth_hmac` as it is written to what an instance signs and verifies with.
 *
 * Errors:  `unusable` when the active key is not there: adverts without a signature are not what was asked for.
 * @module
 */
import type { AdvertHmac } from "../vrrp/advert_hmac.ts";
import type { AuthHmacBlock } from "./hmac_model.ts";
import { readHmacValue } from "./hmac_model.ts";

const NS_PER_S = 1e9;
const INTERVALS = 3;
const WINDOW_NS_MIN = 5 * NS_PER_S;
const WINDOW_NS_MAX = 300 * NS_PER_S;

/** The secret in the key file at a path, in hexadecimal digits; undefined where there is none that can be used. */
export type KeyFiles = (path: string) => string | undefined;

/** No key file is there. */
export const NO_KEY_FILES: KeyFiles = () => undefined;

/** What `block` comes to with adverts every `intervalNs`; undefined for no block. */
export function resolveHmac(
  block: AuthHmacBlock | undefined,
  intervalNs: number,
  keyFiles: KeyFiles,
): AdvertHmac | "unusable" | undefined {
  if (block === undefined) return undefined;
  const keys = new Map<number, string>();
  for (const { id, value } of block.keys) {
    const secretHex = secretOf(value, keyFiles);
    if (secretHex !== undefined && !keys.has(id)) keys.set(id, secretHex);
  }
  const { activeKey } = block;
  if (activeKey === undefined || !keys.has(activeKey)) return "unusable";
  return {
    keys: [...keys].map(([id, secretHex]) => ({ id, secretHex })),
    activeKey,
    mode: block.mode ?? "enforce",
    antiReplay: block.antiReplay ?? "time",
    timeWindowNs: block.timeWindowNs ?? defaultWindow(intervalNs),
  };
}

function secretOf(value: string, keyFiles: KeyFiles): string | undefined {
  const secret = readHmacValue(value);
  if (secret.kind === "secret") return secret.hex;
  return secret.kind === "file" ? keyFiles(secret.path) : undefined;
}

/** Whole seconds. */
function defaultWindow(intervalNs: number): number {
  const wholeNs = Math.ceil(INTERVALS * intervalNs / NS_PER_S) * NS_PER_S;
  return Math.min(Math.max(wholeNs, WINDOW_NS_MIN), WINDOW_NS_MAX);
}
