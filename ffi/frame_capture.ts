/**
 * Listens to the frames that come in on an interface, for tests.
 *
 * Says:    packet(7).
 * Errors:  waiting longer than two seconds for a frame throws.
 * @module
 */
import { check, closeFd, libc } from "./libc.ts";
import { ReceiveRing } from "./message_batch.ts";
import { AF_PACKET, sockaddrLl } from "./sockaddr.ts";

const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const ETHERTYPE_ALL = 0x0003;
/** Place of the packet type in `sockaddr_ll`, and the type of what we sent ourselves. */
const PACKET_TYPE_AT = 10;
const PACKET_OUTGOING = 4;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const BUFFER_BYTES = 4 << 20;
const POLLIN = 1;
const PATIENCE_MS = 2000;

export class FrameCapture implements Disposable {
  readonly #fd: number;
  readonly #ring = new ReceiveRing(16, 2048);
  #waiting: Uint8Array[] = [];

  constructor(ifIndex: number) {
    this.#fd = check(
      libc().socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
      "socket",
      "open a packet socket (needs CAP_NET_RAW)",
    );
    const size = new Uint8Array(4);
    new DataView(size.buffer).setInt32(0, BUFFER_BYTES, true);
    check(
      libc().setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4),
      "setsockopt",
      "size a packet socket (needs CAP_NET_ADMIN)",
    );
    const name = sockaddrLl(ifIndex, ETHERTYPE_ALL);
    check(
      libc().bind(this.#fd, name, name.length),
      "bind",
      "watch an interface",
    );
  }

  /** The next frame that `isWanted`; others are forgotten. */
  next(isWanted: (frame: Uint8Array) => boolean): Uint8Array {
    for (;;) {
      const frame = this.#waiting.shift();
      if (frame === undefined) this.#fill();
      else if (isWanted(frame)) return frame;
    }
  }

  [Symbol.dispose](): void {
    closeFd(this.#fd);
  }

  #fill(): void {
    const pollfd = new Uint8Array(8);
    const view = new DataView(pollfd.buffer);
    view.setInt32(0, this.#fd, true);
    view.setInt16(4, POLLIN, true);
    if (libc().poll(pollfd, 1n, PATIENCE_MS) === 0) {
      throw new Error("Cannot capture a frame: none came in two seconds");
    }
    const ring = this.#ring;
    const count = ring.receive(this.#fd);
    for (let slot = 0; slot < count; slot++) {
      const type = ring.names[ring.nameOffset(slot) + PACKET_TYPE_AT];
      if (type === PACKET_OUTGOING) continue;
      const at = ring.offset(slot);
      this.#waiting.push(ring.bytes.slice(at, at + ring.length(slot)));
    }
  }
}
