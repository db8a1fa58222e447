/**
 * Ethernet hardware addresses as lower-case text with colons.
 *
 * Says:    IEEE 802 (48 bits); RFC 9568 §7.3 for the virtual router's own.
 * @module
 */

declare const macAddressBrand: unique symbol;

/** Six octets in lower-case hexadecimal, colons between. */
export type MacAddress = string & { readonly [macAddressBrand]: true };

const PATTERN = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

function isMacAddress(text: string): text is MacAddress {
  return PATTERN.test(text);
}

/** Reads six hexadecimal octets with colons, in either case; undefined if it is something else. */
export function parseMacAddress(text: string): MacAddress | undefined {
  const lower = text.toLowerCase();
  return isMacAddress(lower) ? lower : undefined;
}

/** The text of the six bytes at `at`. */
export function macAddressFromBytes(bytes: Uint8Array, at: number): MacAddress {
  const octets: string[] = [];
  for (let i = 0; i < 6; i++) {
    octets.push((bytes[at + i] ?? 0).toString(16).padStart(2, "0"));
  }
  const text = octets.join(":");
  if (!isMacAddress(text)) {
    throw new RangeError(`Cannot read a hardware address at ${at}`);
  }
  return text;
}

export function macAddressBytes(mac: MacAddress): Uint8Array {
  const bytes = new Uint8Array(6);
  for (let i = 0; i < 6; i++) {
    bytes[i] = parseInt(mac.slice(3 * i, 3 * i + 2), 16);
  }
  return bytes;
}

/** 00-00-5E-00-01-{VRID} for IPv4, 00-00-5E-00-02-{VRID} for IPv6 (RFC 9568 §7.3). `vrid` is 1..255. */
export function virtualRouterMac(family: 4 | 6, vrid: number): MacAddress {
  return macAddressFromBytes(
    Uint8Array.of(0, 0, 0x5e, 0, family === 4 ? 1 : 2, vrid),
    0,
  );
}
