/**
 * The Internet checksum: 16-bit one's complement sums.
 *
 * Says:    RFC 1071.
 * Cost:    allocates nothing.
 * @module
 */

/** Adds the big-endian 16-bit words of `length` bytes at `at` to `sum`; an odd last byte counts as its upper half. */
export function addWords(
  sum: number,
  bytes: Uint8Array,
  at: number,
  length: number,
): number {
  const end = at + (length & ~1);
  let total = sum;
  for (let i = at; i < end; i += 2) {
    total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  }
  if ((length & 1) !== 0) total += (bytes[end] ?? 0) << 8;
  return total;
}

/** Folds a sum of up to 2^47 into 16 bits. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) {
    folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  }
  return folded;
}

/** What goes into the checksum field: the complement of the folded sum. */
export function finishChecksum(sum: number): number {
  return ~foldSum(sum) & 0xffff;
}

/** Whether a sum that included the checksum field itself is that of an intact message. */
export function isIntact(sum: number): boolean {
  return foldSum(sum) === 0xffff;
}
