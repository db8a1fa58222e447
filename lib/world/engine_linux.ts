/**
 * The engine's world on Linux: raw and packet sockets, rtnetlink through libnl, one epoll set, one timer.
 *
 * Says:    raw(7), packet(7), rtnetlink(7), epoll(7). No policy, no retry, no log: what fails goes to the sink.
 * Cost:    `wait`, `queuePacket`, `queueFrame` and `flush` allocate nothing while nothing fails and no link or
 *          address changes.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
} from "../addr/ip_address.ts";
import type { MacAddress } from "../addr/mac_address.ts";
import { assert } from "../assert.ts";
import type { EngineNotice, Scheduling } from "../engine/port.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { addressOf, closeFd, monotonicNs, utcNs } from "../../ffi/libc.ts";
import {
  ReceiveRing,
  SendBatch,
  UNKNOWN_HOP_LIMIT,
} from "../../ffi/message_batch.ts";
import { openFrameSender } from "../../ffi/packet_socket.ts";
import {
  openRawReceiver,
  openRawSender,
  sizeReceiveBuffer,
} from "../../ffi/raw_socket.ts";
import { sockaddrIn, sockaddrIn6, sockaddrLl } from "../../ffi/sockaddr.ts";
import { errnoName, SysError } from "../../ffi/sys_error.ts";
import { Timerfd } from "../../ffi/timerfd.ts";
import { AddressInterner } from "./address_interner.ts";
import { BfdListener, BfdSockets } from "./bfd_sockets.ts";
import { CommandPipe } from "./command_pipe.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type {
  AddressRequest,
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
} from "./engine_world.ts";
import { HostSettings } from "./host_settings.ts";
import { NameClaims } from "./name_claims.ts";
import { LinkOrders } from "./link_orders.ts";
import { PolicySockets } from "./policy_sockets.ts";
import { RouteSockets } from "./route_sockets.ts";
import { Scheduler } from "./scheduler.ts";
import { SenderTap } from "./sender_tap.ts";

const READY_MAX = 64;
/** The largest advert is 255 IPv6 addresses: 8 + 16 × 255 bytes. */
const SLOT_SIZE = 4608;
const SLOTS = 32;
/** A default receive buffer holds fewer datagrams than these rings, so one turn can always empty it. */
const RINGS_A_TURN_MAX = 16;
const PACKETS_A_CALL = 64;
const FRAMES_A_CALL = 256;
const MSG_DONTROUTE = 4;
/** Forwarding changes rarely, and no message tells. */
const FORWARDING_KEPT_NS = 5e9;
/** Places of source and destination in an IPv4 header (RFC 791 §3.1), and its least length. */
const IPV4 = { ttl: 8, source: 12, destination: 16, size: 20 } as const;

/** Sending to it fails at once (EBADF), and that is all that practice needs of the kernel. */
const NO_DESCRIPTOR = -1;
const PRACTICE_NAME = new Uint8Array(16);
const IGNORE_FAILURE = () => {};

class LinuxPacket implements OutgoingPacket {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly address: bigint;
  length = 0;
  isQueued = false;

  constructor(size: number, readonly name: Uint8Array) {
    this.bytes = new Uint8Array(size);
    this.address = addressOf(this.bytes);
  }
}

class LinuxFrame implements OutgoingFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly address: bigint;

  constructor(size: number, readonly name: Uint8Array) {
    this.bytes = new Uint8Array(size);
    this.address = addressOf(this.bytes);
  }
}

class LinuxSender implements SocketHandle {
  readonly purpose = "sender";
  readonly batch = new SendBatch(PACKETS_A_CALL);
  readonly packets: LinuxPacket[] = [];

  constructor(readonly fd: number, readonly flags: number) {}
}

class LinuxReceiver implements SocketHandle {
  readonly purpose = "receiver";

  constructor(
    readonly fd: number,
    readonly token: number,
    readonly spec: ReceiverSpec,
    readonly tap: SenderTap,
  ) {}
}

type Member =
  | LinuxReceiver
  | BfdListener
  | "commands"
  | "timer"
  | "routes"
  | "policies";

