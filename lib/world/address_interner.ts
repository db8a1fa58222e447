/**
 * Makes the text of an IP address once, and finds it again by its bytes.
 *
 * Addresses are text inside hakeep, but packets carry bytes, thousands a second and nearly always the same few.
 * Cost:    a hit allocates nothing; at `ENTRIES_MAX` addresses of a family all of it is forgotten.
 * @module
 */
import { type IpAddress, ipAddressFromBytes } from "../addr/ip_address.ts";

const ENTRIES_MAX = 4096;

interface Ipv6Entry {
  readonly bytes: Uint8Array;
  readonly address: IpAddress;
}

export class AddressInterner {
  readonly #ipv4 = new Map<number, IpAddress>();
  /** By a hash of the bytes; equal hashes share a bucket. */
  readonly #ipv6 = new Map<number, Ipv6Entry[]>();
  #ipv6Count = 0;

  /** `family` is that of the bytes at `at`. */
  intern(bytes: Uint8Array, at: number, family: 4 | 6): IpAddress {
    return family === 4
      ? this.#internIpv4(bytes, at)
      : this.#internIpv6(bytes, at);
  }

  #internIpv4(bytes: Uint8Array, at: number): IpAddress {
    const key = word(bytes, at);
    const known = this.#ipv4.get(key);
    if (known !== undefined) return known;
    if (this.#ipv4.size >= ENTRIES_MAX) this.#ipv4.clear();
    const address = ipAddressFromBytes(bytes, at, 4);
    this.#ipv4.set(key, address);
    return address;
  }

  #internIpv6(bytes: Uint8Array, at: number): IpAddress {
    const key = word(bytes, at) ^ word(bytes, at + 4) ^ word(bytes, at + 8) ^
      word(bytes, at + 12);
    let bucket = this.#ipv6.get(key);
    if (bucket !== undefined) {
      for (const entry of bucket) {
        if (equalBytes(entry.bytes, bytes, at)) return entry.address;
      }
    }
    if (this.#ipv6Count >= ENTRIES_MAX) {
      this.#ipv6.clear();
      this.#ipv6Count = 0;
      bucket = undefined;
    }
    if (bucket === undefined) {
      bucket = [];
      this.#ipv6.set(key, bucket);
    }
    const address = ipAddressFromBytes(bytes, at, 6);
    bucket.push({ bytes: bytes.slice(at, at + 16), address });
    this.#ipv6Count++;
    return address;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)) >>> 0;
}

function equalBytes(known: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < known.length; i++) {
    if (known[i] !== bytes[at + i]) return false;
  }
  return true;
}
