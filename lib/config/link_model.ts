/**
 * What a configuration says of the host's interfaces and of the sockets on them.
 *
 * Units:   nanoseconds.
 * @module
 */
import type { BeatMethod } from "../vrrp/link_watch_config.ts";
import type { Positions } from "./model.ts";

/** `garp_extra_if`, in `global_defs` `vrrp_garp_extra_if`. */
export interface ExtraGarp {
  /** 0 is off. */
  readonly garpExtraNs: number | undefined;
  /** Its word `all`: not only on links with a virtual MAC address. */
  readonly garpExtraAll: boolean | undefined;
}

/** Parts of `global_defs`, and what keepalived has at the level of the file. */
export interface LinkGlobals extends ExtraGarp {
  /** `linkbeat_use_polling`: the interfaces of all instances are polled. */
  readonly linkbeatUsePolling: boolean | undefined;
  /** `linkbeat_interfaces` */
  readonly linkbeatInterfaces: readonly PolledInterface[] | undefined;
  /** `interface_up_down_delays` */
  readonly interfaceDelays: readonly InterfaceDelay[] | undefined;
  /** `log_unknown_vrids` */
  readonly logUnknownVrids: boolean | undefined;
  /** `vrrp_rx_bufs_policy`: bytes for each instance, or what they are counted by. */
  readonly receiveBufferPolicy: ReceiveBufferPolicy | number | undefined;
  /** `vrrp_rx_bufs_multiplier`; 3 unless given. */
  readonly receiveBufferMultiplier: number | undefined;
}

/** Parts of `vrrp_instance`. */
export interface InstanceLinks extends ExtraGarp {
  /** `linkbeat_use_polling`: the instance's interface is polled. */
  readonly linkbeatUsePolling: boolean | undefined;
  /** `unicast_fault_no_peer`: without a peer there is nobody to speak to, instead of everybody. */
  readonly faultWithoutPeers: boolean | undefined;
  /** `kernel_rx_buf_size`, bytes. */
  readonly receiveBufferBytes: number | undefined;
}

/** By the interface's MTU, or by the length of the instance's adverts. */
export type ReceiveBufferPolicy = "MTU" | "ADVERT";

/** A line of `linkbeat_interfaces`. */
export interface PolledInterface {
  readonly interface: string;
  /** MII unless given. */
  readonly method: BeatMethod | undefined;
  readonly at: Positions<keyof PolledInterface & string>;
}

/** A line of `interface_up_down_delays`. */
export interface InterfaceDelay {
  readonly interface: string;
  readonly downNs: number;
  /** 0 unless given. */
  readonly upNs: number | undefined;
  readonly at: Positions<keyof InterfaceDelay & string>;
}
