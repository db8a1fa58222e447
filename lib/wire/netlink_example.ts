/**
 * Netlink messages taken apart for comparing, for tests: the order of attributes means nothing to the kernel.
 * @module
 */

const HEADER_LENGTH = 16;
const FAMILY_HEADER_LENGTH = 12;
const TYPE_MASK = 0x3fff;

/** Bytes from hexadecimal text. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(
    text.trim().split(/\s+/),
    (byte) => parseInt(byte, 16),
  );
}

/** Type and flags of a message, the family's header, and its attributes in order of their text. */
export function messageParts(
  bytes: Uint8Array,
): { readonly header: string; readonly attributes: readonly string[] } {
  const start = HEADER_LENGTH + FAMILY_HEADER_LENGTH;
  return {
    // Between them is the sequence number.
    header: `${hex(bytes.subarray(4, 8))} ${
      hex(bytes.subarray(HEADER_LENGTH, start))
    }`,
    attributes: attributesOf(bytes.subarray(start)),
  };
}

/** Each attribute as `type:value` in hexadecimal, sorted. */
export function attributesOf(bytes: Uint8Array): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const attributes: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true) & TYPE_MASK;
    attributes.push(`${type}:${hex(bytes.subarray(at + 4, at + length))}`);
    at += (length + 3) & ~3;
  }
  return attributes.sort();
}

function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}
