/**
 * A sink that remembers what a world told it, for tests.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { EngineCommand } from "../engine/port.ts";
import type { ObservedAddress } from "../route/observed_link.ts";
import type { PolicyChange } from "../route/route_plan.ts";
import type {
  AddressRequest,
  BfdDatagram,
  Datagram,
  EngineSink,
  LinkFacts,
  OutgoingPacket,
  SocketHandle,
  SystemFailure,
} from "./engine_world.ts";

/** A datagram as it was when it was told. */
export interface RecordedDatagram {
  readonly receiver: SocketHandle;
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly hopLimit: number | undefined;
  readonly isTruncated: boolean;
}

export class RecordingSink implements EngineSink {
  readonly links: LinkFacts[] = [];
  readonly linksGone: number[] = [];
  readonly addresses: (ObservedAddress & { readonly index: number })[] = [];
  /** Address, prefix length and who: `192.0.2.1/24 by us`. */
  readonly addressesGone: string[] = [];
  readonly datagrams: RecordedDatagram[] = [];
  readonly commands: EngineCommand[] = [];
  /** Everything the kernel refused. */
  readonly failures: SystemFailure[] = [];
  readonly failedPackets: OutgoingPacket[] = [];
  readonly failedAddresses: IpAddress[] = [];
  /** BFD packets: `SOURCE to DESTINATION, hop limit N, M bytes`. */
  readonly bfd: string[] = [];
  inventories = 0;
  isAbandoned = false;
  /** Key and who. */
  readonly policiesGone: string[] = [];

  policyGone(key: string, byUs: boolean): void {
    this.policiesGone.push(`${key} by ${byUs ? "us" : "others"}`);
  }

  policiesUnknown(): void {
    this.policiesGone.push("all");
  }

  policyFailed(_change: PolicyChange, failure: SystemFailure): void {
    this.failures.push(failure);
  }

  linkSeen(link: LinkFacts): void {
    this.links.push(link);
  }

  linkGone(index: number): void {
    this.linksGone.push(index);
  }

  addressSeen(index: number, address: ObservedAddress): void {
    this.addresses.push({ index, ...address });
  }

  addressGone(_index: number, address: ObservedAddress, byUs: boolean): void {
    const { address: text, prefixLength } = address;
    this.addressesGone.push(
      `${text}/${prefixLength} by ${byUs ? "us" : "others"}`,
    );
  }

  inventoryBegan(): void {
    this.links.length = 0;
    this.addresses.length = 0;
  }

  inventoryEnded(): void {
    this.inventories++;
  }

  datagramReceived(receiver: SocketHandle, datagram: Datagram): void {
    const { start, length, source, destination, hopLimit, isTruncated } =
      datagram;
    this.datagrams.push({
      receiver,
      bytes: datagram.bytes.slice(start, start + length),
      source,
      destination,
      hopLimit,
      isTruncated,
    });
  }

  receiveFailed(_receiver: SocketHandle, failure: SystemFailure): void {
    this.failures.push(failure);
  }

  bfdReceived(datagram: BfdDatagram): void {
    const { source, destination, hopLimit, length, isMultihop } = datagram;
    const where = isMultihop ? ", multihop" : "";
    this.bfd.push(
      `${source} to ${destination}, hop limit ${hopLimit}, ${length} bytes${where}`,
    );
  }

  commanded(command: EngineCommand): void {
    this.commands.push(command);
  }

  abandoned(): void {
    this.isAbandoned = true;
  }

  packetFailed(packet: OutgoingPacket, failure: SystemFailure): void {
    this.failedPackets.push(packet);
    this.failures.push(failure);
  }

  addressFailed(request: AddressRequest, failure: SystemFailure): void {
    this.failedAddresses.push(request.address.address);
    this.failures.push(failure);
  }

  frameFailed(failure: SystemFailure): void {
    this.failures.push(failure);
  }

  schedulingFailed(failure: SystemFailure): void {
    this.failures.push(failure);
  }
}
