/**
 * The command line's end of the control socket.
 * @module
 */
import type { ControlRequest, ControlResponse } from "./protocol.ts";
import { readLine, writeLine } from "./line_socket.ts";

/** A status of thousands of instances is a few megabytes. */
const RESPONSE_BYTES_MAX = 256 << 20;

export type ControlAnswer =
  | { readonly kind: "answered"; readonly response: ControlResponse }
  /** There is no socket: no daemon, or another runtime directory. */
  | { readonly kind: "absent" }
  /** There is a socket and nobody listens: a daemon was killed. */
  | { readonly kind: "stale" }
  | { readonly kind: "denied" };

/** Asks the daemon on `path`. Throws what is neither of the answers. */
export async function askControl(
  path: string,
  request: ControlRequest,
): Promise<ControlAnswer> {
  let connection: Deno.UnixConn;
  try {
    connection = await Deno.connect({ transport: "unix", path });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "absent" };
    if (error instanceof Deno.errors.ConnectionRefused) {
      return { kind: "stale" };
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      return { kind: "denied" };
    }
    throw error;
  }
  try {
    await writeLine(connection, JSON.stringify(request));
    const line = await readLine(connection, RESPONSE_BYTES_MAX);
    if (line === undefined) return { kind: "stale" };
    const response: ControlResponse = JSON.parse(line);
    return { kind: "answered", response };
  } finally {
    connection.close();
  }
}
