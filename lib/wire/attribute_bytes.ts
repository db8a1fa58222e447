/**
 * Netlink attributes as bytes of their own, for where no batch can nest them.
 *
 * Says:    netlink(7): a length of 16 bits that counts the header, a type of 16 bits, the value, padding to 4 bytes.
 * @module
 */

const HEADER_LENGTH = 4;
const ALIGN = 4;

/** One attribute: its type, flags included, and its value. */
export type AttributeValue = readonly [type: number, value: Uint8Array];

/** `attributes`, one behind the other. */
export function attributeBytes(
  attributes: readonly AttributeValue[],
): Uint8Array {
  const lengths = attributes.map(([, value]) => aligned(value.length));
  const bytes = new Uint8Array(
    lengths.reduce((sum, length) => sum + HEADER_LENGTH + length, 0),
  );
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [index, [type, value]] of attributes.entries()) {
    view.setUint16(at, HEADER_LENGTH + value.length, true);
    view.setUint16(at + 2, type, true);
    bytes.set(value, at + HEADER_LENGTH);
    at += HEADER_LENGTH + (lengths[index] ?? 0);
  }
  return bytes;
}

/** 16 bits in the host's order. */
export function u16Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value, true);
  return bytes;
}

/** 32 bits in the host's order. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGN) * ALIGN;
}
