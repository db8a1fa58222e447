/**
 * An engine's world in memory, for tests: a clock that jumps, a kernel of {@linkcode MemoryKernel}, sockets that
 * record, and a trace of everything that was carried out, in its order.
 *
 * `wait` tells what happened since the last one, or lets time pass until the deadline if nothing did.
 *
 * Says:    as engine_linux.ts: one flush sends adverts, then changes addresses, then sends announcements; the bytes
 *          that leave are those at the time of the flush.
 * Checks:  asserts that nothing is used after it was closed, and that something will wake the engine.
 * Units:   nanoseconds.
 * @module
 */
import { type IpAddress, ipAddressFromBytes } from "../addr/ip_address.ts";
import type { MacAddress } from "../addr/mac_address.ts";
import { assert, defined } from "../assert.ts";
import { LINK_UP } from "../route/observed_link.ts";
import { IPV4_HEADER_LENGTH, IPV6_HEADER_LENGTH } from "../wire/ip_header.ts";
import { VRRP_FIELD } from "../wire/vrrp.ts";
import { keyOfPolicy } from "../vrrp/virtual_route.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import type {
  AddressRequest,
  BfdDatagram,
  BfdSocketSpec,
  Datagram,
  EngineSink,
  EngineWorld,
  LinkOrder,
  NameHolder,
  OutgoingFrame,
  OutgoingPacket,
  ReceiverSpec,
  SenderSpec,
  SocketHandle,
  SystemFailure,
} from "../world/engine_world.ts";
import { MemoryKernel } from "./memory_kernel.ts";
import type { EngineCommand, EngineNotice, Scheduling } from "./port.ts";

const EEXIST = 17;
const EADDRNOTAVAIL = 99;
const ENETUNREACH = 101;

class MemoryPacket implements OutgoingPacket {
  readonly bytes: Uint8Array;
  length = 0;
  isQueued = false;

  constructor(
    size: number,
    readonly destination: IpAddress,
    readonly ifIndex: number,
  ) {
    this.bytes = new Uint8Array(size);
  }
}

class MemoryFrame implements OutgoingFrame {
  readonly bytes: Uint8Array;

  constructor(size: number, readonly ifIndex: number) {
    this.bytes = new Uint8Array(size);
  }
}

class MemoryReceiver implements SocketHandle {
  readonly purpose = "receiver";
  readonly trusted = new Set<IpAddress>();
  isOpen = true;

  constructor(readonly spec: ReceiverSpec) {}
}

class MemorySender implements SocketHandle {
  readonly purpose = "sender";
  isOpen = true;

  constructor(readonly spec: SenderSpec) {}
}

class MemoryBfd implements SocketHandle {
  readonly purpose = "bfd";
  isOpen = true;

  constructor(readonly spec: BfdSocketSpec) {}
}

/** One BFD packet as it left. */
export interface SentBfd {
  readonly neighbor: IpAddress;
  readonly bytes: Uint8Array;
}

/** One packet as it left. */
export interface SentPacket {
  readonly destination: IpAddress;
  readonly ifIndex: number;
  readonly bytes: Uint8Array;
}

export class MemoryWorld implements EngineWorld {
  readonly kernel = new MemoryKernel();
  /** When it is. */
  clockNs = 1_000e9;
  /** What the wall clock is ahead of it. */
  utcOffsetNs = 1_790_000_000e9;
  /** Other daemons that have the names of links. */
  readonly linkHolders = new Map<string, NameHolder>();
  /** Names of links that were given up. */
  readonly released: string[] = [];
  /** What making a link fails with. */
  linkErrno: number | undefined;
  /** Opening a socket throws this. */
  socketRefusal: string | undefined;
  /** Sending a frame, or an address change, fails with this errno where it is not undefined. */
  frameErrno: number | undefined;
  addressErrno: number | undefined;
  /** Sending a BFD packet fails with this. */
  bfdErrno: number | undefined;
  /** Hardware addresses that the senders' adverts show. */
  readonly macs = new Map<IpAddress, MacAddress>();
  /** Interfaces that forward IPv6. */
  readonly ipv6Routers = new Set<string>();
  readonly sent: SentPacket[] = [];
  readonly frames: Uint8Array[] = [];
  readonly sentBfd: SentBfd[] = [];
  /** What {@linkcode MemoryWorld.random} gives. */
  randomness = 0.5;
  isDisposed = false;
  /** As asked for last. */
  scheduling: Scheduling | undefined;
  /** The process was stopped while it waited: the next wait ends without telling anything. */
  isInterrupted = false;
  readonly #receivers = new Set<MemoryReceiver>();
  #trace: string[] = [];
  #notices: EngineNotice[] = [];
  #inputs: ((sink: EngineSink) => void)[] = [];
  #packets: [MemorySender, MemoryPacket][] = [];
  #requests: AddressRequest[] = [];
  #policies: PolicyChange[] = [];
  #frames: MemoryFrame[] = [];

