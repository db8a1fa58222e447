/**
 * How checksums of VRRPv3 over IPv4 are made, and in which way the peers want them.
 *
 * RFC 5798 was read as "with a pseudo header", RFC 9568 §5.2.8 says "without", and keepalived up to 1.3.6 took the
 * group into the pseudo header of unicast adverts. Any of the three is accepted, and a sender is answered in its own.
 *
 * Says:    keepalived's `v3_checksum_as_v2` and `old_unicast_checksum`.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { RouterConfig } from "./router_config.ts";

export type ChecksumForm =
  | "with pseudo header"
  | "without pseudo header"
  /** The pseudo header of a unicast advert names the multicast group. */
  | "with the group in its pseudo header";

/** The forms that one router sends in, beginning with the configured one. */
export class ChecksumForms {
  /** What the configuration asks for. */
  readonly configured: ChecksumForm;
  /** Senders that were heard in another form; without peers all of them count as one. */
  readonly #learned = new Map<IpAddress | "group", ChecksumForm>();
  readonly #isUnicast: boolean;
  /** Goes up with everything that is learned. */
  revision = 0;

  constructor(config: RouterConfig) {
    this.#isUnicast = config.unicastPeers !== undefined;
    this.configured = config.v3ChecksumAsV2
      ? "without pseudo header"
      : config.oldUnicastChecksum === true && this.#isUnicast
      ? "with the group in its pseudo header"
      : "with pseudo header";
  }

  /** The form of adverts to `destination`. */
  of(destination: IpAddress): ChecksumForm {
    return this.#learned.get(this.#key(destination)) ?? this.configured;
  }

  /** `source` was heard in `form`: it is answered alike. */
  learn(source: IpAddress, form: ChecksumForm): void {
    if (this.of(source) === form) return;
    this.#learned.set(this.#key(source), form);
    this.revision++;
  }

  #key(address: IpAddress): IpAddress | "group" {
    return this.#isUnicast ? address : "group";
  }
}