export class LinuxEngineWorld implements EngineWorld {
  /** What closes all that is open from the start to the end. */
  readonly #scheduler = new Scheduler();
  readonly #opened: DisposableStack;
  readonly #epoll: Epoll;
  readonly #timer: Timerfd;
  readonly #ring = new ReceiveRing(SLOTS, SLOT_SIZE);
  readonly #interner = new AddressInterner();
  readonly #members = new Map<number, Member>();
  readonly #senders = new Set<LinuxSender>();
  readonly #routes: RouteSockets;
  readonly #libnlPath: string;
  /** Opened with the first route or rule. */
  #policies: PolicySockets | undefined;
  /** Opened with the first link of our own. */
  #linkOrders: LinkOrders | undefined;
  readonly #claims = new NameClaims("link");
  readonly #promotions: HostSettings;
  readonly #linkSettings: HostSettings;
  readonly #commands: CommandPipe;
  readonly #bfd = new BfdSockets(this.#interner, {
    watch: (listener) => this.#watch(listener.fd, listener),
    forget: (listener) => this.#forget(listener),
  });
  readonly #frameFd: number;
  readonly #frames = new SendBatch(FRAMES_A_CALL);
  readonly #post: (notice: EngineNotice) => void;
  readonly #datagram: Datagram;
  readonly #dirtySenders = new Set<LinuxSender>();
  readonly #forwarding = new Map<
    string,
    { readonly isRouter: boolean; readonly staleAtNs: number }
  >();
  readonly #practiceBatch = new SendBatch(1);
  readonly #practicePacket = new LinuxPacket(1, PRACTICE_NAME);
  #nextToken = 1;
  #timerFired = false;

  /** Opens what every engine needs; `commandFd` becomes ours to close, also when something is refused. */
  constructor(
    libnlPath: string,
    commandFd: number,
    post: (notice: EngineNotice) => void,
    settingsPath?: string,
  ) {
    // The engine is started anew when it dies: what a failed start left open would add up.
    using opened = new DisposableStack();
    opened.adopt(commandFd, closeFd);
    this.#post = post;
    this.#libnlPath = libnlPath;
    const fileOf = (what: string) =>
      settingsPath === undefined ? undefined : `${settingsPath}-${what}`;
    this.#promotions = new HostSettings(fileOf("promotions"));
    this.#linkSettings = new HostSettings(fileOf("links"));
    this.#commands = new CommandPipe(commandFd);
    this.#epoll = opened.adopt(new Epoll(READY_MAX), (epoll) => epoll.close());
    this.#timer = opened.adopt(new Timerfd(), (timer) => timer.close());
    this.#routes = opened.adopt(
      new RouteSockets(libnlPath),
      (routes) => routes.close(),
    );
    this.#frameFd = opened.adopt(openFrameSender(), closeFd);
    const nowhere = this.#interner.intern(new Uint8Array(4), 0, 4);
    this.#datagram = {
      bytes: this.#ring.bytes,
      start: 0,
      length: 0,
      source: nowhere,
      destination: nowhere,
      hopLimit: undefined,
      isTruncated: false,
    };
    this.#watch(commandFd, "commands");
    this.#watch(this.#timer.fd, "timer");
    this.#watch(this.#routes.monitorFd, "routes");
    this.#opened = opened.move();
  }

  schedule(scheduling: Scheduling, sink: EngineSink): void {
    for (const failure of this.#scheduler.apply(scheduling)) {
      sink.schedulingFailed(failure);
    }
  }

  nowNs(): number {
    return monotonicNs();
  }

  utcNs(): number {
    return utcNs();
  }

  wait(deadlineNs: number, sink: EngineSink): void {
    if (this.#timerFired || deadlineNs !== this.#timer.armedAtNs) {
      this.#timer.arm(deadlineNs);
      this.#timerFired = false;
    }
    this.#serveAll(this.#epoll.wait(-1), sink);
  }

  drain(sink: EngineSink): void {
    this.#serveAll(this.#epoll.wait(0), sink);
  }

  /** Serves what was reported; a full report may hide more. */
  #serveAll(reported: number, sink: EngineSink): void {
    for (let ready = reported;; ready = this.#epoll.wait(0)) {
      for (let i = 0; i < ready; i++) this.#serve(this.#epoll.token(i), sink);
      if (ready < this.#epoll.capacity) return;
    }
  }

  takeInventory(sink: EngineSink): void {
    this.#routes.takeInventory(sink);
  }

  openReceiver(spec: ReceiverSpec): SocketHandle {
    const fd = openRawReceiver({
      ...spec,
      address: ipAddressBytes(spec.address),
    });
    let tap: SenderTap;
    try {
      tap = new SenderTap(spec.family, spec.ifIndex);
    } catch (error) {
      closeFd(fd);
      throw error;
    }
    const receiver = new LinuxReceiver(fd, this.#nextToken, spec, tap);
    this.#watch(fd, receiver);
    return receiver;
  }

  sizeReceiver(receiver: SocketHandle, bytes: number): void {
    assert(receiver instanceof LinuxReceiver, "a receiver of another world");
    sizeReceiveBuffer(receiver.fd, bytes);
  }

  openSender(spec: SenderSpec): SocketHandle {
    const { family, interface: name, ifIndex, source } = spec;
    const fd = openRawSender(
      family,
      name,
      ifIndex,
      source === undefined ? undefined : ipAddressBytes(source),
    );
    // As ip(7) has it for what must not leave the directly connected network; unicast peers may be routed.
    const sender = new LinuxSender(fd, spec.isMulticast ? MSG_DONTROUTE : 0);
    this.#senders.add(sender);
    return sender;
  }

  openBfd(spec: BfdSocketSpec): SocketHandle {
    return this.#bfd.open(spec);
  }

  sendBfd(
    socket: SocketHandle,
    bytes: Uint8Array<ArrayBuffer>,
  ): SystemFailure | undefined {
    return this.#bfd.send(socket, bytes);
  }

  random(): number {
    return Math.random();
  }

  senderMac(receiver: SocketHandle, source: IpAddress): MacAddress | undefined {
    assert(receiver instanceof LinuxReceiver, "a receiver of another world");
    return receiver.tap.macOf(source);
  }

  trustSender(receiver: SocketHandle, source: IpAddress): void {
    assert(receiver instanceof LinuxReceiver, "a receiver of another world");
    receiver.tap.trust(source);
  }

  close(handle: SocketHandle): void {
    if (handle instanceof LinuxSender) {
      if (!this.#senders.delete(handle)) return;
      this.#dirtySenders.delete(handle);
      for (const packet of handle.packets) packet.isQueued = false;
      closeFd(handle.fd);
    } else if (handle instanceof LinuxReceiver) {
      // Closing the only descriptor of a socket takes it out of the epoll set.
      if (!this.#members.delete(handle.token)) return;
      closeFd(handle.fd);
      handle.tap.close();
    } else this.#bfd.close(handle);
  }

  isIpv6Router(interfaceName: string): boolean {
    const nowNs = monotonicNs();
    const known = this.#forwarding.get(interfaceName);
    if (known !== undefined && nowNs < known.staleAtNs) return known.isRouter;
    const isRouter = readForwarding(interfaceName);
    this.#forwarding.set(interfaceName, {
      isRouter,
      staleAtNs: nowNs + FORWARDING_KEPT_NS,
    });
    return isRouter;
  }

  makePacket(
    size: number,
    destination: IpAddress,
    ifIndex: number,
  ): OutgoingPacket {
    const address = ipAddressBytes(destination);
    const name = familyOf(destination) === 4
      ? sockaddrIn(address)
      : sockaddrIn6(address, ifIndex);
    return new LinuxPacket(size, name);
  }

  makeFrame(size: number, ifIndex: number): OutgoingFrame {
    return new LinuxFrame(size, sockaddrLl(ifIndex, 0));
  }

  queuePacket(
    handle: SocketHandle,
    packet: OutgoingPacket,
    sink: EngineSink,
  ): void {
    assert(
      handle instanceof LinuxSender && packet instanceof LinuxPacket,
      "a packet of another world",
    );
    if (handle.batch.isFull) this.#sendPackets(handle, sink);
    handle.batch.add(packet.address, packet.length, packet.name);
    if (handle.packets.length === 0) this.#dirtySenders.add(handle);
    handle.packets.push(packet);
    packet.isQueued = true;
  }

  claimLink(name: string): NameHolder | undefined {
    return this.#claims.claim(name);
  }

  releaseLink(name: string): void {
    this.#claims.release(name);
  }

  makeLink(order: LinkOrder, sink: EngineSink): SystemFailure | undefined {
    return this.#orderLink(sink, (orders) => orders.make(order));
  }

  setUpLink(
    order: LinkOrder,
    index: number,
    sink: EngineSink,
  ): SystemFailure | undefined {
    return this.#orderLink(sink, (orders) => orders.setUp(order, index));
  }

  removeLink(index: number, sink: EngineSink): SystemFailure | undefined {
    return this.#orderLink(sink, (orders) => orders.remove(index));
  }

  restoreHost(): void {
    this.#linkSettings.restore();
  }

  promoteSecondaries(interfaceName: string, isOn: boolean): void {
    const path = `ipv4/conf/${interfaceName}/promote_secondaries`;
    if (isOn) this.#promotions.borrow(path, "1");
    else this.#promotions.giveBack(path);
  }

  prepareAddress(ifIndex: number, address: VirtualAddress): void {
    this.#routes.prepareAddress(ifIndex, address);
  }

  queueAddress(request: AddressRequest): void {
    this.#routes.queueAddress(request);
  }

  preparePolicy(change: PolicyChange): void {
    this.#openPolicies().prepare(change);
  }

  queuePolicy(change: PolicyChange): void {
    this.#openPolicies().queue(change);
  }

  queueFrame(frame: OutgoingFrame, sink: EngineSink): void {
    assert(frame instanceof LinuxFrame, "a frame of another world");
    // Announcements never overtake the adverts and addresses they announce.
    if (this.#frames.isFull) this.flush(sink);
    this.#frames.add(frame.address, frame.bytes.length, frame.name);
  }

  flush(sink: EngineSink): void {
    if (this.#dirtySenders.size > 0) {
      for (const sender of this.#dirtySenders) this.#sendPackets(sender, sink);
      this.#dirtySenders.clear();
    }
    const policies = this.#policies;
    policies?.flushRemovals();
    this.#routes.flush();
    policies?.flushAdditions();
    if (this.#frames.count > 0) this.#sendFrames(sink);
    this.#routes.collectAnswers(sink);
    policies?.collectAnswers(sink);
  }

  /** Does all of an address order but sending it; see rehearsal.ts. */
  practiseAddress(request: AddressRequest): void {
    this.#routes.practise(request);
  }

  /** Fills a batch and sends it nowhere. */
  practiseBatch(bytes: Uint8Array): void {
    this.#practiceBatch.add(
      this.#practicePacket.address,
      bytes.length,
      PRACTICE_NAME,
    );
    this.#practiceBatch.send(NO_DESCRIPTOR, 0, IGNORE_FAILURE);
  }

  post(notice: EngineNotice): void {
    this.#post(notice);
  }

  dispose(): void {
    for (const sender of this.#senders) closeFd(sender.fd);
    for (const member of this.#members.values()) {
      if (member instanceof LinuxReceiver) {
        closeFd(member.fd);
        member.tap.close();
      }
    }
    this.#bfd.dispose();
    this.#claims.close();
    this.#senders.clear();
    this.#members.clear();
    this.#opened.dispose();
  }

  #openPolicies(): PolicySockets {
    if (this.#policies !== undefined) return this.#policies;
    const policies = new PolicySockets(this.#libnlPath);
    this.#opened.adopt(policies, () => policies.close());
    this.#watch(policies.monitorFd, "policies");
    this.#policies = policies;
    return policies;
  }

  #orderLink(
    sink: EngineSink,
    order: (orders: LinkOrders) => void,
  ): SystemFailure | undefined {
    let refused: SystemFailure | undefined;
    try {
      order(this.#openLinkOrders());
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      refused = failure(error.doing, error.call, error.errno);
    }
    this.#routes.drain(sink);
    return refused;
  }

  #openLinkOrders(): LinkOrders {
    if (this.#linkOrders !== undefined) return this.#linkOrders;
    const orders = new LinkOrders(this.#libnlPath, this.#linkSettings);
    this.#opened.adopt(orders, () => orders.close());
    this.#linkOrders = orders;
    return orders;
  }

  #watch(fd: number, member: Member): void {
    const token = this.#nextToken++;
    this.#members.set(token, member);
    this.#epoll.add(fd, token);
  }

  #forget(member: Member): void {
    for (const [token, one] of this.#members) {
      if (one === member) this.#members.delete(token);
    }
  }

  #serve(token: number, sink: EngineSink): void {
    const member = this.#members.get(token);
    if (member === undefined) return;
    if (member instanceof LinuxReceiver) this.#receive(member, sink);
    else if (member instanceof BfdListener) this.#bfd.receive(member, sink);
    else if (member === "timer") this.#timerFired = true;
    else if (member === "routes") this.#routes.drain(sink);
    else if (member === "policies") this.#policies?.drain(sink);
    else this.#command(token, sink);
  }

  #command(token: number, sink: EngineSink): void {
    if (this.#commands.drain((command) => sink.commanded(command))) return;
    this.#members.delete(token);
    this.#epoll.remove(this.#commands.fd);
    sink.abandoned();
  }

  #receive(receiver: LinuxReceiver, sink: EngineSink): void {
    for (let rings = 0; rings < RINGS_A_TURN_MAX; rings++) {
      const count = this.#ring.receive(receiver.fd);
      if (count < 0) {
        sink.receiveFailed(
          receiver,
          failure("receive adverts", "recvmmsg", -count),
        );
        return;
      }
      for (let slot = 0; slot < count; slot++) {
        this.#deliver(receiver, slot, sink);
      }
      // A datagram may have closed its own receiver.
      if (count < this.#ring.slots || !this.#members.has(receiver.token)) {
        return;
      }
    }
  }

  #deliver(receiver: LinuxReceiver, slot: number, sink: EngineSink): void {
    const ring = this.#ring;
    const datagram = this.#datagram;
    datagram.start = ring.offset(slot);
    datagram.length = ring.length(slot);
    datagram.isTruncated = ring.isTruncated(slot);
    if (receiver.spec.family === 4) {
      if (datagram.length < IPV4.size) return;
      datagram.source = this.#interner.intern(
        ring.bytes,
        datagram.start + IPV4.source,
        4,
      );
      datagram.destination = this.#interner.intern(
        ring.bytes,
        datagram.start + IPV4.destination,
        4,
      );
      datagram.hopLimit = ring.bytes[datagram.start + IPV4.ttl];
    } else {
      datagram.source = this.#interner.intern(
        ring.names,
        ring.ipv6SourceOffset(slot),
        6,
      );
      const at = ring.ipv6DestinationOffset(slot);
      // Without packet information the socket's own binding is all that is known.
      datagram.destination = at < 0
        ? receiver.spec.address
        : this.#interner.intern(ring.control, at, 6);
      const hopLimit = ring.hopLimit(slot);
      datagram.hopLimit = hopLimit === UNKNOWN_HOP_LIMIT ? undefined : hopLimit;
    }
    sink.datagramReceived(receiver, datagram);
  }

  #sendPackets(sender: LinuxSender, sink: EngineSink): void {
    const { packets } = sender;
    sender.batch.send(sender.fd, sender.flags, (index, errno) => {
      const packet = packets[index];
      if (packet !== undefined) {
        sink.packetFailed(packet, failure("send an advert", "sendmmsg", errno));
      }
    });
    for (const packet of packets) packet.isQueued = false;
    packets.length = 0;
  }

  #sendFrames(sink: EngineSink): void {
    this.#frames.send(this.#frameFd, 0, (_index, errno) => {
      sink.frameFailed(failure("send an announcement", "sendmmsg", errno));
    });
  }
}

/** An interface without the file has no IPv6, and so forwards none. */
function readForwarding(interfaceName: string): boolean {
  try {
    return Deno.readTextFileSync(
      `/proc/sys/net/ipv6/conf/${interfaceName}/forwarding`,
    ).trim() !== "0";
  } catch {
    return false;
  }
}

function failure(doing: string, call: string, errno: number): SystemFailure {
  return { doing, call, errno, name: errnoName(errno) };
}
