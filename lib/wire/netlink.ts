/**
 * Netlink framing: messages and attributes, written into one buffer and read out of one.
 *
 * Says:    netlink(7), linux/netlink.h, Documentation/userspace-api/netlink/intro.rst.
 * Units:   lengths in bytes; numbers in the machine's byte order, which is little-endian on both targets.
 * Checks:  every length against the bytes that are there. Not the meaning of types: see rtnetlink.ts.
 * Errors:  reading remembers the first thing that was wrong in `problem` and then ends; it never throws.
 *          Writing more than fits leaves the batch as it was before the message and says false.
 * Cost:    writing allocates only to encode text; reading allocates only what is asked for.
 * @module
 */
import { assert } from "../assert.ts";

/** `struct nlmsghdr`. */
const HEADER = { length: 0, type: 4, flags: 6, sequence: 8, portId: 12 };
/** NLMSG_HDRLEN: bytes before a message's payload. */
export const NETLINK_HEADER_LENGTH = 16;
/** NLA_HDRLEN: bytes before an attribute's value. */
const ATTRIBUTE_HEADER_LENGTH = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER stand in the upper two bits of an attribute's type. */
const ATTRIBUTE_TYPE_MASK = 0x3fff;
const ATTRIBUTE_NESTED = 0x8000;

/** NLM_F_* of linux/netlink.h: what a message header may ask for, or say. */
export const NETLINK_FLAG = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  echo: 0x8,
  /** NLM_F_DUMP_INTR: the dump is inconsistent, something changed meanwhile; dump again. */
  dumpInterrupted: 0x10,
  /** For GET requests: NLM_F_ROOT | NLM_F_MATCH. */
  dump: 0x300,
  /** For NEW requests. */
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  /** For NLMSG_ERROR: the failed request is not quoted whole. */
  capped: 0x100,
  /** For NLMSG_ERROR and NLMSG_DONE: extended acknowledgement attributes follow. */
  ackAttributes: 0x200,
} as const;

/** Message types that are not a family's own. */
export const NETLINK_TYPE = {
  noop: 1,
  error: 2,
  done: 3,
  overrun: 4,
} as const;

/** NLMSGERR_ATTR_*. */
const ACK_ATTRIBUTE = { message: 1, offset: 2 };

/** NLMSG_ALIGN and NLA_ALIGN: the next multiple of 4. */
export function alignNetlink(length: number): number {
  return (length + 3) & ~3;
}

/**
 * Several messages in one buffer, for one `sendmsg`: the kernel works through them in order and answers each.
 *
 * Use: `begin`, the fixed header by `u8`/`u16`/`u32`, attributes, `end`. Text and bytes are copied.
 */
export class NetlinkBatch {
  /** The first {@linkcode NetlinkBatch.length} bytes are ready to send. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #encoder = new TextEncoder();
  #length = 0;
  #count = 0;
  /** Where the open message begins; undefined between messages. */
  #start: number | undefined;
  /** Where the next byte of the open message goes. */
  #at = 0;
  #isOverfull = false;

  /** `capacity` in bytes; an address request takes at most 112. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Bytes of finished messages. */
  get length(): number {
    return this.#length;
  }

  /** Finished messages. */
  get count(): number {
    return this.#count;
  }

  /** Forgets all messages, also an open one. */
  clear(): void {
    this.#length = 0;
    this.#count = 0;
    this.#start = undefined;
    this.#isOverfull = false;
  }

