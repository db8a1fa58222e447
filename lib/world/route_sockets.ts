/**
 * rtnetlink for the engine: one socket that asks and orders, one that only listens.
 *
 * Says:    rtnetlink(7). A message that our own order caused carries our order socket's port id, so that a foreign
 *          deletion can be told from our own; but the kernel does so for IPv4 only (inet6_ifa_notify), so our own
 *          deletions of IPv6 addresses are remembered until they are told.
 * Errors:  what the kernel refuses goes to the sink; adding what is there and removing what is not is no failure.
 *          Losing messages (ENOBUFS) makes a new inventory, as if the world had just begun.
 * Cost:    a flush is one `sendmsg` for all address changes of a turn, and one `recv` an acknowledgement.
 * @module
 */
import { type IpAddress, ipAddressFromBytes } from "../addr/ip_address.ts";
import { macAddressFromBytes } from "../addr/mac_address.ts";
import type { ObservedAddress } from "../route/observed_link.ts";
import { assert } from "../assert.ts";
import { NetlinkBatch, NetlinkReader } from "../wire/netlink.ts";
import {
  type AddressMessage,
  decodeRouteMessage,
  encodeAddressDump,
  encodeDeleteAddress,
  encodeLinkDump,
  encodeNewAddress,
  type LinkMessage,
  ROUTE_GROUP,
} from "../wire/rtnetlink.ts";
import {
  EADDRNOTAVAIL,
  EAGAIN,
  EEXIST,
  ENOBUFS,
  ENODEV,
  errnoName,
  SysError,
} from "../../ffi/sys_error.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import { addressSpec } from "./address_spec.ts";
import type { AddressRequest, EngineSink } from "./engine_world.ts";
import { BATCH_BYTES, NetlinkPair, RECEIVE_BYTES } from "./netlink_pair.ts";

const DRAFT_BYTES = 512;
/** A dump that something changed under is repeated; a namespace in constant change gets what there is. */
const DUMP_TRIES_MAX = 5;
/** A dump's answer is there as soon as it is asked for; the patience is for a machine out of memory. */
const DUMP_PATIENCE_MS = 5000;

interface WrittenOrder {
  readonly ifIndex: number;
  readonly message: Uint8Array;
}

export class RouteSockets {
  readonly #sockets: NetlinkPair;
  readonly #reader = new NetlinkReader();
  readonly #received = new Uint8Array(RECEIVE_BYTES);
  readonly #batch = new NetlinkBatch(BATCH_BYTES);
  /** Where orders are written ahead of their time. */
  readonly #draft = new NetlinkBatch(DRAFT_BYTES);
  /** Orders to add an address, each for the link it was written for. */
  readonly #written = new WeakMap<VirtualAddress, WrittenOrder>();
  /** Requests of the batch being built or answered, by sequence number minus `#firstSequence`. */
  #requests: AddressRequest[] = [];
  /** IPv6 addresses whose removal we ordered and have not heard of yet. */
  readonly #removing = new Set<string>();
  #firstSequence = 1;
  #awaited = 0;

  constructor(libnlPath: string) {
    this.#sockets = new NetlinkPair(libnlPath, Object.values(ROUTE_GROUP));
  }

  /** Readable when links or addresses changed. */
  get monitorFd(): number {
    return this.#sockets.monitor.fd;
  }

  close(): void {
    this.#sockets.close();
  }

  queueAddress(request: AddressRequest): void {
    this.#requests.push(request);
  }

