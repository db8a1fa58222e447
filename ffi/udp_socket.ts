/**
 * UDP sockets as BFD needs them: one kind that only listens on a port, one that only sends from a port of its own.
 *
 * Says:    udp(7), ip(7), ipv6(7). Listening sockets tell the TTL or hop limit of what they receive.
 * Errors:  {@linkcode SysError}; a socket that failed half-way is closed.
 * @module
 */
import { check, closeFd, lastErrno, libc } from "./libc.ts";
import { AF_INET, AF_INET6, sockaddrIn, sockaddrIn6 } from "./sockaddr.ts";
import { EINTR } from "./sys_error.ts";

const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;

const SOL_IP = 0;
const IP_TOS = 1;
const IP_TTL = 2;
const IP_PKTINFO = 8;
const IP_RECVTTL = 12;
const IP_FREEBIND = 15;

const SOL_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16;
const IPV6_V6ONLY = 26;
const IPV6_RECVPKTINFO = 49;
const IPV6_RECVHOPLIMIT = 51;
const IPV6_TCLASS = 67;
const IPV6_FREEBIND = 78;

/** Internetwork control (RFC 791), as routing protocols have it. */
const TOS_INTERNETWORK_CONTROL = 0xc0;

const ANY4 = new Uint8Array(4);
const ANY6 = new Uint8Array(16);

/** What a sending socket is to be. */
export interface UdpSendSpec {
  readonly family: 4 | 6;
  /** 4 or 16 bytes, there or not; undefined lets the kernel choose for each packet. */
  readonly source: Uint8Array | undefined;
  readonly sourcePort: number;
  /** TTL or hop limit, 1..255. */
  readonly hopLimit: number;
}

/** Opens a socket that hears `port` on every address of a family. */
export function openUdpListener(family: 4 | 6, port: number): number {
  const what = `listen on UDP port ${port}`;
  return configured(open(family), (fd) => {
    if (family === 4) {
      option(fd, SOL_IP, IP_RECVTTL, 1, "ask for the TTL");
      option(fd, SOL_IP, IP_PKTINFO, 1, "ask for destinations");
    } else {
      option(fd, SOL_IPV6, IPV6_V6ONLY, 1, "leave IPv4 to others");
      option(fd, SOL_IPV6, IPV6_RECVPKTINFO, 1, "ask for destinations");
      option(fd, SOL_IPV6, IPV6_RECVHOPLIMIT, 1, "ask for hop limits");
    }
    bind(fd, family, undefined, port, what);
  });
}

/** Opens a socket that sends from `spec.sourcePort`. */
export function openUdpSender(spec: UdpSendSpec): number {
  const { family, source, sourcePort, hopLimit } = spec;
  return configured(open(family), (fd) => {
    if (family === 4) {
      option(fd, SOL_IP, IP_TTL, hopLimit, "set the TTL");
      option(fd, SOL_IP, IP_TOS, TOS_INTERNETWORK_CONTROL, "set the TOS");
      option(fd, SOL_IP, IP_FREEBIND, 1, "allow an address that is not there");
    } else {
      option(fd, SOL_IPV6, IPV6_V6ONLY, 1, "leave IPv4 to others");
      option(fd, SOL_IPV6, IPV6_UNICAST_HOPS, hopLimit, "set the hop limit");
      option(
        fd,
        SOL_IPV6,
        IPV6_TCLASS,
        TOS_INTERNETWORK_CONTROL,
        "set the traffic class",
      );
      option(
        fd,
        SOL_IPV6,
        IPV6_FREEBIND,
        1,
        "allow an address that is not there",
      );
    }
    bind(fd, family, source, sourcePort, `use UDP port ${sourcePort}`);
  });
}

/** Sends one datagram to a socket address without blocking; 0, or why it did not leave. */
export function sendDatagram(
  fd: number,
  bytes: Uint8Array<ArrayBuffer>,
  name: Uint8Array<ArrayBuffer>,
): number {
  for (;;) {
    const sent = libc().sendto(
      fd,
      bytes,
      BigInt(bytes.length),
      MSG_DONTWAIT,
      name,
      name.length,
    );
    if (sent >= 0) return 0;
    const errno = lastErrno();
    if (errno !== EINTR) return errno;
  }
}

function open(family: 4 | 6): number {
  return check(
    libc().socket(
      family === 4 ? AF_INET : AF_INET6,
      SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
      0,
    ),
    "socket",
    "open a UDP socket",
  );
}

/** Runs `configure` on a fresh descriptor and closes it if that throws. */
function configured(fd: number, configure: (fd: number) => void): number {
  try {
    configure(fd);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

function bind(
  fd: number,
  family: 4 | 6,
  address: Uint8Array | undefined,
  port: number,
  what: string,
): void {
  const name = family === 4
    ? sockaddrIn(address ?? ANY4, port)
    : sockaddrIn6(address ?? ANY6, 0, port);
  check(libc().bind(fd, name, name.length), "bind", what);
}

function option(
  fd: number,
  level: number,
  name: number,
  value: number,
  what: string,
): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  check(
    libc().setsockopt(fd, level, name, bytes, bytes.length),
    "setsockopt",
    what,
  );
}
