/**
 * Knows the hardware addresses behind adverts, which VRRP's own sockets do not tell.
 *
 * A packet socket beside a receiver keeps a copy of the first few adverts of every sender that is not trusted. It is
 * read only when an address is asked for, so a network in which everything is as it should be costs nothing.
 *
 * Errors:  opening throws what the kernel refused; a filter it refuses leaves the old one.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../addr/ip_address.ts";
import { type MacAddress, macAddressFromBytes } from "../addr/mac_address.ts";
import { closeFd } from "../../ffi/libc.ts";
import { ReceiveRing } from "../../ffi/message_batch.ts";
import { openSenderTap, setTapFilter } from "../../ffi/packet_socket.ts";
import { SOCKADDR_LL_ADDRESS } from "../../ffi/sockaddr.ts";

const IPPROTO_VRRP = 112;
/** Enough of a packet to see its IP header. */
const SLOT_SIZE = 64;
const SLOTS = 8;
const SENDERS_MAX = 256;
const SOURCE_AT = { 4: 12, 6: 8 } as const;

export class SenderTap {
  readonly #fd: number;
  readonly #family: 4 | 6;
  readonly #ring = new ReceiveRing(SLOTS, SLOT_SIZE);
  readonly #macs = new Map<IpAddress, MacAddress>();
  readonly #trusted = new Set<IpAddress>();
  /** Senders that were asked for once: they stay watched. */
  readonly #suspects = new Set<IpAddress>();

  /** Reports may still ask after the receiver is gone; the descriptor's number is somebody else's then. */
  #isClosed = false;

  constructor(family: 4 | 6, ifIndex: number) {
    this.#family = family;
    this.#fd = openSenderTap(family, ifIndex, IPPROTO_VRRP);
  }

  /** Does not listen to `source` any more, unless its address was asked for before. */
  trust(source: IpAddress): void {
    if (
      this.#isClosed || this.#trusted.has(source) ||
      this.#suspects.has(source) ||
      familyOf(source) !== this.#family
    ) return;
    this.#trusted.add(source);
    this.#setFilter();
  }

  /** The hardware address behind `source`; undefined while no advert of it was kept. */
  macOf(source: IpAddress): MacAddress | undefined {
    if (this.#suspects.size >= SENDERS_MAX) this.#suspects.clear();
    this.#suspects.add(source);
    if (this.#isClosed) return this.#macs.get(source);
    if (this.#trusted.delete(source)) this.#setFilter();
    this.#drain();
    return this.#macs.get(source);
  }

  close(): void {
    this.#isClosed = true;
    closeFd(this.#fd);
  }

  #setFilter(): void {
    setTapFilter(
      this.#fd,
      this.#family,
      IPPROTO_VRRP,
      [...this.#trusted].map(ipAddressBytes),
    );
  }

  #drain(): void {
    for (;;) {
      const count = this.#ring.receive(this.#fd);
      if (count <= 0) return;
      for (let slot = 0; slot < count; slot++) {
        if (this.#macs.size >= SENDERS_MAX) this.#macs.clear();
        const at = this.#ring.offset(slot) + SOURCE_AT[this.#family];
        const source = ipAddressFromBytes(this.#ring.bytes, at, this.#family);
        const mac = macAddressFromBytes(
          this.#ring.names,
          this.#ring.nameOffset(slot) + SOCKADDR_LL_ADDRESS,
        );
        this.#macs.set(source, mac);
      }
    }
  }
}