  /** Opens a message. `sequence` is 0..2^32-1 and comes back in the kernel's answer. */
  begin(type: number, flags: number, sequence: number): void {
    assert(this.#start === undefined, "A netlink message is already open");
    this.#start = this.#length;
    this.#at = this.#length;
    this.#isOverfull = false;
    const at = this.#take(NETLINK_HEADER_LENGTH);
    if (at === undefined) return;
    this.#view.setUint16(at + HEADER.type, type, true);
    this.#view.setUint16(at + HEADER.flags, flags, true);
    this.#view.setUint32(at + HEADER.sequence, sequence, true);
  }

  /** Closes the open message; false when it did not fit and the batch is as it was before. */
  end(): boolean {
    const start = this.#start;
    assert(start !== undefined, "No netlink message is open");
    this.#start = undefined;
    if (this.#isOverfull || start === undefined) return false;
    this.#view.setUint32(start + HEADER.length, this.#at - start, true);
    this.#length = alignNetlink(this.#at);
    this.#count += 1;
    return true;
  }

  /** A copy of the only message, for {@linkcode NetlinkBatch.append}. */
  copyOfOnly(): Uint8Array {
    assert(this.#count === 1, "Not one message");
    return this.bytes.slice(0, this.#length);
  }

  /** Adds a message that was written before, under a new `sequence`; false when it does not fit. */
  append(message: Uint8Array, sequence: number): boolean {
    assert(this.#start === undefined, "A netlink message is open");
    const start = this.#length;
    if (start + message.length > this.bytes.length) return false;
    this.bytes.set(message, start);
    this.#view.setUint32(start + HEADER.sequence, sequence, true);
    this.#length = start + message.length;
    this.#count += 1;
    return true;
  }

  /** Writes a field of the family's fixed header. */
  u8(value: number): void {
    const at = this.#take(1);
    if (at !== undefined) this.#view.setUint8(at, value);
  }

  /** Writes a field of the family's fixed header. */
  u16(value: number): void {
    const at = this.#take(2);
    if (at !== undefined) this.#view.setUint16(at, value, true);
  }

  /** Writes a field of the family's fixed header. */
  u32(value: number): void {
    const at = this.#take(4);
    if (at !== undefined) this.#view.setUint32(at, value >>> 0, true);
  }

  attributeU8(type: number, value: number): void {
    const at = this.#attribute(type, 1);
    if (at !== undefined) this.#view.setUint8(at, value);
  }

  attributeU16(type: number, value: number): void {
    const at = this.#attribute(type, 2);
    if (at !== undefined) this.#view.setUint16(at, value, true);
  }

  attributeU32(type: number, value: number): void {
    const at = this.#attribute(type, 4);
    if (at !== undefined) this.#view.setUint32(at, value >>> 0, true);
  }

  attributeBytes(type: number, value: Uint8Array): void {
    const at = this.#attribute(type, value.length);
    if (at !== undefined) this.bytes.set(value, at);
  }

  /** A NUL-terminated string; the bytes of `value` in UTF-8. */
  attributeText(type: number, value: string): void {
    const encoded = this.#encoder.encode(value);
    const at = this.#attribute(type, encoded.length + 1);
    if (at !== undefined) this.bytes.set(encoded, at);
  }

  /** An attribute of four 32-bit numbers, such as `struct ifa_cacheinfo`. */
  attributeU32x4(
    type: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const at = this.#attribute(type, 16);
    if (at === undefined) return;
    this.#view.setUint32(at, a >>> 0, true);
    this.#view.setUint32(at + 4, b >>> 0, true);
    this.#view.setUint32(at + 8, c >>> 0, true);
    this.#view.setUint32(at + 12, d >>> 0, true);
  }

  /** Opens a nested attribute; give the result to {@linkcode NetlinkBatch.endNested}. */
  beginNested(type: number): number {
    return this.#attribute(type | ATTRIBUTE_NESTED, 0) ?? this.#at;
  }

  endNested(valueStart: number): void {
    if (this.#isOverfull) return;
    const start = valueStart - ATTRIBUTE_HEADER_LENGTH;
    this.#view.setUint16(start, this.#at - start, true);
  }

  /** Writes an attribute's header, zeroes its padded value and says where the value goes. */
  #attribute(type: number, valueLength: number): number | undefined {
    this.#at = Math.min(alignNetlink(this.#at), this.bytes.length);
    const length = ATTRIBUTE_HEADER_LENGTH + valueLength;
    const at = this.#take(alignNetlink(length));
    if (at === undefined) return undefined;
    this.#view.setUint16(at, length, true);
    this.#view.setUint16(at + 2, type, true);
    return at + ATTRIBUTE_HEADER_LENGTH;
  }

  /** Takes the next `count` bytes of the open message, zeroed. */
  #take(count: number): number | undefined {
    assert(this.#start !== undefined, "No netlink message is open");
    if (this.#isOverfull) return undefined;
    const at = this.#at;
    if (alignNetlink(at + count) > this.bytes.length) {
      this.#isOverfull = true;
      return undefined;
    }
    this.bytes.fill(0, at, alignNetlink(at + count));
    this.#at = at + count;
    return at;
  }
}

/**
 * Walks over the messages of a received buffer; one object serves a socket for life.
 *
 * Use: `reset`, then `while (reader.next())` look at `type`, `flags`, `sequence`, `portId` and the payload. When
 * `next` says false and `problem` is not undefined, the rest of the buffer was not netlink.
 */
export class NetlinkReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  #next = 0;
  type = 0;
  flags = 0;
  /** The request's own number; 0 for what the kernel tells by itself. */
  sequence = 0;
  /** The port of the socket whose request caused the message; 0 for the kernel. */
  portId = 0;
  /** The payload is `bytes` from `payloadStart` to before `payloadEnd`. */
  payloadStart = 0;
  payloadEnd = 0;
  problem: string | undefined;

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** A view over {@linkcode NetlinkReader.bytes}, for fixed headers. */
  get view(): DataView {
    return this.#view;
  }

  /** Bytes of the present message's payload. */
  get payloadLength(): number {
    return this.payloadEnd - this.payloadStart;
  }

  /** Begins with the first `length` bytes of `bytes`. */
  reset(bytes: Uint8Array, length: number = bytes.length): void {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(
        bytes.buffer,
        bytes.byteOffset,
        bytes.byteLength,
      );
    }
    this.#end = Math.min(length, bytes.length);
    this.#next = 0;
    this.problem = undefined;
  }

  /** Steps to the next message; false at the end. */
  next(): boolean {
    const at = this.#next;
    const left = this.#end - at;
    if (left <= 0 || this.problem !== undefined) return false;
    if (left < NETLINK_HEADER_LENGTH) {
      this.problem = `${left} bytes left over, too few for a message`;
      return false;
    }
    const length = this.#view.getUint32(at + HEADER.length, true);
    if (length < NETLINK_HEADER_LENGTH || length > left) {
      this.problem = `message of ${length} bytes where ${left} are left`;
      return false;
    }
    this.type = this.#view.getUint16(at + HEADER.type, true);
    this.flags = this.#view.getUint16(at + HEADER.flags, true);
    this.sequence = this.#view.getUint32(at + HEADER.sequence, true);
    this.portId = this.#view.getUint32(at + HEADER.portId, true);
    this.payloadStart = at + NETLINK_HEADER_LENGTH;
    this.payloadEnd = at + length;
    this.#next = at + alignNetlink(length);
    return true;
  }
}

/**
 * Walks over attributes; nested ones by a second reader on the same bytes.
 *
 * Numbers check their width: a wrong one sets `problem`, and 0 is returned.
 */
export class AttributeReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;
  #next = 0;
  /** Type without the nesting and byte order bits. */
  type = 0;
  /** The value is from `start` to before `end` in the bytes given to `reset`. */
  start = 0;
  end = 0;
  /** The first thing that was wrong. */
  problem: string | undefined;

  /** Begins at `start` of the message's bytes, up to `end`. */
  reset(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#next = start;
    this.#end = end;
    this.problem = undefined;
  }

  /** Steps into the present attribute of `outer`. */
  resetNested(outer: AttributeReader): void {
    this.reset(outer.#bytes, outer.#view, outer.start, outer.end);
  }

  next(): boolean {
    const at = this.#next;
    const left = this.#end - at;
    // Fewer than four bytes are padding, as NLA_OK has it.
    if (left < ATTRIBUTE_HEADER_LENGTH || this.problem !== undefined) {
      return false;
    }
    const length = this.#view.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER_LENGTH || length > left) {
      this.problem = `attribute of ${length} bytes where ${left} are left`;
      return false;
    }
    this.type = this.#view.getUint16(at + 2, true) & ATTRIBUTE_TYPE_MASK;
    this.start = at + ATTRIBUTE_HEADER_LENGTH;
    this.end = at + length;
    this.#next = at + alignNetlink(length);
    return true;
  }

  /** Bytes of the value. */
  get length(): number {
    return this.end - this.start;
  }

  u8(): number {
    return this.#hasWidth(1) ? this.#view.getUint8(this.start) : 0;
  }

  u16(): number {
    return this.#hasWidth(2) ? this.#view.getUint16(this.start, true) : 0;
  }

  u32(): number {
    return this.#hasWidth(4) ? this.#view.getUint32(this.start, true) : 0;
  }

  /** The number at `index` of a value of `count` 32-bit numbers or more. */
  u32At(index: number, count: number): number {
    if (this.length < 4 * count) {
      this.#complain(`at least ${4 * count}`);
      return 0;
    }
    return this.#view.getUint32(this.start + 4 * index, true);
  }

  /** A copy of the value; undefined, and a `problem`, unless it has `width` bytes. */
  copy(width: number): Uint8Array | undefined {
    return this.#hasWidth(width) ? this.copyAll() : undefined;
  }

  /** A copy of the value, whatever its length. */
  copyAll(): Uint8Array {
    return this.#bytes.slice(this.start, this.end);
  }

  /** The value up to its first NUL, as UTF-8; what is not UTF-8 becomes U+FFFD. */
  text(): string {
    return readText(this.#bytes, this.start, this.end);
  }

  #hasWidth(width: number): boolean {
    if (this.length === width) return true;
    this.#complain(String(width));
    return false;
  }

  #complain(expected: string): void {
    this.problem ??=
      `attribute ${this.type} has ${this.length} bytes, expected ${expected}`;
  }
}

const textDecoder = new TextDecoder();

function readText(bytes: Uint8Array, start: number, end: number): string {
  const nul = bytes.indexOf(0, start);
  const stop = nul >= 0 && nul < end ? nul : end;
  return textDecoder.decode(bytes.subarray(start, stop));
}

/** The kernel's answer to a request, or to a dump as a whole. */
export interface NetlinkAnswer {
  /** Positive errno; 0 is success. */
  readonly errno: number;
  /** The kernel's own words (extended acknowledgement), if it had any. */
  readonly message: string | undefined;
  /** Offset into the request of the attribute it did not like. */
  readonly offset: number | undefined;
}

/** Reads the payload of the reader's NLMSG_ERROR; undefined when it is too short to be one. */
export function decodeErrorAnswer(
  reader: NetlinkReader,
): NetlinkAnswer | undefined {
  const { view, payloadStart: start, payloadLength: length } = reader;
  if (length < 4 + NETLINK_HEADER_LENGTH) return undefined;
  const errno = toErrno(view.getInt32(start, true));
  if ((reader.flags & NETLINK_FLAG.ackAttributes) === 0) {
    return { errno, message: undefined, offset: undefined };
  }
  const quoted = (reader.flags & NETLINK_FLAG.capped) !== 0
    ? NETLINK_HEADER_LENGTH
    : view.getUint32(start + 4 + HEADER.length, true);
  return withAckAttributes(reader, errno, 4 + alignNetlink(quoted));
}

/** Reads the payload of the reader's NLMSG_DONE; a dump that failed says so only here. */
export function decodeDoneAnswer(reader: NetlinkReader): NetlinkAnswer {
  // Some kernels end a dump without a status.
  if (reader.payloadLength < 4) {
    return { errno: 0, message: undefined, offset: undefined };
  }
  const errno = toErrno(reader.view.getInt32(reader.payloadStart, true));
  if ((reader.flags & NETLINK_FLAG.ackAttributes) === 0) {
    return { errno, message: undefined, offset: undefined };
  }
  return withAckAttributes(reader, errno, 4);
}

/** The kernel writes errors as negative errno. */
function toErrno(value: number): number {
  return Math.abs(value);
}

function withAckAttributes(
  reader: NetlinkReader,
  errno: number,
  skip: number,
): NetlinkAnswer {
  let message: string | undefined;
  let offset: number | undefined;
  const attributes = new AttributeReader();
  const start = Math.min(reader.payloadStart + skip, reader.payloadEnd);
  attributes.reset(reader.bytes, reader.view, start, reader.payloadEnd);
  while (attributes.next()) {
    if (attributes.type === ACK_ATTRIBUTE.message) message = attributes.text();
    if (attributes.type === ACK_ATTRIBUTE.offset) offset = attributes.u32();
  }
  return { errno, message, offset };
}
