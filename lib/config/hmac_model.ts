/**
 * Signed adverts in the configuration model: `auth_hmac`, and what its keys may be.
 *
 * Says:    keepalived 2.4: a key is text, or `hex:` and digits, or `file:` and the path of a file with either in it.
 * Units:   durations in nanoseconds, secrets 32 to 64 bytes.
 * @module
 */
import type { AdvertHmac } from "../vrrp/advert_hmac.ts";
import type { Positions } from "./model.ts";

/** `auth_hmac { … }`. */
export interface AuthHmacBlock {
  readonly keys: readonly HmacKeyEntry[];
  /** `active_key`: which of them signs. */
  readonly activeKey: number | undefined;
  /** `time_window`; three intervals, but 5 s at least and 300 s at most, unless given. */
  readonly timeWindowNs: number | undefined;
  /** `anti_replay`, `time` unless given. */
  readonly antiReplay: AdvertHmac["antiReplay"] | undefined;
  /** `mode`, `enforce` unless given. */
  readonly mode: AdvertHmac["mode"] | undefined;
  readonly at: Positions<keyof AuthHmacBlock & string>;
}

/** `key ID VALUE`. */
export interface HmacKeyEntry {
  /** 1..255. */
  readonly id: number;
  /** As written. */
  readonly value: string;
  readonly at: Positions<keyof HmacKeyEntry & string>;
}

export const HMAC_MODES = ["enforce", "permissive", "receive-only"] as const;
export const ANTI_REPLAY = ["time", "monotonic"] as const;

const SECRET_BYTES_MIN = 32;
const SECRET_BYTES_MAX = 64;
const HEX = "hex:";
const FILE = "file:";

/** What a key's value comes to. */
export type HmacSecret =
  | { readonly kind: "secret"; readonly hex: string }
  | { readonly kind: "file"; readonly path: string }
  /** It cannot be used; `why` never shows any of it. */
  | { readonly kind: "unusable"; readonly why: string };

/** Reads the value of a key. */
export function readHmacValue(value: string): HmacSecret {
  if (!value.startsWith(FILE)) return secretOf(new TextEncoder().encode(value));
  const path = value.slice(FILE.length);
  return path === ""
    ? { kind: "unusable", why: "no path behind `file:`" }
    : { kind: "file", path };
}

/** The secret in a key file: its bytes without the end of the line, or the digits behind `hex:`. */
export function readHmacFile(content: Uint8Array): HmacSecret {
  let length = content.length;
  while (length > 0 && isLineEnd(content[length - 1])) length--;
  return secretOf(content.subarray(0, length));
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function secretOf(bytes: Uint8Array): HmacSecret {
  const isHex = new TextDecoder().decode(bytes.subarray(0, HEX.length)) === HEX;
  if (!isHex) return measured(toHex(bytes));
  const digits = new TextDecoder().decode(bytes.subarray(HEX.length));
  if (!/^[0-9a-fA-F]*$/.test(digits)) {
    return { kind: "unusable", why: "not only hexadecimal digits" };
  }
  return digits.length % 2 === 1
    ? { kind: "unusable", why: "an odd number of digits" }
    : measured(digits.toLowerCase());
}

function measured(hex: string): HmacSecret {
  const bytes = hex.length / 2;
  return bytes >= SECRET_BYTES_MIN && bytes <= SECRET_BYTES_MAX
    ? { kind: "secret", hex }
    : {
      kind: "unusable",
      why:
        `${bytes} bytes instead of ${SECRET_BYTES_MIN} to ${SECRET_BYTES_MAX}`,
    };
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
