/**
 * Lines of text over a stream socket.
 * @module
 */

/** Reads up to a newline; undefined when the other side closed before, or sent more than `bytesMax`. */
export async function readLine(
  connection: Deno.Conn,
  bytesMax: number,
): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(65_536);
  let text = "";
  let total = 0;
  for (;;) {
    const length = await connection.read(chunk);
    if (length === null) return undefined;
    total += length;
    text += decoder.decode(chunk.subarray(0, length), { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
    if (total > bytesMax) return undefined;
  }
}

/** Writes `text` and a newline. */
export async function writeLine(
  connection: Deno.Conn,
  text: string,
): Promise<void> {
  let bytes = new TextEncoder().encode(`${text}\n`);
  while (bytes.length > 0) {
    bytes = bytes.subarray(await connection.write(bytes));
  }
}
