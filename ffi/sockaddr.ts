/**
 * Socket addresses as the kernel reads them: `struct sockaddr_in`, `_in6`, `_ll`, `_un`.
 *
 * Says:    ip(7), ipv6(7), packet(7), unix(7); both targets are little-endian, ports and protocols are not.
 * @module
 */

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_PACKET = 17;

/** Offset and size of the address inside `sockaddr_in6`. */
export const SOCKADDR_IN6_ADDRESS = 8;
/** The same inside `sockaddr_in`. */
export const SOCKADDR_IN_ADDRESS = 4;
export const SOCKADDR_IN6_SIZE = 28;
export const SOCKADDR_LL_ADDRESS = 12;
export const SOCKADDR_LL_SIZE = 20;

/** `sockaddr_in` of 4 address bytes; `port` 0 leaves it to the kernel. */
export function sockaddrIn(
  address: Uint8Array,
  port = 0,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port, false);
  bytes.set(address.subarray(0, 4), 4);
  return bytes;
}

/** `sockaddr_in6` of 16 address bytes; `scopeId` is the interface index for link-local addresses. */
export function sockaddrIn6(
  address: Uint8Array,
  scopeId: number,
  port = 0,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SOCKADDR_IN6_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET6, true);
  view.setUint16(2, port, false);
  bytes.set(address.subarray(0, 16), SOCKADDR_IN6_ADDRESS);
  view.setUint32(24, scopeId, true);
  return bytes;
}

/** `sockaddr_ll` for sending a frame out of (or binding to) an interface; `protocol` is an EtherType, 0 for none. */
export function sockaddrLl(
  ifIndex: number,
  protocol: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SOCKADDR_LL_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, protocol, false);
  view.setInt32(4, ifIndex, true);
  return bytes;
}

/**
 * `sockaddr_un` of a path, or of an abstract name written with a leading `@`.
 * Returns undefined when the name does not fit in `sun_path` (107 bytes).
 */
export function sockaddrUn(path: string): Uint8Array<ArrayBuffer> | undefined {
  const name = new TextEncoder().encode(path);
  if (name.length > 107) return undefined;
  const isAbstract = path.startsWith("@");
  // A path ends with a NUL; an abstract name is as long as it is.
  const bytes = new Uint8Array(2 + name.length + (isAbstract ? 0 : 1));
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true);
  bytes.set(name, 2);
  if (isAbstract) bytes[2] = 0;
  return bytes;
}
