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
import {
  type AdvertFields,
  advertLength,
  encodeAdvert,
  writeIpv6Checksum,
} from "../wire/vrrp.ts";
import {
  signMessage,
  TRAILER_LENGTH,
  type TrailerKey,
  type TrailerStamp,
} from "../wire/vrrp_trailer.ts";
import { ChecksumForms } from "../vrrp/checksum_forms.ts";
import { signingKey } from "../vrrp/advert_hmac.ts";
import type {
  EngineSink,
  EngineWorld,
  OutgoingPacket,
  SocketHandle,
} from "../world/engine_world.ts";

const HOP_LIMIT = 255;

interface Copy {
  readonly packet: OutgoingPacket;
  readonly address: IpAddress;
  readonly destination: Uint8Array;
}

export class AdvertPackets {
  readonly #config: RouterConfig;
  readonly #source: Uint8Array;
  readonly #addresses: Uint8Array;
  /** The group that an old unicast checksum names. */
  readonly #group: Uint8Array;
  readonly #forms: ChecksumForms;
  readonly #copies: readonly Copy[];
  /** Key of the authentication header; undefined without one. */
  readonly #key: Uint8Array | undefined;
  /** What adverts are signed with; undefined where they are not. */
  readonly #signing: TrailerKey | undefined;
  /** Bytes of the VRRP message, without a trailer. */
  readonly #messageLength: number;
  /** Priority that the packets carry now; undefined before the first. */
  #written: number | undefined;
  /** State of the forms that their checksums have. */
  #writtenForms = 0;

  constructor(
    world: EngineWorld,
    config: RouterConfig,
    source: IpAddress,
    ifIndex: number,
    addresses: Uint8Array,
    forms = new ChecksumForms(config),
  ) {
    this.#config = config;
    this.#source = ipAddressBytes(source);
    const { authentication } = config;
    this.#key = authentication.kind === "ah"
      ? passwordBytes(authentication.password)
      : undefined;
    this.#signing = signingKey(config.advertHmac);
    this.#addresses = addresses;
    this.#group = ipAddressBytes(config.multicastGroup);
    this.#forms = forms;
    this.#messageLength = advertLength(
      config.version,
      config.family,
      config.virtualAddresses.length,
    );
    const length = this.#messageAt + this.#messageLength + this.#trailerLength;
    const destinations = config.unicastPeers?.map((peer) => peer.address) ??
      [config.multicastGroup];
    this.#copies = destinations.map((destination) => ({
      packet: world.makePacket(length, destination, ifIndex),
      address: destination,
      destination: ipAddressBytes(destination),
    }));
  }

  /** Whether `packet` is one of these. */
  includes(packet: OutgoingPacket): boolean {
    return this.#copies.some((copy) => copy.packet === packet);
  }

  /** Writes adverts of `priority`, unless that is what is written. */
  prepare(priority: number): void {
    if (
      priority !== this.#written || this.#writtenForms !== this.#forms.revision
    ) this.#write(priority);
  }

  /**
   * Queues one advert of `priority` (0..255) to every destination; `sequence` is for an authentication header, `stamp`
   * for a signed advert.
   */
  send(
    world: EngineWorld,
    sink: EngineSink,
    sender: SocketHandle,
    priority: number,
    identification: number,
    sequence: number,
    stamp?: TrailerStamp,
  ): void {
    for (const { packet } of this.#copies) {
      // The bytes of a queued packet are still to be sent as they are.
      if (packet.isQueued) world.flush(sink);
    }
    this.prepare(priority);
    if (stamp !== undefined) this.#sign(stamp);
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

  get #trailerLength(): number {
    return this.#signing === undefined ? 0 : TRAILER_LENGTH;
  }

  get #headerLength(): number {
    return this.#config.family === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH;
  }

  /** Where the VRRP message begins. */
  get #messageAt(): number {
    return this.#headerLength + this.#authenticationLength;
  }

  /** Signs once: all copies of an advert have the same trailer. */
  #sign(stamp: TrailerStamp): void {
    const [first] = this.#copies;
    if (this.#signing === undefined || first === undefined) return;
    const at = this.#messageAt;
    const length = this.#messageLength;
    const { bytes } = first.packet;
    const source = this.#source;
    signMessage({ bytes, at, length, source }, this.#signing, stamp);
    const end = at + length;
    const trailer = bytes.subarray(end, end + TRAILER_LENGTH);
    for (const { packet, destination } of this.#copies) {
      packet.bytes.set(trailer, end);
      if (this.#config.family === 4) continue;
      // Over IPv6 the checksum is of all that follows the header.
      const all = length + TRAILER_LENGTH;
      writeIpv6Checksum(source, destination, packet.bytes, at, all);
    }
  }

  #write(priority: number): void {
    const config = this.#config;
    const { authentication } = config;
    const fields: Omit<AdvertFields, "isSumWithoutPseudoHeader"> = {
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
    };
    for (const copy of this.#copies) this.#writeCopy(copy, fields);
    this.#written = priority;
    this.#writtenForms = this.#forms.revision;
  }

  #writeCopy(
    { packet, address, destination }: Copy,
    fields: Omit<AdvertFields, "isSumWithoutPseudoHeader">,
  ): void {
    const form = this.#forms.of(address);
    const { family, unicastPeers, unicastTtl } = this.#config;
    const hopLimit = unicastPeers === undefined
      ? HOP_LIMIT
      : unicastTtl ?? HOP_LIMIT;
    const payload = this.#authenticationLength + encodeAdvert(
      {
        ...fields,
        isSumWithoutPseudoHeader: form === "without pseudo header",
      },
      this.#source,
      form === "with the group in its pseudo header"
        ? this.#group
        : destination,
      packet.bytes,
      this.#messageAt,
    ) + this.#trailerLength;
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
    packet.length = this.#headerLength + payload;
  }
}
