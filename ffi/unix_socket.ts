/**
 * Unix sockets without a file of their own: datagrams to a well-known address, a connected pair, and names that one
 * process at a time has.
 *
 * Says:    unix(7).
 * Errors:  opening throws {@linkcode SysError}; sending returns the errno, since a busy or absent receiver is
 *          everyday.
 * @module
 */
import { check, closeFd, lastErrno, libc } from "./libc.ts";
import { AF_UNIX } from "./sockaddr.ts";
import { EAGAIN } from "./sys_error.ts";

const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_PEEK = 2;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const UCRED_SIZE = 12;
/** The system's own limit holds. */
const BACKLOG = 4096;

/** Opens an unbound datagram socket. */
export function openUnixDatagram(): number {
  return check(
    libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
    "socket",
    "open a unix datagram socket",
  );
}

/** Sends one datagram to `address`, a `sockaddr_un`; returns 0, or the errno. */
export function sendUnixDatagram(
  fd: number,
  bytes: Uint8Array<ArrayBuffer>,
  address: Uint8Array<ArrayBuffer>,
): number {
  const sent = libc().sendto(
    fd,
    bytes,
    BigInt(bytes.length),
    MSG_DONTWAIT | MSG_NOSIGNAL,
    address,
    address.length,
  );
  return sent < 0 ? lastErrno() : 0;
}

/** Two connected stream sockets, both non-blocking and closed on exec. */
export function openSocketPair(): readonly [number, number] {
  const pair = new Int32Array(2);
  check(
    libc().socketpair(
      AF_UNIX,
      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
      0,
      pair,
    ),
    "socketpair",
    "make a socket pair",
  );
  return [pair[0] ?? -1, pair[1] ?? -1];
}

/** Sends `bytes` on a connected socket; returns how many it took, or the errno as a negative number. */
export function sendStream(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
  const sent = libc().send(
    fd,
    bytes,
    BigInt(bytes.length),
    MSG_DONTWAIT | MSG_NOSIGNAL,
  );
  return sent < 0 ? -lastErrno() : sent;
}

/**
 * Takes a name, a `sockaddr_un`, until the descriptor is closed or the process ends; returns it, or the errno as a
 * negative number: EADDRINUSE if somebody has it. Who connects to it learns who has it.
 */
export function takeName(address: Uint8Array<ArrayBuffer>): number {
  const { bind, listen } = libc();
  return withSocket((fd) => {
    const bound = bind(fd, address, address.length);
    return bound < 0 ? bound : listen(fd, BACKLOG);
  });
}

/** Connects to who has a name; returns the descriptor, or the errno as a negative number. */
export function connectToName(address: Uint8Array<ArrayBuffer>): number {
  return withSocket((fd) => libc().connect(fd, address, address.length));
}

function withSocket(use: (fd: number) => number): number {
  const type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
  const fd = libc().socket(AF_UNIX, type, 0);
  if (fd < 0) return -lastErrno();
  if (use(fd) === 0) return fd;
  const errno = lastErrno();
  closeFd(fd);
  return -errno;
}

/** Who is at the other end of a connection; `pid` is 0 where this process cannot see the other. */
export function peerOf(
  fd: number,
): { readonly pid: number; readonly uid: number } {
  const ucred = new Uint8Array(UCRED_SIZE);
  const length = new Uint8Array(Uint32Array.of(UCRED_SIZE).buffer);
  check(
    libc().getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred, length),
    "getsockopt(SO_PEERCRED)",
    "see who has a name",
  );
  const view = new DataView(ucred.buffer);
  return { pid: view.getInt32(0, true), uid: view.getUint32(4, true) };
}

/** Whether the other end of a connection, which says nothing, is still there. */
export function isConnected(fd: number): boolean {
  const nothing = new Uint8Array(1);
  const length = libc().recv(fd, nothing, 1n, MSG_DONTWAIT | MSG_PEEK);
  return length < 0 && lastErrno() === EAGAIN;
}
