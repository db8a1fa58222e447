/**
 * Many datagrams with one system call: arrays of `struct mmsghdr` for sendmmsg(2) and recvmmsg(2).
 *
 * Says:    recvmmsg(2), sendmmsg(2), cmsg(3). Layouts are those of 64-bit Linux.
 * Cost:    nothing is allocated after construction, except when a send fails.
 * @module
 */
import { addressOf, lastErrno, libc } from "./libc.ts";
import {
  SOCKADDR_IN6_ADDRESS,
  SOCKADDR_IN6_SIZE,
  SOCKADDR_IN_ADDRESS,
} from "./sockaddr.ts";
import { EAGAIN, EINTR } from "./sys_error.ts";

/** `struct mmsghdr`: a `msghdr` of 56 bytes, then the transferred length. */
const HEADER = {
  size: 64,
  name: 0,
  nameLength: 8,
  iov: 16,
  iovLength: 24,
  control: 32,
  controlLength: 40,
  flags: 48,
  length: 56,
} as const;
const IOVEC_SIZE = 16;
const NAME_SIZE = SOCKADDR_IN6_SIZE;
const MSG_DONTWAIT = 0x40;
const MSG_TRUNC = 0x20;

/** Collects datagrams for one socket and sends them together. */
export class SendBatch {
  readonly #headers: Uint8Array<ArrayBuffer>;
  readonly #headerView: DataView;
  readonly #iovecs: DataView<ArrayBuffer>;
  readonly #names: Uint8Array<ArrayBuffer>;
  readonly #capacity: number;
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#headers = new Uint8Array(HEADER.size * capacity);
    this.#headerView = new DataView(this.#headers.buffer);
    const iovecs = new Uint8Array(IOVEC_SIZE * capacity);
    this.#iovecs = new DataView(iovecs.buffer);
    this.#names = new Uint8Array(NAME_SIZE * capacity);
    const iovecsAt = addressOf(iovecs);
    const namesAt = addressOf(this.#names);
    for (let i = 0; i < capacity; i++) {
      const at = i * HEADER.size;
      this.#headerView.setBigUint64(
        at + HEADER.name,
        namesAt + BigInt(i * NAME_SIZE),
        true,
      );
      this.#headerView.setBigUint64(
        at + HEADER.iov,
        iovecsAt + BigInt(i * IOVEC_SIZE),
        true,
      );
      this.#headerView.setBigUint64(at + HEADER.iovLength, 1n, true);
    }
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.#capacity;
  }

  /** Adds `length` bytes at `address` (see {@linkcode addressOf}) for `name`; the batch must not be full. */
  add(address: bigint, length: number, name: Uint8Array): void {
    const i = this.#count++;
    this.#iovecs.setBigUint64(i * IOVEC_SIZE, address, true);
    this.#iovecs.setUint32(i * IOVEC_SIZE + 8, length, true);
    const names = this.#names;
    // `names.set(name)` takes longer than all else here.
    for (let j = 0, at = i * NAME_SIZE; j < name.length; j++, at++) {
      names[at] = name[j] ?? 0;
    }
    this.#headerView.setUint32(
      i * HEADER.size + HEADER.nameLength,
      name.length,
      true,
    );
  }

  /**
   * Sends what was added, in order, without blocking, and empties the batch. A datagram that fails is
   * reported to `failed` with its index and errno, and the rest still goes. Returns how many went.
   */
  send(
    fd: number,
    flags: number,
    failed: (index: number, errno: number) => void,
  ): number {
    const count = this.#count;
    this.#count = 0;
    let done = 0;
    let sent = 0;
    while (done < count) {
      const from = done === 0
        ? this.#headers
        : this.#headers.subarray(done * HEADER.size);
      const result = libc().sendmmsg(
        fd,
        from,
        count - done,
        flags | MSG_DONTWAIT,
      );
      if (result > 0) {
        done += result;
        sent += result;
        continue;
      }
      const errno = lastErrno();
      if (result < 0 && errno === EINTR) continue;
      failed(done, errno);
      done++;
    }
    return sent;
  }
}

/** How {@linkcode ReceiveRing} tells the hop limit and destination apart from "the kernel did not say". */
export const UNKNOWN_HOP_LIMIT = -1;

const SOL_IP = 0;
const IP_TTL = 2;
const IP_PKTINFO = 8;
/** In `struct in_pktinfo`, behind interface and local address. */
const PKTINFO_DESTINATION = 8;
const SOL_IPV6 = 41;
const IPV6_PKTINFO = 50;
const IPV6_HOPLIMIT = 52;
const CONTROL_SIZE = 128;
const CMSG_HEADER_SIZE = 16;

/** Receives up to `slots` datagrams a call into memory of its own. */
export class ReceiveRing {
  /** All datagrams' bytes; slot `i` starts at {@linkcode ReceiveRing.offset}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #headers: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #names: Uint8Array<ArrayBuffer>;
  readonly #control: Uint8Array<ArrayBuffer>;
  readonly #controlView: DataView;
  readonly #slots: number;
  readonly #slotSize: number;
  /** Slots whose lengths are not as the next call needs them. */
  #filled: number;