  /** What was carried out since this was last asked for, a line each. */
  takeTrace(): string[] {
    const trace = this.#trace;
    this.#trace = [];
    return trace;
  }

  /** What was told since this was last asked for. */
  takeNotices(): EngineNotice[] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  /** The daemon writes a command. */
  command(command: EngineCommand): void {
    this.#inputs.push((sink) => sink.commanded(command));
  }

  /** Somebody removes the route or rule of that key. */
  losePolicy(key: string): void {
    this.#inputs.push((sink) => sink.policyGone(key, false));
  }

  /** The daemon is gone. */
  abandon(): void {
    this.#inputs.push((sink) => sink.abandoned());
  }

  /** A datagram comes in on an interface: every open socket that listens to its destination there gets it. */
  arrive(interfaceName: string, datagram: Datagram): void {
    this.#inputs.push((sink) => {
      for (const receiver of this.#receivers) {
        const { spec } = receiver;
        if (
          spec.interface === interfaceName &&
          spec.address === datagram.destination
        ) sink.datagramReceived(receiver, datagram);
      }
    });
  }

  /** A BFD packet comes in. */
  arriveBfd(datagram: BfdDatagram): void {
    this.#inputs.push((sink) => sink.bfdReceived(datagram));
  }

  /** Reading a socket of an interface fails. */
  failReceiving(interfaceName: string, failure: SystemFailure): void {
    this.#inputs.push((sink) => {
      for (const receiver of this.#receivers) {
        if (receiver.spec.interface === interfaceName) {
          sink.receiveFailed(receiver, failure);
        }
      }
    });
  }

  /** Senders that are trusted on any open receiver. */
  get trusted(): IpAddress[] {
    return [...this.#receivers].flatMap(({ trusted }) => [...trusted]);
  }

  nowNs(): number {
    return this.clockNs;
  }

  utcNs(): number {
    return this.utcOffsetNs + this.clockNs;
  }

  wait(deadlineNs: number, sink: EngineSink): void {
    if (this.isInterrupted) {
      this.isInterrupted = false;
      return;
    }
    if (this.#inputs.length === 0 && !this.kernel.hasMessages) {
      assert(deadlineNs !== Infinity, "something will wake the engine");
      this.clockNs = Math.max(this.clockNs, deadlineNs);
      return;
    }
    this.drain(sink);
  }

  drain(sink: EngineSink): void {
    this.kernel.drain(sink);
    const inputs = this.#inputs;
    this.#inputs = [];
    for (const input of inputs) input(sink);
  }

  takeInventory(sink: EngineSink): void {
    this.kernel.tellAll(sink);
  }

  openReceiver(spec: ReceiverSpec): SocketHandle {
    this.#refuse(spec);
    const receiver = new MemoryReceiver(spec);
    this.#receivers.add(receiver);
    const kind = spec.protocol === 112 ? "" : ` (protocol ${spec.protocol})`;
    this.#trace.push(`open receiver ${spec.address}${kind} on ${where(spec)}`);
    return receiver;
  }

  sizeReceiver(_receiver: SocketHandle, bytes: number): void {
    this.#trace.push(`receiver has ${bytes} bytes`);
  }

  openSender(spec: SenderSpec): SocketHandle {
    this.#refuse(spec);
    this.#trace.push(`open sender on ${where(spec)}`);
    return new MemorySender(spec);
  }

  openBfd(spec: BfdSocketSpec): SocketHandle {
    if (this.socketRefusal !== undefined) throw new Error(this.socketRefusal);
    this.#trace.push(`open BFD to ${spec.neighbor}`);
    return new MemoryBfd(spec);
  }

  sendBfd(
    socket: SocketHandle,
    bytes: Uint8Array<ArrayBuffer>,
  ): SystemFailure | undefined {
    assert(
      socket instanceof MemoryBfd && socket.isOpen,
      "an open BFD socket of this world",
    );
    if (this.bfdErrno !== undefined) {
      return failure("send a BFD packet", this.bfdErrno);
    }
    this.sentBfd.push({
      neighbor: socket.spec.neighbor,
      bytes: bytes.slice(),
    });
    return undefined;
  }

  random(): number {
    return this.randomness;
  }

  senderMac(receiver: SocketHandle, source: IpAddress): MacAddress | undefined {
    assert(receiver instanceof MemoryReceiver, "a receiver of this world");
    return this.macs.get(source);
  }

  trustSender(receiver: SocketHandle, source: IpAddress): void {
    assert(
      receiver instanceof MemoryReceiver && receiver.isOpen,
      "an open receiver of this world",
    );
    receiver.trusted.add(source);
  }

  close(handle: SocketHandle): void {
    if (handle instanceof MemoryBfd) {
      assert(handle.isOpen, "an open BFD socket of this world");
      handle.isOpen = false;
      this.#trace.push(`close BFD to ${handle.spec.neighbor}`);
      return;
    }
    assert(
      (handle instanceof MemoryReceiver || handle instanceof MemorySender) &&
        handle.isOpen,
      "an open socket of this world",
    );
    handle.isOpen = false;
    if (handle instanceof MemoryReceiver) {
      this.#receivers.delete(handle);
      const { spec } = handle;
      this.#trace.push(`close receiver ${spec.address} on ${where(spec)}`);
    } else this.#trace.push(`close sender on ${where(handle.spec)}`);
  }

  isIpv6Router(interfaceName: string): boolean {
    return this.ipv6Routers.has(interfaceName);
  }

  makePacket(
    size: number,
    destination: IpAddress,
    ifIndex: number,
  ): OutgoingPacket {
    return new MemoryPacket(size, destination, ifIndex);
  }

  makeFrame(size: number, ifIndex: number): OutgoingFrame {
    return new MemoryFrame(size, ifIndex);
  }

  queuePacket(sender: SocketHandle, packet: OutgoingPacket): void {
    assert(
      sender instanceof MemorySender && sender.isOpen,
      "an open sender of this world",
    );
    assert(packet instanceof MemoryPacket, "a packet of this world");
    packet.isQueued = true;
    this.#packets.push([sender, packet]);
  }

  claimLink(name: string): NameHolder | undefined {
    return this.linkHolders.get(name);
  }

  releaseLink(name: string): void {
    this.released.push(name);
  }

  makeLink(order: LinkOrder, sink: EngineSink): SystemFailure | undefined {
    const { name, parent } = order.link;
    this.#trace.push(`make ${name} on ${parent}`);
    if (this.linkErrno !== undefined) {
      return failure(`make ${name}`, this.linkErrno);
    }
    this.kernel.addVirtualLink(order);
    this.kernel.drain(sink);
    return undefined;
  }

  setUpLink(
    order: LinkOrder,
    _index: number,
    sink: EngineSink,
  ): SystemFailure | undefined {
    const { link, vrfIndex } = order;
    const how = link.kind === "macvlan" ? `with ${link.mac}` : link.flag;
    const where = vrfIndex === 0 ? "" : ` in VRF ${vrfIndex}`;
    this.#trace.push(`set up ${link.name} ${how}${where}`);
    this.kernel.setUpVirtualLink(order);
    this.kernel.drain(sink);
    return undefined;
  }

  removeLink(index: number, sink: EngineSink): SystemFailure | undefined {
    const name = this.kernel.nameOf(index);
    this.#trace.push(`remove link ${name}`);
    if (name !== undefined) this.kernel.removeLink(name);
    this.kernel.drain(sink);
    return undefined;
  }

  restoreHost(): void {
    this.#trace.push("restore the host's settings");
  }

  promoteSecondaries(interfaceName: string, isOn: boolean): void {
    this.#trace.push(`promote secondaries of ${interfaceName}: ${isOn}`);
  }

  prepareAddress(): void {}

  preparePolicy(): void {}

  queuePolicy(change: PolicyChange): void {
    this.#policies.push(change);
  }

  queueAddress(request: AddressRequest): void {
    this.#requests.push(request);
  }

  queueFrame(frame: OutgoingFrame): void {
    assert(frame instanceof MemoryFrame, "a frame of this world");
    this.#frames.push(frame);
  }

  flush(sink: EngineSink): void {
    for (const [sender, packet] of this.#packets) {
      this.#send(sender, packet, sink);
    }
    this.#packets = [];
    const requests = this.#requests;
    this.#requests = [];
    const policies = this.#policies;
    this.#policies = [];
    this.#changePolicies(policies, false);
    for (const request of requests) this.#change(request, sink);
    this.#changePolicies(policies, true);
    for (const frame of this.#frames) this.#announce(frame, sink);
    this.#frames = [];
  }

  schedule(scheduling: Scheduling): void {
    this.scheduling = scheduling;
  }

  post(notice: EngineNotice): void {
    // What a Worker posts is a copy.
    this.#notices.push(structuredClone(notice));
  }

  dispose(): void {
    this.isDisposed = true;
  }

  #refuse({ interface: name, ifIndex }: SenderSpec | ReceiverSpec): void {
    assert(
      this.kernel.linkAt(ifIndex)?.name === name,
      "a socket is bound to a link that is there",
    );
    if (this.socketRefusal !== undefined) throw new Error(this.socketRefusal);
  }

  #send(sender: MemorySender, packet: MemoryPacket, sink: EngineSink): void {
    assert(sender.isOpen, "a queued packet's sender is open");
    packet.isQueued = false;
    const { ifIndex, destination } = packet;
    const link = this.kernel.linkAt(ifIndex);
    if (link === undefined || (link.flags & LINK_UP) === 0) {
      sink.packetFailed(packet, failure("send an advert", ENETUNREACH));
      return;
    }
    const bytes = packet.bytes.slice(0, packet.length);
    this.sent.push({ destination, ifIndex, bytes });
    const at = defined(bytes[0], "an IP header") >> 4 === 4
      ? IPV4_HEADER_LENGTH
      : IPV6_HEADER_LENGTH;
    const vrid = bytes[at + VRRP_FIELD.vrid];
    const priority = bytes[at + VRRP_FIELD.priority];
    this.#trace.push(
      `advert ${vrid}/${priority} to ${destination} on ${link.name}`,
    );
  }

  #change(request: AddressRequest, sink: EngineSink): void {
    const { present, ifIndex, address } = request;
    const { address: text, prefixLength, interface: name } = address;
    const verb = present ? "add" : "remove";
    this.#trace.push(`${verb} ${text}/${prefixLength} on ${name}(${ifIndex})`);
    const errno = this.addressErrno ?? this.kernel.apply(request);
    if (errno === 0 || errno === (present ? EEXIST : EADDRNOTAVAIL)) return;
    sink.addressFailed(request, failure(`${verb} ${text}`, errno));
  }

  #changePolicies(changes: readonly PolicyChange[], isAdding: boolean): void {
    for (const { present, policy } of changes) {
      if (present !== isAdding) continue;
      this.#trace.push(`${present ? "add" : "remove"} ${keyOfPolicy(policy)}`);
    }
  }

  #announce(frame: MemoryFrame, sink: EngineSink): void {
    if (this.frameErrno !== undefined) {
      sink.frameFailed(failure("send an announcement", this.frameErrno));
      return;
    }
    const bytes = frame.bytes.slice();
    this.frames.push(bytes);
    const isArp = bytes[12] === 0x08 && bytes[13] === 0x06;
    // ARP: the sender's address. Neighbour advertisement: the target's.
    const address = isArp
      ? ipAddressFromBytes(bytes, 28, 4)
      : ipAddressFromBytes(bytes, 62, 6);
    this.#trace.push(
      `announce ${address} on ${this.kernel.linkAt(frame.ifIndex)?.name}`,
    );
  }
}

function where(spec: SenderSpec | ReceiverSpec): string {
  return `${spec.interface}(${spec.ifIndex})`;
}

function failure(doing: string, errno: number): SystemFailure {
  return { doing, call: "memory", errno, name: `errno ${errno}` };
}
