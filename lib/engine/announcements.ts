/**
 * Gratuitous ARP and unsolicited neighbour advertisement frames for the addresses of one router.
 *
 * Says:    RFC 9568 §8.1.1 and §8.2.2; keepalived's frames byte for byte.
 * Cost:    frames are written when an interface's index, hardware address or forwarding changes, and sent as they are.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
} from "../addr/ip_address.ts";
import { type MacAddress, macAddressBytes } from "../addr/mac_address.ts";
import { LINK_NOARP, type ObservedLink } from "../route/observed_link.ts";
import { encodeGratuitousArp, GRATUITOUS_ARP_LENGTH } from "../wire/arp.ts";
import {
  encodeNeighborAdvertisement,
  NEIGHBOR_ADVERTISEMENT_LENGTH,
} from "../wire/ndisc.ts";
import type { EngineWorld, OutgoingFrame } from "../world/engine_world.ts";

/** An address and the interface that carries it. */
export interface AnnouncedAddress {
  readonly address: IpAddress;
  readonly interface: string;
}

interface Written {
  readonly ifIndex: number;
  readonly mac: MacAddress;
  readonly isRouter: boolean;
  readonly frame: OutgoingFrame;
}

export class Announcements {
  readonly #addresses: readonly AnnouncedAddress[];
  readonly #written: (Written | undefined)[];

  constructor(addresses: readonly AnnouncedAddress[]) {
    this.#addresses = addresses;
    this.#written = addresses.map(() => undefined);
  }

  get length(): number {
    return this.#addresses.length;
  }

  at(index: number): AnnouncedAddress | undefined {
    return this.#addresses[index];
  }

  /** Where the same address on the same interface is; -1 where it is not. */
  indexOf(wanted: AnnouncedAddress): number {
    return this.#addresses.findIndex((one) =>
      one.address === wanted.address && one.interface === wanted.interface
    );
  }

  /** The frame of the `index`-th address; undefined where the link is gone, or has no use for it. */
  frame(
    world: EngineWorld,
    index: number,
    linkNamed: (name: string) => ObservedLink | undefined,
  ): OutgoingFrame | undefined {
    const announced = this.#addresses[index];
    if (announced === undefined) return undefined;
    const link = linkNamed(announced.interface);
    if (
      link === undefined || link.mac === undefined ||
      (link.flags & LINK_NOARP) !== 0
    ) return undefined;
    const isIpv6 = familyOf(announced.address) === 6;
    const isRouter = isIpv6 && world.isIpv6Router(link.name);
    const written = this.#written[index];
    if (
      written?.ifIndex === link.index && written.mac === link.mac &&
      written.isRouter === isRouter
    ) {
      return written.frame;
    }
    const frame = world.makeFrame(
      isIpv6 ? NEIGHBOR_ADVERTISEMENT_LENGTH : GRATUITOUS_ARP_LENGTH,
      link.index,
    );
    const mac = macAddressBytes(link.mac);
    const address = ipAddressBytes(announced.address);
    if (isIpv6) {
      encodeNeighborAdvertisement(mac, address, isRouter, frame.bytes);
    } else encodeGratuitousArp(mac, address, frame.bytes);
    this.#written[index] = {
      ifIndex: link.index,
      mac: link.mac,
      isRouter,
      frame,
    };
    return frame;
  }
}
