/**
 * UTF-8 text cut to a number of bytes, never inside a character.
 * @module
 */

const encoder = new TextEncoder();

/** `text` as UTF-8, at most `bytesMax` (3 or more) bytes; `…` stands for what was cut off. */
export function utf8Within(
  text: string,
  bytesMax: number,
): Uint8Array<ArrayBuffer> {
  const bytes = encoder.encode(text);
  if (bytes.length <= bytesMax) return bytes;
  const ellipsis = encoder.encode("…");
  let end = bytesMax - ellipsis.length;
  // 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const cut = new Uint8Array(end + ellipsis.length);
  cut.set(bytes.subarray(0, end));
  cut.set(ellipsis, end);
  return cut;
}
