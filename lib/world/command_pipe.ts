/**
 * The engine's end of the command socket: one JSON document a line, read without blocking.
 *
 * Checks:  only that a line is JSON; the daemon is the one who writes here.
 * @module
 */
import type { EngineCommand } from "../engine/port.ts";
import { lastErrno, libc } from "../../ffi/libc.ts";
import { EAGAIN, EINTR } from "../../ffi/sys_error.ts";

const CHUNK = 65536;
const MSG_DONTWAIT = 0x40;
const NEWLINE = 0x0a;

export class CommandPipe {
  readonly fd: number;
  readonly #chunk = new Uint8Array(CHUNK);
  readonly #decoder = new TextDecoder();
  #pending: Uint8Array[] = [];

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Hands every whole line to `take`. Returns false when the other end is closed. */
  drain(take: (command: EngineCommand) => void): boolean {
    for (;;) {
      const length = libc().recv(
        this.fd,
        this.#chunk,
        BigInt(CHUNK),
        MSG_DONTWAIT,
      );
      if (length === 0) return false;
      if (length < 0) {
        const errno = lastErrno();
        if (errno === EINTR) continue;
        return errno === EAGAIN;
      }
      this.#split(length, take);
    }
  }

  #split(length: number, take: (command: EngineCommand) => void): void {
    let start = 0;
    for (;;) {
      const end = this.#chunk.indexOf(NEWLINE, start);
      if (end < 0 || end >= length) break;
      this.#pending.push(this.#chunk.slice(start, end));
      const line = this.#pending.map((part) =>
        this.#decoder.decode(part, { stream: true })
      ).join("") +
        this.#decoder.decode();
      this.#pending = [];
      start = end + 1;
      const command: EngineCommand = JSON.parse(line);
      take(command);
    }
    if (start < length) this.#pending.push(this.#chunk.slice(start, length));
  }
}