  /** Writes the order to add an address, so that a take-over only has to send it. */
  prepareAddress(ifIndex: number, address: VirtualAddress): void {
    if (this.#written.get(address)?.ifIndex === ifIndex) return;
    this.#write({ present: true, ifIndex, address });
  }

  /** Does all of an order but sending it. */
  practise(request: AddressRequest): void {
    this.#batch.clear();
    this.#encode(request, 0);
    this.#batch.clear();
    this.#removing.clear();
  }

  /** Sends what is queued; the kernel has carried it out when this returns. */
  flush(): void {
    if (this.#requests.length === 0) return;
    let at = 0;
    this.#batch.clear();
    for (const request of this.#requests) {
      const sequence = this.#firstSequence + at;
      if (!this.#encode(request, sequence)) {
        this.#send();
        this.#encode(request, sequence);
      }
      at++;
    }
    this.#send();
    this.#awaited = at;
  }

  /** Reads the answers to the last flush; call it when nothing urgent is left to do. */
  collectAnswers(sink: EngineSink): void {
    if (this.#awaited === 0) return;
    while (this.#awaited > 0) {
      const length = this.#sockets.orders.receive(this.#received);
      if (length < 0) break;
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) this.#answer(sink);
    }
    this.#firstSequence += this.#requests.length;
    this.#requests = [];
    this.#awaited = 0;
  }

  /** Tells the sink all links and addresses there are. */
  takeInventory(sink: EngineSink): void {
    for (let tries = 1;; tries++) {
      this.#discardMonitor();
      sink.inventoryBegan();
      this.#removing.clear();
      const links = this.#dump(
        sink,
        (sequence) => encodeLinkDump(this.#batch, sequence),
      );
      const ipv4 = this.#dump(
        sink,
        (sequence) => encodeAddressDump(this.#batch, sequence, 4),
      );
      const ipv6 = this.#dump(
        sink,
        (sequence) => encodeAddressDump(this.#batch, sequence, 6),
      );
      if ((links && ipv4 && ipv6) || tries === DUMP_TRIES_MAX) break;
    }
    sink.inventoryEnded();
  }

  /** Tells the sink what changed since the last time. */
  drain(sink: EngineSink): void {
    for (;;) {
      const length = this.#sockets.monitor.receive(this.#received);
      if (length < 0) {
        if (length === -EAGAIN) return;
        if (length !== -ENOBUFS) {
          throw new SysError("recv", -length, "hear of links and addresses");
        }
        this.takeInventory(sink);
        return;
      }
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) this.#tell(sink);
    }
  }

  /** Whatever is still queued is older than the dump that follows. */
  #discardMonitor(): void {
    while (this.#sockets.monitor.receive(this.#received) !== -EAGAIN);
  }

  #encode(request: AddressRequest, sequence: number): boolean {
    if (request.present) {
      const written = this.#written.get(request.address);
      const message = written?.ifIndex === request.ifIndex
        ? written.message
        : this.#write(request);
      return this.#batch.append(message, sequence);
    }
    const spec = addressSpec(request);
    if (spec.family === 6) {
      this.#removing.add(placeOf(request.ifIndex, request.address));
    }
    return encodeDeleteAddress(this.#batch, sequence, spec);
  }

  #write(request: AddressRequest): Uint8Array {
    this.#draft.clear();
    const fits = encodeNewAddress(this.#draft, 0, addressSpec(request), "fail");
    assert(fits, "An address order is larger than its draft");
    const message = this.#draft.copyOfOnly();
    const { ifIndex, address } = request;
    this.#written.set(address, { ifIndex, message });
    return message;
  }

  #send(): void {
    if (this.#batch.count === 0) return;
    // The answers of earlier batches of the same turn may fill the queue; the kernel then refuses to send.
    if (!this.#sockets.orders.send(this.#batch.bytes, this.#batch.length)) {
      throw new SysError("nl_sendto", EAGAIN, "change addresses");
    }
    this.#batch.clear();
  }

  #answer(sink: EngineSink): void {
    const index = this.#reader.sequence - this.#firstSequence;
    const request = this.#requests[index];
    if (request === undefined) return;
    const message = decodeRouteMessage(this.#reader);
    if (message.kind !== "answer") return;
    this.#awaited--;
    const { errno, message: text } = message.answer;
    if (errno !== 0) {
      this.#removing.delete(placeOf(request.ifIndex, request.address));
    }
    if (errno === 0 || isAsWanted(request, errno)) return;
    const verb = request.present ? "add" : "remove";
    const { address, prefixLength, interface: name } = request.address;
    const why = text === undefined ? "" : ` (${text})`;
    sink.addressFailed(request, {
      doing: `${verb} ${address}/${prefixLength} on ${name}${why}`,
      call: request.present ? "RTM_NEWADDR" : "RTM_DELADDR",
      errno,
      name: errnoName(errno),
    });
  }

  /** Sends one dump request and tells its answers; false when it was interrupted and is to be repeated. */
  #dump(sink: EngineSink, encode: (sequence: number) => boolean): boolean {
    this.#batch.clear();
    const sequence = this.#firstSequence++;
    encode(sequence);
    this.#send();
    for (;;) {
      const length = this.#sockets.orders.receiveSoon(
        this.#received,
        DUMP_PATIENCE_MS,
        "list links and addresses",
      );
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) {
        if (this.#reader.sequence !== sequence) continue;
        const message = decodeRouteMessage(this.#reader);
        if (message.kind === "done") {
          if (message.answer.errno === 0) return !message.isInterrupted;
          throw new SysError(
            "RTM_GET",
            message.answer.errno,
            "list links and addresses",
          );
        }
        if (message.kind === "answer" && message.answer.errno !== 0) {
          throw new SysError(
            "RTM_GET",
            message.answer.errno,
            "list links and addresses",
          );
        }
        this.#tell(sink);
      }
    }
  }

