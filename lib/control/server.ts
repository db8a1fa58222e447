/**
 * The daemon's end of the control socket.
 *
 * Errors:  {@linkcode ControlServer.open} throws when another daemon answers there, or the socket cannot be made. A bad
 *          request is answered with an error; a client that goes away is forgotten.
 * @module
 */
import { askControl } from "./client.ts";
import { readLine, writeLine } from "./line_socket.ts";
import {
  type ControlRequest,
  type ControlResponse,
  parseRequest,
  PROTOCOL_VERSION,
} from "./protocol.ts";

const REQUEST_BYTES_MAX = 65_536;
const OWNER_ONLY = 0o600;

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
    const alive = await askControl(path, {
      protocol: PROTOCOL_VERSION,
      request: "status",
    });
    if (alive.kind === "answered") {
      throw new Error(
        `another hakeep runs with this runtime directory (it answers on ${path})`,
      );
    }
    if (alive.kind === "stale") Deno.removeSync(path);
    const listener = Deno.listen({ transport: "unix", path });
    Deno.chmodSync(path, OWNER_ONLY);
    const server = new ControlServer(listener, path);
    void server.#serve(answer);
    return server;
  }

  close(): void {
    this.#listener.close();
    try {
      Deno.removeSync(this.#path);
    } catch (error) {
      // Somebody was tidying up.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #serve(
    answer: (request: ControlRequest) => Promise<ControlResponse>,
  ): Promise<void> {
    for await (const connection of this.#listener) {
      // One client's trouble is its own.
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
      : await answer(request);
    await writeLine(connection, JSON.stringify(response));
  }
}
