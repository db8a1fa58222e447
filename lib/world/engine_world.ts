/**
 * The engine's whole world as an interface: clock, network, kernel state and the door to the daemon.
 *
 * The Linux one is `engine_linux.ts`; a simulator may stand in for it. The engine queues what it wants done while
 * it works through one turn's events, and one `flush` carries all of it out: adverts first, address changes
 * second, announcements last, each kind with as few system calls as it can.
 *
 * Units:   `…Ns` nanoseconds, monotonic.
 * Errors:  opening may throw what the kernel refused; sending reports failures to the sink instead.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { MacAddress } from "../addr/mac_address.ts";
import type {
  EngineCommand,
  EngineNotice,
  Scheduling,
} from "../engine/port.ts";
import type { ObservedAddress, ObservedLink } from "../route/observed_link.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { VirtualLink } from "../vrrp/virtual_link.ts";

/** An open socket of a world; only that world can use it. */
export interface SocketHandle {
  readonly purpose: "receiver" | "sender" | "bfd";
}

export interface ReceiverSpec {
  readonly family: 4 | 6;
  /** 112, or 51 for adverts behind an authentication header. */
  readonly protocol: number;
  readonly interface: string;
  readonly ifIndex: number;
  /** The group to join, or our own address when `isMulticast` is false. */
  readonly address: IpAddress;
  readonly isMulticast: boolean;
}

export interface SenderSpec {
  readonly family: 4 | 6;
  readonly interface: string;
  readonly ifIndex: number;
  /** Over IPv6, what the packets have as their source: the kernel need not look for one among all addresses. */
  readonly source?: IpAddress | undefined;
  readonly isMulticast: boolean;
}

/** A complete IP packet for one destination; its bytes are the caller's to fill. */
export interface OutgoingPacket {
  readonly bytes: Uint8Array;
  /** Bytes to send from the start. */
  length: number;
  /** Queued and not flushed yet: the bytes must stay as they are. */
  isQueued: boolean;
}

/** A complete Ethernet frame for one interface; may be queued several times in a turn. */
export interface OutgoingFrame {
  readonly bytes: Uint8Array;
}

/**
 * One received datagram. The object and its bytes are used again for the next one.
 * IPv4: the IP header is part of the bytes. IPv6: it is not, and the kernel told the rest.
 */
export interface Datagram {
  readonly bytes: Uint8Array;
  start: number;
  length: number;
  source: IpAddress;
  destination: IpAddress;
  /** TTL or hop limit; undefined when the kernel did not say. */
  hopLimit: number | undefined;
  isTruncated: boolean;
}

/** A link as one netlink message describes it; addresses come in messages of their own. */
export type LinkFacts = Omit<ObservedLink, "addresses">;

/** Where a BFD session's packets go, and how. */
export interface BfdSocketSpec {
  readonly family: 4 | 6;
  /** undefined: the kernel chooses. It need not be there yet. */
  readonly source: IpAddress | undefined;
  readonly neighbor: IpAddress;
  /** RFC 5883's port instead of RFC 5881's. */
  readonly isMultihop: boolean;
  /** TTL or hop limit of what is sent. */
  readonly hopLimit: number;
}

/** One received BFD packet, without IP and UDP headers. The object and its bytes are used again for the next one. */
export interface BfdDatagram {
  readonly bytes: Uint8Array;
  start: number;
  length: number;
  source: IpAddress;
  /** undefined when the kernel did not say. */
  destination: IpAddress | undefined;
  /** TTL or hop limit; undefined when the kernel did not say. */
  hopLimit: number | undefined;
  /** Which of the two ports it came to. */
  isMultihop: boolean;
}

/** What the engine hears. Called only inside `wait`, `takeInventory` and `flush`. */
export interface EngineSink {
  linkSeen(link: LinkFacts): void;
  linkGone(index: number): void;
  addressSeen(index: number, address: ObservedAddress): void;
  /** `byUs`: the kernel says that our own request removed it. */
  addressGone(index: number, address: ObservedAddress, byUs: boolean): void;
  /** All that was known of links and addresses is void; what follows until `inventoryEnded` is the whole truth. */
  inventoryBegan(): void;
  inventoryEnded(): void;
  datagramReceived(receiver: SocketHandle, datagram: Datagram): void;
  receiveFailed(receiver: SocketHandle, failure: SystemFailure): void;
  bfdReceived(datagram: BfdDatagram): void;
  commanded(command: EngineCommand): void;
  /** The daemon's end of the command pipe is closed. */
  abandoned(): void;
  packetFailed(packet: OutgoingPacket, failure: SystemFailure): void;
  addressFailed(request: AddressRequest, failure: SystemFailure): void;
  frameFailed(failure: SystemFailure): void;
  /** A route or rule with this key (see `policyKey`) was removed or replaced; `byUs`: at our own request. */
  policyGone(key: string, byUs: boolean): void;
  /** Nothing is known any more of routes and rules. */
  policiesUnknown(): void;
  policyFailed(change: PolicyChange, failure: SystemFailure): void;
  schedulingFailed(failure: SystemFailure): void;
}