  /** Whether we ordered the removal that is told. */
  #isOurs(gone: AddressMessage): boolean {
    if (gone.family === 4) {
      return this.#reader.portId === this.#sockets.orders.portId;
    }
    return this.#removing.delete(placeOf(gone.ifIndex, toObserved(gone)));
  }

  #tell(sink: EngineSink): void {
    const message = decodeRouteMessage(this.#reader);
    switch (message.kind) {
      case "link":
        tellLink(message.link, sink);
        break;
      case "linkGone":
        sink.linkGone(message.link.index);
        break;
      case "address":
        sink.addressSeen(message.address.ifIndex, toObserved(message.address));
        break;
      case "addressGone":
        sink.addressGone(
          message.address.ifIndex,
          toObserved(message.address),
          this.#isOurs(message.address),
        );
        break;
      case "overrun":
        this.takeInventory(sink);
        break;
      case "answer":
      case "done":
      case "other":
      case "malformed":
        break;
    }
  }
}

/** Names an address on a link. */
function placeOf(
  ifIndex: number,
  address: { readonly address: IpAddress; readonly prefixLength: number },
): string {
  return `${ifIndex} ${address.address}/${address.prefixLength}`;
}

function tellLink(link: LinkMessage, sink: EngineSink): void {
  // A wireless driver's own event repeats stale flags; one without a name says nothing we could use.
  if (link.isWirelessEvent || link.name === undefined) return;
  sink.linkSeen({
    index: link.index,
    name: link.name,
    flags: link.flags,
    mac: link.hardwareAddress?.length === 6
      ? macAddressFromBytes(link.hardwareAddress, 0)
      : undefined,
    mtu: link.mtu ?? 1500,
    kind: link.linkKind,
    parentIndex: link.parentIndex,
    mode: link.ipvlanMode,
    vrfTable: link.vrfTable,
    group: link.group,
    masterIndex: link.masterIndex,
  });
}

function toObserved(message: AddressMessage): ObservedAddress {
  const { family, local, prefixLength, scope, flags } = message;
  return {
    address: ipAddressFromBytes(local, 0, family),
    family,
    prefixLength,
    scope,
    flags,
  };
}

/** Adding what is there is no failure, nor removing what is not, be it with its whole link. */
function isAsWanted({ present }: AddressRequest, errno: number): boolean {
  return present
    ? errno === EEXIST
    : errno === EADDRNOTAVAIL || errno === ENODEV;
}
