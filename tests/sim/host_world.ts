/**
 * An engine's world in the simulator, for one life of the process: the clock of the simulation, the kernel of the
 * host, which outlives it, and sockets on simulated segments.
 *
 * `wait` never sleeps: the simulation turns the engine when there is something for it, or a deadline is over.
 *
 * Says:    as engine_linux.ts: one flush sends adverts, then changes addresses, then sends announcements.
 * Checks:  asserts that nothing is used after it was closed.
 * Units:   nanoseconds of simulated time.
 * @module
 */
import {
  type IpAddress,
  ipAddressFromBytes,
} from "../../lib/addr/ip_address.ts";
import { assert, BugError } from "../../lib/assert.ts";
import type { MemoryKernel } from "../../lib/engine/memory_kernel.ts";
import type { EngineCommand, EngineNotice } from "../../lib/engine/port.ts";
import { LINK_RUNNING, LINK_UP } from "../../lib/route/observed_link.ts";
import {
  IPV4_FIELD,
  IPV4_HEADER_LENGTH,
  IPV6_HEADER_LENGTH,
} from "../../lib/wire/ip_header.ts";
import { VRRP_FIELD } from "../../lib/wire/vrrp.ts";
import type {
  AddressRequest,
  Datagram,
  EngineSink,
  EngineWorld,
  LinkOrder,
  OutgoingFrame,
  OutgoingPacket,
  ReceiverSpec,
  SenderSpec,
  SocketHandle,
  SystemFailure,
} from "../../lib/world/engine_world.ts";

/** A receive buffer holds so many datagrams; the rest is lost. */
const QUEUED_MAX = 64;
/** Bytes of a sheet. */
const SHEET = 4096;
const EEXIST = 17;
const EADDRNOTAVAIL = 99;
const ENETUNREACH = 101;
const IPV6_SOURCE = 8;

class HostReceiver implements SocketHandle {
  readonly purpose = "receiver";
  isOpen = true;
  queued = 0;

  constructor(readonly spec: ReceiverSpec) {}
}

class HostSender implements SocketHandle {
  readonly purpose = "sender";
  isOpen = true;

  constructor(readonly spec: SenderSpec) {}
}

class HostPacket implements OutgoingPacket {
  readonly bytes: Uint8Array;
  length = 0;
  isQueued = false;
  /** Its bytes say so, and never anything else. */
  source: IpAddress | undefined;

  constructor(
    size: number,
    readonly destination: IpAddress,
    readonly ifIndex: number,
  ) {
    this.bytes = new Uint8Array(size);
  }
}

class HostFrame implements OutgoingFrame {
  readonly bytes: Uint8Array;

  constructor(size: number, readonly ifIndex: number) {
    this.bytes = new Uint8Array(size);
  }
}

/** One advert on its way. */
export interface Departure {
  /** The hardware interface it left by. */
  readonly port: string;
  readonly vrid: number;
  /** 0..255. */
  readonly priority: number;
  readonly datagram: Datagram;
}

/** What is around the process. */
export interface Outside {
  readonly nowNs: number;
  /** The wall clock. */
  readonly utcNs: number;
  readonly kernel: MemoryKernel;
  /** A coin is tossed. */
  decides(): boolean;
  sent(departure: Departure): void;
  /** Changed, or was asked to change, an address or link. */
  changed(what: string): void;
  announced(address: IpAddress, link: string): void;
  told(notice: EngineNotice): void;
}

