/**
 * Ranges of addresses as `virtual_server_group` writes them, in both languages.
 *
 * Says:    keepalived's forms: `10.0.0.1`, `10.0.0.1-20` (last octet), `fe80::1-1f` (last 16 bits, hexadecimal),
 *          `10.0.0.1-10.0.1.4` and `10.0.0.0/29` (all addresses of the prefix).
 * Errors:  returned as words.
 * @module
 */
import {
  compareIpAddresses,
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
  parseIpAddress,
} from "../addr/ip_address.ts";

/** From the first address to the last, both among them. */
export interface AddressRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

export type ParsedRange =
  | { readonly kind: "range"; readonly range: AddressRange }
  | { readonly kind: "wrong"; readonly problem: string };

/** Reads a range in any of its forms. */
export function parseAddressRange(text: string): ParsedRange {
  const at = text.search(/[/-]/);
  const first = parseIpAddress(at < 0 ? text : text.slice(0, at));
  if (first === undefined) return wrong(`\`${text}\` is not an IP address`);
  if (at < 0) return { kind: "range", range: { first, last: first } };
  const rest = text.slice(at + 1);
  return text[at] === "/" ? wholePrefix(first, rest) : rangeTo(first, rest);
}

function wrong(problem: string): ParsedRange {
  return { kind: "wrong", problem };
}

function wholePrefix(first: IpAddress, rest: string): ParsedRange {
  const family = familyOf(first);
  const bytes = ipAddressBytes(first);
  const length = /^[0-9]{1,3}$/.test(rest) ? Number(rest) : NaN;
  if (!(length <= bytes.length * 8)) {
    return wrong(`\`/${rest}\` is not a prefix length`);
  }
  const end = Uint8Array.from(bytes);
  for (let bit = length; bit < bytes.length * 8; bit++) {
    const mask = 0x80 >> (bit % 8);
    const byte = bit >> 3;
    if (((bytes[byte] ?? 0) & mask) !== 0) {
      return wrong(`\`${first}\` has bits behind its prefix of ${length}`);
    }
    end[byte] = (end[byte] ?? 0) | mask;
  }
  const last = ipAddressFromBytes(end, 0, family);
  return { kind: "range", range: { first, last } };
}

function rangeTo(first: IpAddress, rest: string): ParsedRange {
  const last = parseIpAddress(rest) ?? withLastPart(first, rest);
  if (last === undefined || familyOf(last) !== familyOf(first)) {
    return wrong(
      `\`${rest}\` cannot end a range that begins with \`${first}\``,
    );
  }
  return compareIpAddresses(last, first) < 0
    ? wrong(`the range ends with \`${last}\`, below its begin`)
    : { kind: "range", range: { first, last } };
}

/** The address with its last octet, or its last 16 bits, replaced. */
function withLastPart(address: IpAddress, part: string): IpAddress | undefined {
  const bytes = ipAddressBytes(address);
  if (familyOf(address) === 4) {
    if (!/^[0-9]{1,3}$/.test(part) || Number(part) > 255) return undefined;
    bytes[3] = Number(part);
    return ipAddressFromBytes(bytes, 0, 4);
  }
  if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
  const value = parseInt(part, 16);
  bytes[14] = value >> 8;
  bytes[15] = value & 0xff;
  return ipAddressFromBytes(bytes, 0, 6);
}

/** The shortest form that reads back as the same range. */
export function addressRangeText({ first, last }: AddressRange): string {
  if (first === last) return first;
  const length = prefixLengthOf(first, last);
  if (length !== undefined) return `${first}/${length}`;
  const start = ipAddressBytes(first);
  const end = ipAddressBytes(last);
  const size = end.length === 4 ? 1 : 2;
  const sameHead = end.subarray(0, -size).every((byte, i) => byte === start[i]);
  if (!sameHead) return `${first}-${last}`;
  const [high = 0, low = 0] = size === 1
    ? [0, end[3]]
    : [end[14] ?? 0, end[15] ?? 0];
  return `${first}-${
    size === 1 ? String(low) : (high * 256 + low).toString(16)
  }`;
}

/** The prefix length whose addresses are exactly these; undefined when there is none. */
function prefixLengthOf(
  first: IpAddress,
  last: IpAddress,
): number | undefined {
  const start = ipAddressBytes(first);
  const end = ipAddressBytes(last);
  let length = 0;
  while (
    length < start.length * 8 && bitAt(start, length) === bitAt(end, length)
  ) {
    length++;
  }
  for (let bit = length; bit < start.length * 8; bit++) {
    if (bitAt(start, bit) !== 0 || bitAt(end, bit) !== 1) return undefined;
  }
  return length;
}

function bitAt(bytes: Uint8Array, bit: number): number {
  return ((bytes[bit >> 3] ?? 0) >> (7 - bit % 8)) & 1;
}
