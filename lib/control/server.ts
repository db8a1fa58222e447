/**
 * The daemon's end of the control socket.
 *
 * Errors:  {@linkcode ControlServer.open} throws {@linkcode RuntimeDirInUseError} when another daemon answers there, and
 *          what the system says when the socket cannot be made. A bad request is answered with an error; a client that goes away is forgotten.
 * @module
 */
import { isServed } from "./client.ts";
import { readLine, writeLine } from "./line_socket.ts";
import { removeIfThere } from "./remove_if_there.ts";
import {
  type ControlRequest,
  type ControlResponse,
  parseRequest,
} from "./protocol.ts";

const REQUEST_BYTES_MAX = 65_536;
const OWNER_ONLY = 0o600;

/** Another daemon answers where this one wanted to listen. */
export class RuntimeDirInUseError extends Error {
  override readonly name = "RuntimeDirInUseError";
}

export class ControlServer {
  readonly #listener: Deno.UnixListener;
  readonly #path: string;

  private constructor(listener: Deno.UnixListener, path: string) {
    this.#listener = listener;
    this.#path = path;
  }

  /** Listens on `path`, taking the place of a socket that nobody listens on any more. */
  static async open(
    path: string,
    answer: (request: ControlRequest) => Promise<ControlResponse>,
  ): Promise<ControlServer> {
    if (await isServed(path)) {
      throw new RuntimeDirInUseError(
        `another hakeep runs with it (it listens on ${path})`,
      );
    }
    removeIfThere(path);
    const listener = Deno.listen({ transport: "unix", path });
    Deno.chmodSync(path, OWNER_ONLY);
    const server = new ControlServer(listener, path);
    void server.#serve(answer);
    return server;
  }

  close(): void {
    this.#listener.close();
    removeIfThere(this.#path);
  }

  async #serve(
    answer: (request: ControlRequest) => Promise<ControlResponse>,
  ): Promise<void> {
    for await (const connection of this.#listener) {
      // A client that went away is no trouble of ours.
      this.#converse(connection, answer).catch(() => {}).finally(() =>
        connection.close()
      );
    }
  }

  async #converse(
    connection: Deno.Conn,
    answer: (request: ControlRequest) => Promise<ControlResponse>,
  ): Promise<void> {
    const line = await readLine(connection, REQUEST_BYTES_MAX);
    if (line === undefined) return;
    const request = parseRequest(line);
    const response: ControlResponse = typeof request === "string"
      ? { ok: false, error: request }
      : await answer(request).catch(refusalOf);
    await writeLine(connection, JSON.stringify(response));
  }
}

function refusalOf(error: unknown): ControlResponse {
  const why = error instanceof Error ? error.message : String(error);
  return { ok: false, error: `the daemon failed: ${why}` };
}