  constructor(slots: number, slotSize: number) {
    this.#slots = slots;
    this.#slotSize = slotSize;
    this.#filled = slots;
    this.bytes = new Uint8Array(slots * slotSize);
    this.#headers = new Uint8Array(HEADER.size * slots);
    this.#view = new DataView(this.#headers.buffer);
    this.#names = new Uint8Array(NAME_SIZE * slots);
    this.#control = new Uint8Array(CONTROL_SIZE * slots);
    this.#controlView = new DataView(this.#control.buffer);
    this.#iovecs = new Uint8Array(IOVEC_SIZE * slots);
    const iovecView = new DataView(this.#iovecs.buffer);
    const bytesAt = addressOf(this.bytes);
    const namesAt = addressOf(this.#names);
    const controlAt = addressOf(this.#control);
    const iovecsAt = addressOf(this.#iovecs);
    for (let i = 0; i < slots; i++) {
      const at = i * HEADER.size;
      this.#view.setBigUint64(
        at + HEADER.name,
        namesAt + BigInt(i * NAME_SIZE),
        true,
      );
      this.#view.setBigUint64(
        at + HEADER.iov,
        iovecsAt + BigInt(i * IOVEC_SIZE),
        true,
      );
      this.#view.setBigUint64(at + HEADER.iovLength, 1n, true);
      this.#view.setBigUint64(
        at + HEADER.control,
        controlAt + BigInt(i * CONTROL_SIZE),
        true,
      );
      iovecView.setBigUint64(
        i * IOVEC_SIZE,
        bytesAt + BigInt(i * slotSize),
        true,
      );
      iovecView.setBigUint64(i * IOVEC_SIZE + 8, BigInt(slotSize), true);
    }
  }

  /** Only the kernel reads it, through the pointers in the headers; the field keeps it alive. */
  readonly #iovecs: Uint8Array<ArrayBuffer>;

  get slots(): number {
    return this.#slots;
  }

  /** Reads what is there without blocking. Returns the number of datagrams, or a negative errno. */
  receive(fd: number): number {
    // The kernel wrote what it used, in the slots that it filled.
    for (let i = 0; i < this.#filled; i++) {
      const at = i * HEADER.size;
      this.#view.setUint32(at + HEADER.nameLength, NAME_SIZE, true);
      this.#view.setUint32(at + HEADER.controlLength, CONTROL_SIZE, true);
    }
    const result = libc().recvmmsg(
      fd,
      this.#headers,
      this.#slots,
      MSG_DONTWAIT,
      null,
    );
    this.#filled = result < 0 ? this.#slots : result;
    if (result >= 0) return result;
    const errno = lastErrno();
    return errno === EAGAIN || errno === EINTR ? 0 : -errno;
  }

  offset(slot: number): number {
    return slot * this.#slotSize;
  }

  /** Bytes received in `slot`. */
  length(slot: number): number {
    return this.#view.getUint32(slot * HEADER.size + HEADER.length, true);
  }

  /** The datagram was longer than a slot. */
  isTruncated(slot: number): boolean {
    return (this.#view.getInt32(slot * HEADER.size + HEADER.flags, true) &
      MSG_TRUNC) !== 0;
  }

  /** Sender's socket address; valid until the next `receive`. */
  get names(): Uint8Array {
    return this.#names;
  }

  nameOffset(slot: number): number {
    return slot * NAME_SIZE;
  }

  /** Where the IPv6 source address stands in {@linkcode ReceiveRing.names}. */
  ipv6SourceOffset(slot: number): number {
    return slot * NAME_SIZE + SOCKADDR_IN6_ADDRESS;
  }

  /** Where the IPv4 source address stands in {@linkcode ReceiveRing.names}. */
  ipv4SourceOffset(slot: number): number {
    return slot * NAME_SIZE + SOCKADDR_IN_ADDRESS;
  }

  get control(): Uint8Array {
    return this.#control;
  }

  /** Where the IPv6 destination stands in {@linkcode ReceiveRing.control}, or -1 if the kernel did not say. */
  ipv6DestinationOffset(slot: number): number {
    return this.#controlData(slot, SOL_IPV6, IPV6_PKTINFO);
  }

  /** The same for an IPv4 socket that asked for packet information. */
  ipv4DestinationOffset(slot: number): number {
    const at = this.#controlData(slot, SOL_IP, IP_PKTINFO);
    return at < 0 ? at : at + PKTINFO_DESTINATION;
  }

  /** IPv6 hop limit, or {@linkcode UNKNOWN_HOP_LIMIT}. */
  hopLimit(slot: number): number {
    return this.#number(this.#controlData(slot, SOL_IPV6, IPV6_HOPLIMIT));
  }

  /** IPv4 TTL of a socket that asked for it, or {@linkcode UNKNOWN_HOP_LIMIT}. */
  ttl(slot: number): number {
    return this.#number(this.#controlData(slot, SOL_IP, IP_TTL));
  }

  #number(at: number): number {
    return at < 0 ? UNKNOWN_HOP_LIMIT : this.#controlView.getInt32(at, true);
  }

  #controlData(slot: number, level: number, type: number): number {
    const start = slot * CONTROL_SIZE;
    const length = this.#view.getUint32(
      slot * HEADER.size + HEADER.controlLength,
      true,
    );
    const end = start + Math.min(length, CONTROL_SIZE);
    let at = start;
    while (at + CMSG_HEADER_SIZE <= end) {
      const messageLength = this.#controlView.getUint32(at, true);
      if (messageLength < CMSG_HEADER_SIZE) return -1;
      if (
        this.#controlView.getInt32(at + 8, true) === level &&
        this.#controlView.getInt32(at + 12, true) === type
      ) {
        return at + CMSG_HEADER_SIZE;
      }
      at += (messageLength + 7) & ~7;
    }
    return -1;
  }
}
