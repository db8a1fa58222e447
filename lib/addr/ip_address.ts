/**
 * IP addresses as canonical text, so that they are plain data, compare with `===` and print as they are.
 *
 * Says:    RFC 4291 §2.2 (text forms), RFC 5952 (canonical IPv6 text).
 * Errors:  `parseIpAddress` returns undefined for what is not an address; zones (`%eth0`) are not one.
 * @module
 */
import { assert } from "../assert.ts";

const CODE_DOT = 0x2e;
const CODE_0 = 0x30;
const CODE_9 = 0x39;

declare const ipAddressBrand: unique symbol;

/** An IPv4 or IPv6 address in canonical text (RFC 5952 for IPv6). */
export type IpAddress = string & { readonly [ipAddressBrand]: true };

/** Only texts that this module made are addresses; this is where they become so. */
function isCanonical(_text: string): _text is IpAddress {
  return true;
}

function branded(text: string): IpAddress {
  assert(isCanonical(text), "canonical text is an address");
  return text;
}

/** Reads an address in any text form of RFC 4291 §2.2 or dotted decimal; undefined if it is none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  if (bytes === undefined) return undefined;
  return ipAddressFromBytes(bytes, 0, bytes.length === 4 ? 4 : 6);
}

export function familyOf(address: IpAddress): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

/** The 4 or 16 bytes in network order, freshly made. */
export function ipAddressBytes(address: IpAddress): Uint8Array {
  const bytes = address.includes(":") ? parseIpv6(address) : parseIpv4(address);
  assert(bytes !== undefined, `${address} is an address`);
  return bytes;
}

/** The canonical text of the 4 or 16 bytes at `at`. */
export function ipAddressFromBytes(
  bytes: Uint8Array,
  at: number,
  family: 4 | 6,
): IpAddress {
  return branded(family === 4 ? formatIpv4(bytes, at) : formatIpv6(bytes, at));
}

/** Negative, 0 or positive as `a` is below, equal to or above `b` in network byte order (RFC 9568 §6.4.3). */
export function compareIpAddresses(a: IpAddress, b: IpAddress): number {
  if (a === b) return 0;
  const left = ipAddressBytes(a);
  const right = ipAddressBytes(b);
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 224.0.0.0/4 or ff00::/8. Canonical text shows it without being read. */
export function isMulticast(address: IpAddress): boolean {
  if (familyOf(address) === 6) {
    return address.startsWith("ff") && address.indexOf(":") === 4;
  }
  const first = Number(address.slice(0, address.indexOf(".")));
  return first >= 224 && first <= 239;
}

/** 169.254.0.0/16 or fe80::/10. */
export function isLinkLocal(address: IpAddress): boolean {
  if (familyOf(address) === 4) return address.startsWith("169.254.");
  return address.startsWith("fe") && address.indexOf(":") === 4 &&
    "89ab".includes(address.charAt(2));
}

/** Whether `address` lies in `network`/`prefixLength`; never across families. */
export function isInPrefix(
  address: IpAddress,
  network: IpAddress,
  prefixLength: number,
): boolean {
  const bytes = ipAddressBytes(address);
  const base = ipAddressBytes(network);
  if (bytes.length !== base.length) return false;
  for (let i = 0; i * 8 < prefixLength; i++) {
    const bits = Math.min(8, prefixLength - i * 8);
    const mask = (0xff << (8 - bits)) & 0xff;
    if (((bytes[i] ?? 0) & mask) !== ((base[i] ?? 0) & mask)) return false;
  }
  return true;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let place = 0;
  let value = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === CODE_DOT) {
      if (digits === 0 || place === 3) return undefined;
      bytes[place++] = value;
      value = 0;
      digits = 0;
      continue;
    }
    if (code < CODE_0 || code > CODE_9) return undefined;
    // inet_pton takes no leading zero: it might have meant octal.
    if (digits > 0 && value === 0) return undefined;
    value = value * 10 + code - CODE_0;
    digits++;
    if (value > 255) return undefined;
  }
  if (digits === 0 || place !== 3) return undefined;
  bytes[3] = value;
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const gap = text.indexOf("::");
  if (gap !== text.lastIndexOf("::")) return undefined;
  if (gap < 0) {
    const groups = parseGroups(text, true);
    return groups?.length === 8 ? groupBytes(groups) : undefined;
  }
  const head = parseGroups(text.slice(0, gap), false);
  const tail = parseGroups(text.slice(gap + 2), true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // RFC 4291 §2.2: `::` stands for one group of zeros or more.
  if (missing < 1) return undefined;
  return groupBytes([...head, ...new Array<number>(missing).fill(0), ...tail]);
}

/** 16-bit groups between colons; a last dotted quad counts as two where it may stand. */
function parseGroups(
  text: string,
  mayEndInIpv4: boolean,
): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (mayEndInIpv4 && i === parts.length - 1 && part.includes(".")) {
      const quad = parseIpv4(part);
      if (quad === undefined) return undefined;
      groups.push(
        ((quad[0] ?? 0) << 8) | (quad[1] ?? 0),
        ((quad[2] ?? 0) << 8) | (quad[3] ?? 0),
      );
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(parseInt(part, 16));
    }
  }
  return groups;
}

function groupBytes(groups: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 8; i++) {
    const group = groups[i] ?? 0;
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 0xff;
  }
  return bytes;
}

function formatIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

function formatIpv6(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) {
    groups.push(((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0));
  }
  if (isIpv4Mapped(groups)) return `::ffff:${formatIpv4(bytes, at + 12)}`;
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]) =>
    part.map((group) => group.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${
    text(groups.slice(start + length))
  }`;
}

/** RFC 5952 §5: mapped addresses keep their dotted quad. */
function isIpv4Mapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) &&
    groups[5] === 0xffff;
}

/** RFC 5952 §4.2: the longest run of zero groups, the first of equals. */
function longestZeros(
  groups: readonly number[],
): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
