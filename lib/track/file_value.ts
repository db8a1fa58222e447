/**
 * The number that a tracked file holds: pure.
 *
 * Says:    keepalived's `track_file`: strtol(3) of the first 127 bytes with the base that the prefix says. Text that
 *          does not begin with a number is 0, as is an empty file; what follows the number does not count.
 * Units:   a number of 32 bits with sign.
 * @module
 */

const MIN = -2147483648;
const MAX = 2147483647;
/** keepalived reads no further. */
const BYTES_MAX = 127;

const NUMBER = /^[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|([0-9]+))/;

/** The number at the beginning of `bytes`; undefined when it needs more than 32 bits. */
export function fileValue(bytes: Uint8Array): number | undefined {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, BYTES_MAX));
  const [, sign, hexadecimal, digits] = NUMBER.exec(text) ?? [];
  const size = hexadecimal === undefined
    ? plain(digits ?? "0")
    : parseInt(hexadecimal, 16);
  // No negative zero: it would look like a change.
  const value = sign === "-" && size !== 0 ? -size : size;
  return value < MIN || value > MAX ? undefined : value;
}

/** A leading 0 makes it octal; the first digit that is none ends the number. */
function plain(digits: string): number {
  if (!digits.startsWith("0")) return parseInt(digits, 10);
  return parseInt(/^[0-7]*/.exec(digits)?.[0] ?? "0", 8);
}
