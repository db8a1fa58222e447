/**
 * Raw IP sockets as a VRRP router needs them: one kind that only receives, one that only sends.
 *
 * Says:    raw(7), ip(7), ipv6(7). Sending sockets are IPPROTO_RAW: the caller writes the IP header, and they
 *          receive nothing. Receiving sockets leave the VRRP checksum to the caller, so that a bad one can be counted.
 * Errors:  {@linkcode SysError}; a socket that failed half-way is closed.
 * @module
 */
import { check, closeFd, libc } from "./libc.ts";
import { AF_INET, AF_INET6, sockaddrIn, sockaddrIn6 } from "./sockaddr.ts";

const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_RAW = 255;

const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_BINDTODEVICE = 25;

const SOL_IP = 0;
const IP_TOS = 1;
const IP_FREEBIND = 15;
const IP_MULTICAST_IF = 32;
const IP_MULTICAST_LOOP = 34;
const IP_ADD_MEMBERSHIP = 35;
const IP_MULTICAST_ALL = 49;

const SOL_IPV6 = 41;
const IPV6_MULTICAST_IF = 17;
const IPV6_MULTICAST_LOOP = 19;
const IPV6_JOIN_GROUP = 20;
const IPV6_MULTICAST_ALL = 29;
const IPV6_RECVPKTINFO = 49;
const IPV6_RECVHOPLIMIT = 51;
const IPV6_TCLASS = 67;
const IPV6_FREEBIND = 78;

/** Internetwork control (RFC 791): the TOS of VRRP adverts. */
const TOS_INTERNETWORK_CONTROL = 0xc0;

/** What a receiving socket listens to. */
export interface RawReceiveSpec {
  readonly family: 4 | 6;
  /** IP protocol number: 112 is VRRP. */
  readonly protocol: number;
  readonly interface: string;
  readonly ifIndex: number;
  /** The group to join, or our own address for unicast; 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly isMulticast: boolean;
}

function option(
  fd: number,
  level: number,
  name: number,
  value: Uint8Array<ArrayBuffer>,
  what: string,
): void {
  check(
    libc().setsockopt(fd, level, name, value, value.length),
    "setsockopt",
    what,
  );
}

function int32(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

function bindToDevice(fd: number, name: string): void {
  option(
    fd,
    SOL_SOCKET,
    SO_BINDTODEVICE,
    new TextEncoder().encode(`${name}\0`),
    `bind a socket to ${name}`,
  );
}

/** `struct ip_mreqn`: group, local address (any), interface index. */
function membership4(
  group: Uint8Array,
  ifIndex: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12);
  bytes.set(group.subarray(0, 4), 0);
  new DataView(bytes.buffer).setInt32(8, ifIndex, true);
  return bytes;
}

/** `struct ipv6_mreq`: group, interface index. */
function membership6(
  group: Uint8Array,
  ifIndex: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(20);
  bytes.set(group.subarray(0, 16), 0);
  new DataView(bytes.buffer).setInt32(16, ifIndex, true);
  return bytes;
}

function openRaw(family: 4 | 6, protocol: number): number {
  return check(
    libc().socket(
      family === 4 ? AF_INET : AF_INET6,
      SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
      protocol,
    ),
    "socket",
    "open a raw socket (needs CAP_NET_RAW)",
  );
}

