/**
 * Asking a network driver whether there is a carrier: netdevice(7), the MII and ethtool ioctls.
 *
 * Says:    linux/sockios.h, linux/mii.h (basic mode status register), linux/ethtool.h (ETHTOOL_GLINK).
 * Errors:  none but for opening; what a driver cannot say is undefined.
 * Cost:    one or two system calls; a PHY behind a slow bus may take milliseconds.
 * @module
 */
import { addressOf, check, libc } from "./libc.ts";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;

const SIOCGIFFLAGS = 0x8913;
const SIOCETHTOOL = 0x8946;
const SIOCGMIIPHY = 0x8947;
const SIOCGMIIREG = 0x8948;

const IFREQ_LENGTH = 40;
const NAME_LENGTH_MAX = 15;
/** The union of struct ifreq, and in it the fields of struct mii_ioctl_data. */
const VALUE_AT = 16;
const MII_REGISTER_AT = 18;
const MII_VALUE_AT = 22;

const BMSR = 1;
const BMSR_LINK = 0x4;
const ETHTOOL_GLINK = 0xa;
const IFF_UP_RUNNING = 0x41;

/** Opens what questions are asked through. */
export function openLinkQuestions(): number {
  const fd = libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return check(fd, "socket", "open a socket to ask drivers through");
}

/** By the status register of its PHY; undefined where the driver has none to show. */
export function miiCarrier(fd: number, name: string): boolean | undefined {
  const { bytes, view } = requestOf(name);
  if (libc().ioctl(fd, SIOCGMIIPHY, bytes) < 0) return undefined;
  view.setUint16(MII_REGISTER_AT, BMSR, true);
  if (libc().ioctl(fd, SIOCGMIIREG, bytes) < 0) return undefined;
  const status = view.getUint16(MII_VALUE_AT, true);
  // Zeros or ones throughout: there is no PHY behind the bus.
  if (status === 0 || status === 0xffff) return undefined;
  return (status & BMSR_LINK) !== 0;
}

/** By ethtool(8)'s "Link detected"; undefined where the driver does not tell. */
export function ethtoolCarrier(fd: number, name: string): boolean | undefined {
  const { bytes, view } = requestOf(name);
  const value = new Uint8Array(8);
  const values = new DataView(value.buffer);
  values.setUint32(0, ETHTOOL_GLINK, true);
  view.setBigUint64(VALUE_AT, addressOf(value), true);
  if (libc().ioctl(fd, SIOCETHTOOL, bytes) < 0) return undefined;
  return values.getUint32(4, true) !== 0;
}

/** By the interface's flags; undefined where there is no such interface. */
export function flagsCarrier(fd: number, name: string): boolean | undefined {
  const { bytes, view } = requestOf(name);
  if (libc().ioctl(fd, SIOCGIFFLAGS, bytes) < 0) return undefined;
  const flags = view.getUint16(VALUE_AT, true);
  return (flags & IFF_UP_RUNNING) === IFF_UP_RUNNING;
}

function requestOf(
  name: string,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly view: DataView } {
  const bytes = new Uint8Array(IFREQ_LENGTH);
  bytes.set(new TextEncoder().encode(name).subarray(0, NAME_LENGTH_MAX));
  return { bytes, view: new DataView(bytes.buffer) };
}
