/**
 * The command line's end of the control socket.
 * @module
 */
import type { ControlRequest, ControlResponse } from "./protocol.ts";
import { readResponse } from "./protocol.ts";
import { readLine, writeLine } from "./line_socket.ts";

/** A status of thousands of instances is a few megabytes. */
const RESPONSE_BYTES_MAX = 256 << 20;
/** The daemon itself waits up to 5 s for its engine. */
const PATIENCE_MS = 10_000;

export type ControlAnswer =
  | { readonly kind: "answered"; readonly response: ControlResponse }
  /** There is no socket: no daemon, or another runtime directory. */
  | { readonly kind: "absent" }
  /** There is a socket and nobody listens: a daemon was killed. */
  | { readonly kind: "stale" }
  | { readonly kind: "denied" }
  /** Somebody listens and does not answer, or not in our language. */
  | { readonly kind: "silent" };

/** Asks the daemon on `path`. Throws what is none of the answers. */
export async function askControl(
  path: string,
  request: ControlRequest,
): Promise<ControlAnswer> {
  const connection = await connect(path);
  if ("kind" in connection) return connection;
  const timer = setTimeout(() => connection.close(), PATIENCE_MS);
  try {
    await writeLine(connection, JSON.stringify(request));
    const line = await readLine(connection, RESPONSE_BYTES_MAX);
    const response = line === undefined ? undefined : readResponse(line);
    return response === undefined
      ? { kind: "silent" }
      : { kind: "answered", response };
  } catch (error) {
    if (isClosed(error)) return { kind: "silent" };
    throw error;
  } finally {
    clearTimeout(timer);
    closeQuietly(connection);
  }
}

/** Whether a daemon listens on `path`. */
export async function isServed(path: string): Promise<boolean> {
  const connection = await connect(path);
  if ("kind" in connection) return false;
  connection.close();
  return true;
}

async function connect(
  path: string,
): Promise<
  Deno.UnixConn | { readonly kind: "absent" | "stale" | "denied" }
> {
  try {
    return await Deno.connect({ transport: "unix", path });
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
}

/** What reading and writing throw when either side closed the connection. */
function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionReset;
}

function closeQuietly(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch (error) {
    // The timer closed it.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