/** What the kernel refused. */
export interface SystemFailure {
  readonly doing: string;
  readonly call: string;
  readonly errno: number;
  readonly name: string;
}

/** Another daemon that has a name, as of a link, for itself. */
export interface NameHolder {
  /** undefined: it cannot be seen from here. */
  readonly pid: number | undefined;
}

/** A link of ours, as it is to be. */
export interface LinkOrder {
  readonly link: VirtualLink;
  readonly parentIndex: number;
  /** Number of its group. */
  readonly group: number;
  /** Index of the VRF that it belongs to; 0: none. */
  readonly vrfIndex: number;
}

/** Add or remove one address; adding what is there and removing what is not are no failures. */
export interface AddressRequest {
  readonly present: boolean;
  readonly ifIndex: number;
  readonly address: VirtualAddress;
}

export interface EngineWorld {
  nowNs(): number;
  /** The wall clock, in nanoseconds since 1970: for signed adverts alone. */
  utcNs(): number;
  /** Sleeps until something happened or `deadlineNs` (may be Infinity) passed, and tells the sink all of it. */
  wait(deadlineNs: number, sink: EngineSink): void;
  /** Tells the sink all that has come in by now, without waiting. */
  drain(sink: EngineSink): void;
  /** Reads links and addresses anew and tells the sink. */
  takeInventory(sink: EngineSink): void;
  openReceiver(spec: ReceiverSpec): SocketHandle;
  /** Makes room for `bytes` in a receiver's buffer; the kernel has bounds of its own. */
  sizeReceiver(receiver: SocketHandle, bytes: number): void;
  openSender(spec: SenderSpec): SocketHandle;
  /** Opens what a BFD session sends by, and hears its port from then on. */
  openBfd(spec: BfdSocketSpec): SocketHandle;
  /** Sends a BFD packet at once; returns what the kernel refused. */
  sendBfd(
    socket: SocketHandle,
    bytes: Uint8Array<ArrayBuffer>,
  ): SystemFailure | undefined;
  /** 0 <= r < 1. */
  random(): number;
  /**
   * The hardware address behind the adverts of `source` on a receiver; undefined while none of them was looked at.
   * From now on they are.
   */
  senderMac(receiver: SocketHandle, source: IpAddress): MacAddress | undefined;
  /** Adverts of `source` are as they should be: its hardware address will not be asked for. */
  trustSender(receiver: SocketHandle, source: IpAddress): void;
  close(handle: SocketHandle): void;
  /** Whether the host forwards IPv6 on an interface: the R flag of its neighbour advertisements. */
  isIpv6Router(interfaceName: string): boolean;
  makePacket(
    size: number,
    destination: IpAddress,
    ifIndex: number,
  ): OutgoingPacket;
  makeFrame(size: number, ifIndex: number): OutgoingFrame;
  queuePacket(
    sender: SocketHandle,
    packet: OutgoingPacket,
    sink: EngineSink,
  ): void;
  /** Claims the name of a link among all daemons of the network namespace; undefined if it is ours, or who has it. */
  claimLink(name: string): NameHolder | undefined;
  /** Gives up a name, or waiting for it. */
  releaseLink(name: string): void;
  /** Makes a link; the sink is told of it before this returns. Returns what the kernel refused. */
  makeLink(order: LinkOrder, sink: EngineSink): SystemFailure | undefined;
  /** Makes a link that is there as it is to be, and sets it up. Returns what the kernel refused. */
  setUpLink(
    order: LinkOrder,
    index: number,
    sink: EngineSink,
  ): SystemFailure | undefined;
  /** Removes a link of ours; one that is gone is no failure. Returns what the kernel refused. */
  removeLink(index: number, sink: EngineSink): SystemFailure | undefined;
  /** Sets back what links of ours needed of the whole host. */
  restoreHost(): void;
  /** `promote_secondaries` of an interface; what is off again is as it was before. */
  promoteSecondaries(interfaceName: string, isOn: boolean): void;
  /** Says that `address` may have to be added to a link, so that the order can be written ahead. */
  prepareAddress(ifIndex: number, address: VirtualAddress): void;
  queueAddress(request: AddressRequest): void;
  /** Says that a route or rule may have to be added, so that the order can be written ahead. */
  preparePolicy(change: PolicyChange): void;
  /** Removals are carried out before address changes, additions after them. */
  queuePolicy(change: PolicyChange): void;
  queueFrame(frame: OutgoingFrame, sink: EngineSink): void;
  flush(sink: EngineSink): void;
  post(notice: EngineNotice): void;
  /** How the kernel is to treat the engine's thread from now on. */
  schedule(scheduling: Scheduling, sink: EngineSink): void;
  /** Closes every descriptor; the kernel's addresses stay. */
  dispose(): void;
}