/** Runs `configure` on a fresh descriptor and closes it if that throws. */
function configured(fd: number, configure: () => void): number {
  try {
    configure();
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

/** Makes room for `bytes` in a receive buffer; the kernel doubles it, and bounds it by net.core.rmem_max. */
export function sizeReceiveBuffer(fd: number, bytes: number): void {
  const value = int32(Math.min(bytes, 0x7fffffff));
  option(fd, SOL_SOCKET, SO_RCVBUF, value, "size a receive buffer");
}

/** Opens a socket that receives `spec.protocol` on one interface, and nothing else. */
export function openRawReceiver(spec: RawReceiveSpec): number {
  const fd = openRaw(spec.family, spec.protocol);
  return configured(fd, () => {
    bindToDevice(fd, spec.interface);
    if (spec.family === 4) configureReceiver4(fd, spec);
    else configureReceiver6(fd, spec);
  });
}

function configureReceiver4(fd: number, spec: RawReceiveSpec): void {
  option(fd, SOL_IP, IP_MULTICAST_ALL, int32(0), "refuse other groups");
  if (spec.isMulticast) {
    option(
      fd,
      SOL_IP,
      IP_ADD_MEMBERSHIP,
      membership4(spec.address, spec.ifIndex),
      `join ${Array.from(spec.address).join(".")} on ${spec.interface}`,
    );
  } else {
    option(
      fd,
      SOL_IP,
      IP_FREEBIND,
      int32(1),
      "allow an address that is not there yet",
    );
  }
  const name = sockaddrIn(spec.address);
  check(
    libc().bind(fd, name, name.length),
    "bind",
    `listen on ${spec.interface}`,
  );
}

function configureReceiver6(fd: number, spec: RawReceiveSpec): void {
  option(fd, SOL_IPV6, IPV6_MULTICAST_ALL, int32(0), "refuse other groups");
  option(fd, SOL_IPV6, IPV6_RECVPKTINFO, int32(1), "ask for destinations");
  option(fd, SOL_IPV6, IPV6_RECVHOPLIMIT, int32(1), "ask for hop limits");
  if (spec.isMulticast) {
    option(
      fd,
      SOL_IPV6,
      IPV6_JOIN_GROUP,
      membership6(spec.address, spec.ifIndex),
      `join the VRRP group on ${spec.interface}`,
    );
  } else {
    option(
      fd,
      SOL_IPV6,
      IPV6_FREEBIND,
      int32(1),
      "allow an address that is not there yet",
    );
  }
  const name = sockaddrIn6(spec.address, spec.ifIndex);
  check(
    libc().bind(fd, name, name.length),
    "bind",
    `listen on ${spec.interface}`,
  );
}

/**
 * Opens a socket that sends complete IP packets out of one interface and never hears its own multicasts. Without
 * `source` (IPv6, 16 bytes) the kernel looks through all addresses of the interface for each packet, though the
 * packet has its own: with 255 of them that is twice the work of sending it.
 */
export function openRawSender(
  family: 4 | 6,
  interfaceName: string,
  ifIndex: number,
  source?: Uint8Array,
): number {
  const fd = openRaw(family, IPPROTO_RAW);
  return configured(fd, () => {
    bindToDevice(fd, interfaceName);
    if (family === 4) {
      option(
        fd,
        SOL_IP,
        IP_TOS,
        int32(TOS_INTERNETWORK_CONTROL),
        "set the type of service",
      );
      option(
        fd,
        SOL_IP,
        IP_MULTICAST_LOOP,
        int32(0),
        "switch multicast loopback off",
      );
      option(
        fd,
        SOL_IP,
        IP_MULTICAST_IF,
        membership4(new Uint8Array(4), ifIndex),
        "choose the multicast interface",
      );
    } else {
      option(
        fd,
        SOL_IPV6,
        IPV6_TCLASS,
        int32(TOS_INTERNETWORK_CONTROL),
        "set the traffic class",
      );
      option(
        fd,
        SOL_IPV6,
        IPV6_MULTICAST_LOOP,
        int32(0),
        "switch multicast loopback off",
      );
      option(
        fd,
        SOL_IPV6,
        IPV6_MULTICAST_IF,
        int32(ifIndex),
        "choose the multicast interface",
      );
      if (source !== undefined) bindSource6(fd, source, ifIndex);
    }
  });
}

function bindSource6(fd: number, source: Uint8Array, ifIndex: number): void {
  option(
    fd,
    SOL_IPV6,
    IPV6_FREEBIND,
    int32(1),
    "allow an address that is not there any more",
  );
  const name = sockaddrIn6(source, ifIndex);
  check(libc().bind(fd, name, name.length), "bind", "choose a source address");
}
