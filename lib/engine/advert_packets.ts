/**
 * A router's adverts as complete IP packets, one a destination, written anew only when what they say changes.
 *
 * Says:    RFC 9568 §5.1, RFC 791 §3.1: identification counts up, 0 is skipped, all copies of one advert carry the
 *          same one. Hop limit 255, or `unicast_ttl` for unicast.
 * Cost:    sending what was sent before allocates nothing.
 * @module
 */
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import { AUTH_TYPE, intervalOnWire, passwordBytes } from "../vrrp/receive.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import {
  encodeIpv4Header,
  encodeVrrpIpv6Header,
  IPV4_HEADER_LENGTH,
  IPV6_HEADER_LENGTH,
  setIpv4Identification,
} from "../wire/ip_header.ts";
import { AH_LENGTH, writeAuthentication } from "../wire/ah.ts";
import { type AdvertFields, advertLength, encodeAdvert } from "../wire/vrrp.ts";
import type {
  EngineSink,
  EngineWorld,
  OutgoingPacket,
  SocketHandle,
} from "../world/engine_world.ts";

const HOP_LIMIT = 255;

interface Copy {
  readonly packet: OutgoingPacket;
  readonly destination: Uint8Array;
}

export class AdvertPackets {
  readonly #config: RouterConfig;
  readonly #source: Uint8Array;
  readonly #addresses: Uint8Array;
  readonly #copies: readonly Copy[];
  /** Key of the authentication header; undefined without one. */
  readonly #key: Uint8Array | undefined;
  /** Priority that the packets carry now; undefined before the first. */
  #written: number | undefined;

  constructor(
    world: EngineWorld,
    config: RouterConfig,
    source: IpAddress,
    ifIndex: number,
    addresses: Uint8Array,
  ) {
    this.#config = config;
    this.#source = ipAddressBytes(source);
    const { authentication } = config;
    this.#key = authentication.kind === "ah"
      ? passwordBytes(authentication.password)
      : undefined;
    this.#addresses = addresses;
    const headerLength = config.family === 4
      ? IPV4_HEADER_LENGTH
      : IPV6_HEADER_LENGTH;
    const length = headerLength + this.#authenticationLength +
      advertLength(
        config.version,
        config.family,
        config.virtualAddresses.length,
      );
    const destinations = config.unicastPeers?.map((peer) => peer.address) ??
      [config.multicastGroup];
    this.#copies = destinations.map((destination) => ({
      packet: world.makePacket(length, destination, ifIndex),
      destination: ipAddressBytes(destination),
    }));
  }

  /** Whether `packet` is one of these. */
  includes(packet: OutgoingPacket): boolean {
    return this.#copies.some((copy) => copy.packet === packet);
  }

  /** Writes adverts of `priority`, unless that is what is written. */
  prepare(priority: number): void {
    if (priority !== this.#written) this.#write(priority);
  }

  /** Queues one advert of `priority` (0..255) to every destination; `sequence` is for an authentication header. */
  send(
    world: EngineWorld,
    sink: EngineSink,
    sender: SocketHandle,
    priority: number,
    identification: number,
    sequence: number,
  ): void {
    for (const { packet } of this.#copies) {
      // The bytes of a queued packet are still to be sent as they are.
      if (packet.isQueued) world.flush(sink);
    }
    this.prepare(priority);
    for (const { packet } of this.#copies) {
      if (this.#config.family === 4) {
        setIpv4Identification(packet.bytes, identification);
      }
      if (this.#key !== undefined) {
        writeAuthentication(
          packet.bytes,
          packet.length,
          this.#key,
          sequence,
          this.#config.unicastPeers !== undefined,
        );
      }
      world.queuePacket(sender, packet, sink);
    }
  }

  get #authenticationLength(): number {
    return this.#key === undefined ? 0 : AH_LENGTH;
  }

  #write(priority: number): void {
    const config = this.#config;
    const { authentication } = config;
    const fields: AdvertFields = {
      version: config.version,
      family: config.family,
      vrid: config.vrid,
      priority,
      addresses: this.#addresses,
      authType: AUTH_TYPE[authentication.kind],
      // With AH the password is a key, and these bytes stay zero.
      authentication: passwordBytes(
        authentication.kind === "pass" ? authentication.password : "",
      ),
      interval: intervalOnWire(config),
      isSumWithoutPseudoHeader: config.v3ChecksumAsV2,
    };
    for (const copy of this.#copies) this.#writeCopy(copy, fields);
    this.#written = priority;
  }

  #writeCopy({ packet, destination }: Copy, fields: AdvertFields): void {
    const { family, unicastPeers, unicastTtl } = this.#config;
    const hopLimit = unicastPeers === undefined
      ? HOP_LIMIT
      : unicastTtl ?? HOP_LIMIT;
    const headerLength = family === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
    const payload = this.#authenticationLength + encodeAdvert(
      fields,
      this.#source,
      destination,
      packet.bytes,
      headerLength + this.#authenticationLength,
    );
    if (family === 4) {
      encodeIpv4Header(
        this.#source,
        destination,
        hopLimit,
        payload,
        packet.bytes,
      );
    } else {encodeVrrpIpv6Header(
        this.#source,
        destination,
        hopLimit,
        payload,
        packet.bytes,
      );}
    packet.length = headerLength + payload;
  }
}
