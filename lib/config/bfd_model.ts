/**
 * BFD sessions as a configuration says them; a part of the model (model.ts).
 *
 * Units:   `…Ns` nanoseconds.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { Positions } from "./model.ts";
import type { DefaultWeight } from "./tracking_model.ts";

/** `bfd_instance NAME`. */
export interface BfdInstance extends DefaultWeight {
  /** At most 31 bytes. */
  readonly name: string;
  /** `neighbor_ip`; a session without one does not run. */
  readonly neighborIp: IpAddress | undefined;
  /** The kernel chooses unless given. */
  readonly sourceIp: IpAddress | undefined;
  /** 10 ms unless given. */
  readonly minRxNs: number | undefined;
  /** 10 ms unless given. */
  readonly minTxNs: number | undefined;
  /** At least 1 s; 1 s unless given. */
  readonly idleTxNs: number | undefined;
  /** 1..255; 5 unless given. */
  readonly multiplier: number | undefined;
  readonly passive: boolean | undefined;
  /** `ttl` or `hoplimit`, 1..255. */
  readonly hopLimit: number | undefined;
  /** How many hops fewer than `hopLimit` are accepted, 0..255; -1 is any number. */
  readonly hopsMax: number | undefined;
  readonly multihop: boolean | undefined;
  /** For those who track it. If only one of the two is true, the session is for that side alone. */
  readonly vrrp: boolean | undefined;
  readonly checker: boolean | undefined;
  readonly at: Positions<keyof BfdInstance & string>;
}

/** Whether instances and groups may track it. */
export function isForVrrp({ vrrp, checker }: BfdInstance): boolean {
  return vrrp ?? checker !== true;
}

/** Whether a BFD_CHECK can follow it. */
export function isForChecker({ vrrp, checker }: BfdInstance): boolean {
  return checker === true || vrrp !== true;
}
