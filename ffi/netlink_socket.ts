/**
 * A netlink socket, opened, subscribed and written to through libnl. Reading is recv(2) on its descriptor, never waiting
 * but where it is said.
 *
 * Says:    netlink(7). The kernel's answers carry their reasons (NETLINK_EXT_ACK) and do not quote the request
 *          (NETLINK_CAP_ACK); dump requests are taken at their word (NETLINK_GET_STRICT_CHK, kernels from 4.20).
 * Errors:  {@linkcode SysError}; a socket that failed half-way is freed. A subscriber that reads too slowly gets
 *          ENOBUFS from recv and has to take stock anew.
 * Cost:    `send` and `receive` allocate nothing.
 * @module
 */
import { check, lastErrno, libc } from "./libc.ts";
import { type Libnl, libnl, nlError, type NlSock } from "./libnl.ts";
import { EAGAIN, EINTR, SysError } from "./sys_error.ts";

const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
const EPERM = 1;
const ENOMEM = 12;
const ENOPROTOOPT = 92;

export interface NetlinkSocketSpec {
  /** libnl-3 as dlopen(3) takes it. */
  readonly libnlPath: string;
  /** NETLINK_*: 0 is ROUTE, 16 is GENERIC. */
  readonly protocol: number;
  /** Multicast groups to hear. */
  readonly groups: readonly number[];
  /** SO_RCVBUF in bytes; above the system's limit only with CAP_NET_ADMIN. */
  readonly receiveBufferBytes: number;
}

export class NetlinkSocket {
  /** Non-blocking and close-on-exec; libnl owns it. */
  readonly fd: number;
  /** Our address: what the kernel's messages carry when we caused them. */
  readonly portId: number;
  readonly #library: Libnl;
  #socket: NlSock | undefined;

  constructor(spec: NetlinkSocketSpec) {
    this.#library = libnl(spec.libnlPath);
    const socket = this.#library.nl_socket_alloc();
    if (socket === null) {
      throw new SysError("nl_socket_alloc", ENOMEM, "open a netlink socket");
    }
    this.#socket = socket;
    try {
      this.#check(
        this.#library.nl_connect(socket, spec.protocol),
        "nl_connect",
        "open a netlink socket",
      );
      this.fd = this.#library.nl_socket_get_fd(socket);
      this.portId = this.#library.nl_socket_get_local_port(socket);
      this.#configure(socket, spec);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Sends the first `length` bytes: one message or several. The kernel has worked through them when this returns.
   * False when its receive queue is full and nothing was sent.
   */
  send(bytes: Uint8Array<ArrayBuffer>, length: number): boolean {
    const socket = this.#socket;
    if (socket === undefined) {
      throw new SysError("nl_sendto", 9, "send on a closed netlink socket");
    }
    const sent = this.#library.nl_sendto(socket, bytes, BigInt(length));
    if (sent >= 0) return true;
    const error = nlError(sent, "nl_sendto", "send a netlink request");
    if (error.errno === EAGAIN) return false;
    throw error;
  }

  /** Reads what is there into `bytes`: its length, or an errno with a minus, such as -EAGAIN where there is nothing. */
  receive(bytes: Uint8Array<ArrayBuffer>): number {
    for (;;) {
      const length = libc().recv(
        this.fd,
        bytes,
        BigInt(bytes.length),
        MSG_DONTWAIT,
      );
      if (length >= 0) return length;
      const errno = lastErrno();
      if (errno !== EINTR) return -errno;
    }
  }

  /**
   * As `receive`, for an answer that is due: waits up to `patienceMs` and throws when it does not come. `doing` is what
   * it is for.
   */
  receiveSoon(
    bytes: Uint8Array<ArrayBuffer>,
    patienceMs: number,
    doing: string,
  ): number {
    for (;;) {
      const length = this.receive(bytes);
      if (length >= 0) return length;
      if (length !== -EAGAIN) throw new SysError("recv", -length, doing);
      const pollfd = new Uint8Array(8);
      const view = new DataView(pollfd.buffer);
      view.setInt32(0, this.fd, true);
      view.setInt16(4, POLLIN, true);
      if (libc().poll(pollfd, 1n, patienceMs) === 0) {
        throw new SysError("recv", EAGAIN, doing);
      }
    }
  }

  /** Closes the descriptor; a second time does nothing. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket !== undefined) this.#library.nl_socket_free(socket);
  }

  #configure(socket: NlSock, spec: NetlinkSocketSpec): void {
    this.#library.nl_socket_disable_seq_check(socket);
    this.#check(
      this.#library.nl_socket_set_nonblocking(socket),
      "nl_socket_set_nonblocking",
      "make a netlink socket non-blocking",
    );
    this.#setReceiveBuffer(socket, spec.receiveBufferBytes);
    this.#setOption(NETLINK_EXT_ACK, "ask for the kernel's reasons");
    this.#setOption(NETLINK_CAP_ACK, "ask for short answers");
    this.#setOption(NETLINK_GET_STRICT_CHK, "ask for strict dumps");
    for (const group of spec.groups) {
      this.#check(
        this.#library.nl_socket_add_membership(socket, group),
        "nl_socket_add_membership",
        `hear netlink group ${group}`,
      );
    }
  }

  #setReceiveBuffer(socket: NlSock, byteCount: number): void {
    const value = int32(byteCount);
    const { setsockopt } = libc();
    if (setsockopt(this.fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) === 0) return;
    if (lastErrno() !== EPERM) {
      check(-1, "setsockopt", "size a netlink receive buffer");
    }
    // Without CAP_NET_ADMIN the system's limit holds, silently.
    this.#check(
      this.#library.nl_socket_set_buffer_size(socket, byteCount, 32768),
      "nl_socket_set_buffer_size",
      "size a netlink receive buffer",
    );
  }

  /** Switches an option on; a kernel that does not know it answers as it always did, which we can read too. */
  #setOption(name: number, doing: string): void {
    const { setsockopt } = libc();
    if (setsockopt(this.fd, SOL_NETLINK, name, int32(1), 4) === 0) return;
    if (lastErrno() !== ENOPROTOOPT) check(-1, "setsockopt", doing);
  }

  #check(result: number, call: string, doing: string): void {
    if (result < 0) throw nlError(result, call, doing);
  }
}

function int32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
