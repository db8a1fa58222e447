/**
 * Makes and removes links of our own, with the settings they need.
 *
 * Says:    as keepalived's: private macvlans; arp_ignore and arp_filter keep the parent from answering for them,
 *          rp_filter and accept_local let them hear, no IPv6 where none is wanted, which alone is set for ipvlans. Unlike keepalived's: arp_announce,
 *          and no IGMP reports; both would show neighbours and switches the wrong place.
 * Errors:  {@linkcode SysError} of what the kernel refused. A setting that cannot be written is no error: in a
 *          container it may be another's.
 * @module
 */
import { NetlinkSocket } from "../../ffi/netlink_socket.ts";
import { EAGAIN, EEXIST, ENODEV, SysError } from "../../ffi/sys_error.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { Macvlan } from "../vrrp/virtual_link.ts";
import { NetlinkBatch, NetlinkReader } from "../wire/netlink.ts";
import {
  decodeRouteMessage,
  encodeNewAddress,
  NETLINK_ROUTE,
} from "../wire/rtnetlink.ts";
import {
  encodeChangeLink,
  encodeDeleteLink,
  encodeLinkUp,
  encodeNewLink,
} from "../wire/rtnetlink_link.ts";
import { addressSpec } from "./address_spec.ts";
import type { LinkOrder } from "./engine_world.ts";
import type { HostSettings } from "./host_settings.ts";

const BUFFER_BYTES = 16384;
const BATCH_BYTES = 512;
/** An answer is there as soon as it is asked for, but for a kernel that waits for all its processors. */
const PATIENCE_MS = 5000;

export class LinkOrders {
  readonly #socket: NetlinkSocket;
  readonly #batch = new NetlinkBatch(BATCH_BYTES);
  readonly #reader = new NetlinkReader();
  readonly #received = new Uint8Array(BUFFER_BYTES);
  readonly #settings: HostSettings;
  #sequence = 0;

  /** `settings` borrows what links need of the host. */
  constructor(libnlPath: string, settings: HostSettings) {
    this.#settings = settings;
    this.#socket = new NetlinkSocket({
      libnlPath,
      protocol: NETLINK_ROUTE,
      groups: [],
      receiveBufferBytes: BUFFER_BYTES,
    });
  }

  close(): void {
    this.#socket.close();
  }

  /** Makes a link that is not up yet. */
  make({ link, parentIndex, group }: LinkOrder): void {
    this.#order(
      `make ${link.name} on ${link.parent}`,
      (sequence) =>
        encodeNewLink(this.#batch, sequence, link, parentIndex, group),
    );
  }

  /** Makes a link that is there as it is to be. */
  setUp({ link, group, vrfIndex }: LinkOrder, index: number): void {
    const { name } = link;
    this.#order(
      link.kind === "macvlan"
        ? `give ${name} the address ${link.mac}`
        : `make ${name} as it is to be`,
      (sequence) =>
        encodeChangeLink(
          this.#batch,
          sequence,
          index,
          link,
          group,
          vrfIndex,
        ),
    );
    if (link.kind === "macvlan") this.#setMacvlan(link);
    else this.#setIpv6(link.name, link.family === 6);
    this.#order(
      `set ${name} up`,
      (sequence) => encodeLinkUp(this.#batch, sequence, index),
    );
    if (link.kind === "ipvlan" && link.address !== undefined) {
      this.#addAddress(index, link.address);
    }
  }

  /** Removes a link; one that is gone is no failure. */
  remove(index: number): void {
    this.#order(
      `remove link ${index}`,
      (sequence) => encodeDeleteLink(this.#batch, sequence, index),
      ENODEV,
    );
  }

  /** At once: its router speaks from there, and would be in FAULT until the address came with the turn's others. */
  #addAddress(ifIndex: number, address: VirtualAddress): void {
    const spec = addressSpec({ present: true, ifIndex, address });
    this.#order(
      `add ${address.address}/${address.prefixLength} on ${address.interface}`,
      (sequence) => encodeNewAddress(this.#batch, sequence, spec, "fail"),
      EEXIST,
    );
  }

  #setMacvlan({ name, parent, family, hasIpv6 }: Macvlan): void {
    const settings = this.#settings;
    if (family === 4) {
      settings.own(`ipv4/conf/${name}/arp_ignore`, "1");
      settings.own(`ipv4/conf/${name}/accept_local`, "1");
      settings.own(`ipv4/conf/${name}/rp_filter`, "0");
      settings.own(`ipv4/conf/${name}/promote_secondaries`, "1");
      settings.borrow(`ipv4/conf/${parent}/arp_ignore`, "1");
      settings.borrow(`ipv4/conf/${parent}/arp_filter`, "1");
      // Its own requests would tell neighbours the parent's hardware address for ours.
      settings.borrow(`ipv4/conf/${parent}/arp_announce`, "2");
      settings.loosenReversePathFilter();
      // Its reports would show switches the virtual MAC address at every backup, too.
      settings.borrow("ipv4/igmp_link_local_mcast_reports", "0");
    }
    // RFC 9568 §7.4: no address is to be derived from the virtual MAC address.
    settings.own(`ipv6/conf/${name}/addr_gen_mode`, "1");
    this.#setIpv6(name, hasIpv6);
    if (!hasIpv6) return;
    settings.own(`ipv6/conf/${name}/autoconf`, "0");
    // They would show switches the virtual MAC address at every backup.
    settings.own(`ipv6/conf/${name}/router_solicitations`, "0");
  }

  #setIpv6(name: string, isWanted: boolean): void {
    this.#settings.own(
      `ipv6/conf/${name}/disable_ipv6`,
      isWanted ? "0" : "1",
    );
  }

  #order(
    doing: string,
    encode: (sequence: number) => boolean,
    expected = 0,
  ): void {
    this.#batch.clear();
    const sequence = ++this.#sequence;
    encode(sequence);
    if (!this.#socket.send(this.#batch.bytes, this.#batch.length)) {
      throw new SysError("nl_sendto", EAGAIN, doing);
    }
    const errno = this.#awaitAnswer(sequence, doing);
    if (errno !== 0 && errno !== expected) {
      throw new SysError("RTM_NEWLINK", errno, doing);
    }
  }

  #awaitAnswer(sequence: number, doing: string): number {
    for (;;) {
      const length = this.#socket.receiveSoon(
        this.#received,
        PATIENCE_MS,
        doing,
      );
      this.#reader.reset(this.#received, length);
      while (this.#reader.next()) {
        if (this.#reader.sequence !== sequence) continue;
        const message = decodeRouteMessage(this.#reader);
        if (message.kind === "answer") return message.answer.errno;
      }
    }
  }
}
