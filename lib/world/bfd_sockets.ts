/**
 * BFD's UDP sockets on Linux: one that sends for each session, one that listens for each family and port.
 *
 * Says:    RFC 5881 §4 (ports, the source port from 49152 up, one for a session), RFC 5883 §5 (the multihop port).
 * Errors:  opening throws what the kernel refused; sending returns it.
 * Cost:    receiving allocates nothing but what the sink does.
 * @module
 */
import { ipAddressBytes } from "../addr/ip_address.ts";
import { assert, defined } from "../assert.ts";
import { BFD_PORT } from "../bfd/session_config.ts";
import { closeFd } from "../../ffi/libc.ts";
import { ReceiveRing, UNKNOWN_HOP_LIMIT } from "../../ffi/message_batch.ts";
import { sockaddrIn, sockaddrIn6 } from "../../ffi/sockaddr.ts";
import { EADDRINUSE, errnoName, SysError } from "../../ffi/sys_error.ts";
import {
  openUdpListener,
  openUdpSender,
  sendDatagram,
} from "../../ffi/udp_socket.ts";
import type { AddressInterner } from "./address_interner.ts";
import type {
  BfdDatagram,
  BfdSocketSpec,
  EngineSink,
  SocketHandle,
  SystemFailure,
} from "./engine_world.ts";

/** Longer ones are no BFD packets without authentication, and are cut. */
const SLOT_SIZE = 64;
const SLOTS = 16;
/** A flood must not keep the engine from its adverts. */
const RINGS_A_TURN_MAX = 16;
const SOURCE_PORT = { first: 49_152, count: 16_384 } as const;
const PORT_TRIES = 64;

/** A socket that hears one port of one family. */
export class BfdListener {
  users = 1;

  constructor(
    readonly fd: number,
    readonly family: 4 | 6,
    readonly isMultihop: boolean,
  ) {}
}

class BfdSender implements SocketHandle {
  readonly purpose = "bfd";

  constructor(
    readonly fd: number,
    readonly name: Uint8Array<ArrayBuffer>,
    readonly listener: BfdListener,
  ) {}
}

/** How listeners get into the epoll set, and out of it. */
export interface BfdWatcher {
  readonly watch: (listener: BfdListener) => void;
  /** Closing the descriptor takes it out of the set. */
  readonly forget: (listener: BfdListener) => void;
}

export class BfdSockets {
  readonly #ring = new ReceiveRing(SLOTS, SLOT_SIZE);
  readonly #interner: AddressInterner;
  readonly #watcher: BfdWatcher;
  readonly #listeners: BfdListener[] = [];
  readonly #senders = new Set<BfdSender>();
  readonly #datagram: BfdDatagram;

  constructor(interner: AddressInterner, watcher: BfdWatcher) {
    this.#interner = interner;
    this.#watcher = watcher;
    this.#datagram = {
      bytes: this.#ring.bytes,
      start: 0,
      length: 0,
      source: interner.intern(new Uint8Array(4), 0, 4),
      destination: undefined,
      hopLimit: undefined,
      isMultihop: false,
    };
  }

  /** Opens what a session sends by, and listens for it. */
  open(spec: BfdSocketSpec): SocketHandle {
    const { family, neighbor, isMultihop } = spec;
    const address = ipAddressBytes(neighbor);
    const port = isMultihop ? BFD_PORT.multihop : BFD_PORT.singleHop;
    const name = family === 4
      ? sockaddrIn(address, port)
      : sockaddrIn6(address, 0, port);
    const fd = openSender(spec);
    try {
      const sender = new BfdSender(fd, name, this.#listen(family, isMultihop));
      this.#senders.add(sender);
      return sender;
    } catch (error) {
      closeFd(fd);
      throw error;
    }
  }

  /** Sends at once; returns what the kernel refused. */
  send(
    handle: SocketHandle,
    bytes: Uint8Array<ArrayBuffer>,
  ): SystemFailure | undefined {
    assert(handle instanceof BfdSender, "a BFD socket of this world");
    const errno = sendDatagram(handle.fd, bytes, handle.name);
    return errno === 0 ? undefined : {
      doing: "send a BFD packet",
      call: "sendto",
      errno,
      name: errnoName(errno),
    };
  }

  /** Closes what `handle` sends by; true if it is one of ours. */
  close(handle: SocketHandle): boolean {
    if (!(handle instanceof BfdSender)) return false;
    if (!this.#senders.delete(handle)) return true;
    closeFd(handle.fd);
    const { listener } = handle;
    listener.users--;
    if (listener.users > 0) return true;
    this.#listeners.splice(this.#listeners.indexOf(listener), 1);
    this.#watcher.forget(listener);
    closeFd(listener.fd);
    return true;
  }

  /** Tells the sink what came in. */
  receive(listener: BfdListener, sink: EngineSink): void {
    for (let rings = 0; rings < RINGS_A_TURN_MAX; rings++) {
      const count = this.#ring.receive(listener.fd);
      for (let slot = 0; slot < count; slot++) {
        this.#deliver(listener, slot, sink);
      }
      if (count < this.#ring.slots || listener.users === 0) return;
    }
  }

  dispose(): void {
    for (const { fd } of this.#senders) closeFd(fd);
    for (const { fd } of this.#listeners) closeFd(fd);
    this.#senders.clear();
    this.#listeners.length = 0;
  }

  #listen(family: 4 | 6, isMultihop: boolean): BfdListener {
    const known = this.#listeners.find((one) =>
      one.family === family && one.isMultihop === isMultihop
    );
    if (known !== undefined) {
      known.users++;
      return known;
    }
    const port = isMultihop ? BFD_PORT.multihop : BFD_PORT.singleHop;
    const fd = openUdpListener(family, port);
    const listener = new BfdListener(fd, family, isMultihop);
    this.#listeners.push(listener);
    this.#watcher.watch(listener);
    return listener;
  }

  #deliver(listener: BfdListener, slot: number, sink: EngineSink): void {
    const ring = this.#ring;
    const datagram = this.#datagram;
    const { family } = listener;
    const hopLimit = family === 4 ? ring.ttl(slot) : ring.hopLimit(slot);
    datagram.start = ring.offset(slot);
    datagram.length = ring.length(slot);
    datagram.source = this.#interner.intern(
      ring.names,
      family === 4 ? ring.ipv4SourceOffset(slot) : ring.ipv6SourceOffset(slot),
      family,
    );
    const at = family === 4
      ? ring.ipv4DestinationOffset(slot)
      : ring.ipv6DestinationOffset(slot);
    datagram.destination = at < 0
      ? undefined
      : this.#interner.intern(ring.control, at, family);
    datagram.hopLimit = hopLimit === UNKNOWN_HOP_LIMIT ? undefined : hopLimit;
    datagram.isMultihop = listener.isMultihop;
    sink.bfdReceived(datagram);
  }
}

/** A source port that nobody else has. */
function openSender({ family, source, hopLimit }: BfdSocketSpec): number {
  const bytes = source === undefined ? undefined : ipAddressBytes(source);
  let taken: SysError | undefined;
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const sourcePort = SOURCE_PORT.first +
      Math.floor(Math.random() * SOURCE_PORT.count);
    try {
      return openUdpSender({ family, source: bytes, sourcePort, hopLimit });
    } catch (error) {
      if (!(error instanceof SysError) || error.errno !== EADDRINUSE) {
        throw error;
      }
      taken = error;
    }
  }
  throw defined(taken, "a port was tried");
}