export class HostWorld implements EngineWorld {
  readonly #outside: Outside;
  readonly #kernel: MemoryKernel;
  #receivers: HostReceiver[] = [];
  #inbox: { receiver: HostReceiver; datagram: Datagram }[] = [];
  #commands: EngineCommand[] = [];
  #packets: HostPacket[] = [];
  #requests: AddressRequest[] = [];
  #frames: HostFrame[] = [];
  /** Packets that were sent, one behind the other: many small arrays would cost more than all else about a packet. */
  #sheet = new Uint8Array(0);
  #written = 0;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.#kernel = outside.kernel;
  }

  /** Whether `wait` has something to tell. */
  get hasInput(): boolean {
    return this.#inbox.length > 0 || this.#commands.length > 0 ||
      this.#kernel.hasMessages;
  }

  /** The daemon writes a command. */
  command(command: EngineCommand): void {
    this.#commands.push(command);
  }

  /** A datagram comes in on a hardware interface: to its sockets, and to those of the links above it. */
  arrive(port: string, datagram: Datagram): void {
    for (const receiver of this.#receivers) {
      const { spec } = receiver;
      if (spec.address !== datagram.destination) continue;
      if (receiver.queued >= QUEUED_MAX) continue;
      if (this.#portOf(spec.ifIndex, true) !== port) continue;
      receiver.queued++;
      this.#inbox.push({ receiver, datagram });
    }
  }

  nowNs(): number {
    return this.#outside.nowNs;
  }

  utcNs(): number {
    return this.#outside.utcNs;
  }

  /** No time passes within a turn. */
  drain(): void {}

  /** What waits comes in any order, as from an epoll set; each kind in its own. */
  wait(_deadlineNs: number, sink: EngineSink): void {
    const isMixed = this.#kinds > 1;
    const isCommandFirst = isMixed && this.#outside.decides();
    const isKernelLast = isMixed && this.#outside.decides();
    if (isCommandFirst) this.#tellCommands(sink);
    if (!isKernelLast) this.#kernel.drain(sink);
    this.#tellDatagrams(sink);
    this.#kernel.drain(sink);
    this.#tellCommands(sink);
  }

  takeInventory(sink: EngineSink): void {
    this.#kernel.tellAll(sink);
  }

  openReceiver(spec: ReceiverSpec): SocketHandle {
    this.#expectLink(spec);
    const receiver = new HostReceiver(spec);
    this.#receivers.push(receiver);
    return receiver;
  }

  sizeReceiver(): void {}

  openSender(spec: SenderSpec): SocketHandle {
    this.#expectLink(spec);
    return new HostSender(spec);
  }

  /** No scenario has BFD sessions; their machine has tests of its own. */
  openBfd(): SocketHandle {
    throw new BugError("a scenario without BFD");
  }

  sendBfd(): undefined {}

  random(): number {
    return 0;
  }

  senderMac(): undefined {
    return undefined;
  }

  trustSender(): void {}

  close(handle: SocketHandle): void {
    assert(
      (handle instanceof HostReceiver || handle instanceof HostSender) &&
        handle.isOpen,
      "an open socket of this world",
    );
    handle.isOpen = false;
    this.#receivers = this.#receivers.filter((other) => other !== handle);
  }

  isIpv6Router(): boolean {
    return false;
  }

  makePacket(
    size: number,
    destination: IpAddress,
    ifIndex: number,
  ): OutgoingPacket {
    return new HostPacket(size, destination, ifIndex);
  }

  makeFrame(size: number, ifIndex: number): OutgoingFrame {
    return new HostFrame(size, ifIndex);
  }

  queuePacket(sender: SocketHandle, packet: OutgoingPacket): void {
    assert(
      sender instanceof HostSender && sender.isOpen,
      "an open sender of this world",
    );
    assert(packet instanceof HostPacket, "a packet of this world");
    packet.isQueued = true;
    this.#packets.push(packet);
  }

  claimLink(): undefined {}

  releaseLink(): void {}

  makeLink(order: LinkOrder, sink: EngineSink): SystemFailure | undefined {
    const { name, parent } = order.link;
    this.#outside.changed(`makes ${name} on ${parent}`);
    this.#kernel.addVirtualLink(order);
    this.#kernel.drain(sink);
    return undefined;
  }

  setUpLink(
    order: LinkOrder,
    _index: number,
    sink: EngineSink,
  ): SystemFailure | undefined {
    this.#outside.changed(`sets up ${order.link.name}`);
    this.#kernel.setUpVirtualLink(order);
    this.#kernel.drain(sink);
    return undefined;
  }

  removeLink(index: number, sink: EngineSink): SystemFailure | undefined {
    const name = this.#kernel.nameOf(index);
    this.#outside.changed(`removes ${name}`);
    if (name !== undefined) this.#kernel.removeLink(name);
    this.#kernel.drain(sink);
    return undefined;
  }

  restoreHost(): void {}

  promoteSecondaries(): void {}

  prepareAddress(): void {}

  preparePolicy(): void {}

  queuePolicy(): void {
    assert(false, "no router of the simulation has routes or rules");
  }

  queueAddress(request: AddressRequest): void {
    this.#requests.push(request);
  }

  queueFrame(frame: OutgoingFrame): void {
    assert(frame instanceof HostFrame, "a frame of this world");
    this.#frames.push(frame);
  }

  flush(sink: EngineSink): void {
    if (this.#packets.length > 0) {
      const packets = this.#packets;
      this.#packets = [];
      for (const packet of packets) this.#send(packet, sink);
    }
    if (this.#requests.length > 0) {
      const requests = this.#requests;
      this.#requests = [];
      for (const request of requests) this.#change(request, sink);
    }
    if (this.#frames.length > 0) {
      const frames = this.#frames;
      this.#frames = [];
      for (const frame of frames) this.#announce(frame);
    }
  }

  post(notice: EngineNotice): void {
    this.#outside.told(notice);
  }

  schedule(): void {}

  dispose(): void {}

  /** How many kinds of input wait. */
  get #kinds(): number {
    return (this.#inbox.length > 0 ? 1 : 0) +
      (this.#commands.length > 0 ? 1 : 0) +
      (this.#kernel.hasMessages ? 1 : 0);
  }

  #tellDatagrams(sink: EngineSink): void {
    if (this.#inbox.length === 0) return;
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const { receiver, datagram } of inbox) {
      receiver.queued--;
      if (receiver.isOpen) sink.datagramReceived(receiver, datagram);
    }
  }

  #tellCommands(sink: EngineSink): void {
    if (this.#commands.length === 0) return;
    const commands = this.#commands;
    this.#commands = [];
    for (const command of commands) sink.commanded(command);
  }

  #expectLink({ interface: name, ifIndex }: SenderSpec | ReceiverSpec): void {
    assert(
      this.#kernel.linkAt(ifIndex)?.name === name,
      "a socket is bound to a link that is there",
    );
  }

  /** The hardware interface under a link; undefined where a frame could not come or go that way. */
  #portOf(index: number, needsCarrier: boolean): string | undefined {
    const link = this.#kernel.linkAt(index);
    const wanted = needsCarrier ? LINK_UP | LINK_RUNNING : LINK_UP;
    if (link === undefined || (link.flags & wanted) !== wanted) {
      return undefined;
    }
    return link.parentIndex === undefined
      ? link.name
      : this.#portOf(link.parentIndex, needsCarrier);
  }

  #send(packet: HostPacket, sink: EngineSink): void {
    packet.isQueued = false;
    const { ifIndex, destination } = packet;
    if (this.#portOf(ifIndex, false) === undefined) {
      sink.packetFailed(packet, failure("send an advert", ENETUNREACH));
      return;
    }
    const port = this.#portOf(ifIndex, true);
    // Without a carrier it is lost without a word.
    if (port === undefined) return;
    const isIpv4 = (packet.bytes[0] ?? 0) >> 4 === 4;
    packet.source ??= isIpv4
      ? ipAddressFromBytes(packet.bytes, IPV4_FIELD.source, 4)
      : ipAddressFromBytes(packet.bytes, IPV6_SOURCE, 6);
    const headerLength = isIpv4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
    const copiedAt = this.#copy(packet);
    const bytes = this.#sheet;
    const at = copiedAt + headerLength;
    const start = isIpv4 ? copiedAt : at;
    this.#outside.sent({
      port,
      vrid: bytes[at + VRRP_FIELD.vrid] ?? 0,
      priority: bytes[at + VRRP_FIELD.priority] ?? 0,
      datagram: {
        bytes,
        start,
        length: copiedAt + packet.length - start,
        source: packet.source,
        destination,
        hopLimit: 255,
        isTruncated: false,
      },
    });
  }

  /** Where on the sheet the packet's bytes now are: they stay as they are while it is on its way. */
  #copy({ bytes, length }: HostPacket): number {
    if (this.#written + length > this.#sheet.length) {
      this.#sheet = new Uint8Array(Math.max(SHEET, length));
      this.#written = 0;
    }
    const at = this.#written;
    this.#written += length;
    for (let i = 0; i < length; i++) this.#sheet[at + i] = bytes[i] ?? 0;
    return at;
  }

  #change(request: AddressRequest, sink: EngineSink): void {
    const { present, address } = request;
    const verb = present ? "adds" : "removes";
    const text =
      `${address.address}/${address.prefixLength} on ${address.interface}`;
    this.#outside.changed(`${verb} ${text}`);
    const errno = this.#kernel.apply(request);
    if (errno === 0 || errno === (present ? EEXIST : EADDRNOTAVAIL)) return;
    sink.addressFailed(request, failure(`${verb} ${text}`, errno));
  }

  #announce({ bytes, ifIndex }: HostFrame): void {
    const link = this.#kernel.nameOf(ifIndex);
    if (link === undefined) return;
    const isArp = bytes[12] === 0x08 && bytes[13] === 0x06;
    // ARP: the sender's address. Neighbour advertisement: the target's.
    const address = isArp
      ? ipAddressFromBytes(bytes, 28, 4)
      : ipAddressFromBytes(bytes, 62, 6);
    this.#outside.announced(address, link);
  }
}

function failure(doing: string, errno: number): SystemFailure {
  return { doing, call: "simulated", errno, name: `errno ${errno}` };
}
