/**
 * Unix sockets without a file of their own: datagrams to a well-known address, and a connected pair.
 *
 * Says:    unix(7).
 * Errors:  opening throws {@linkcode SysError}; sending returns the errno, since a busy or absent receiver is
 *          everyday.
 * @module
 */
import { check, lastErrno, libc } from "./libc.ts";
import { AF_UNIX } from "./sockaddr.ts";

const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

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
