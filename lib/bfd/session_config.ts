/**
 * One BFD session as it is to run: keepalived's `bfd_instance` with every default applied.
 *
 * Units:   nanoseconds, whole microseconds of them.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";

/** RFC 5881 §4 and RFC 5883 §5. */
export const BFD_PORT = { singleHop: 3784, multihop: 4784 } as const;

export interface BfdSessionConfig {
  readonly name: string;
  readonly family: 4 | 6;
  readonly neighbor: IpAddress;
  /** undefined: the kernel chooses. */
  readonly source: IpAddress | undefined;
  /** RFC 5883: another port, and routers between the two. */
  readonly isMultihop: boolean;
  /** Wait for the neighbour to begin (RFC 5880 §6.1). */
  readonly isPassive: boolean;
  readonly minRxNs: number;
  /** While the session is up. */
  readonly minTxNs: number;
  /** While it is not; at least 1 s (RFC 5880 §6.8.3). */
  readonly idleTxNs: number;
  /** Of our packets, for the neighbour's detection time; 1..255. */
  readonly multiplier: number;
  /** Of what is sent, 1..255. */
  readonly hopLimit: number;
  /** The least that is accepted, 0..255. */
  readonly hopLimitMin: number;
}

/** Whether a session of `b` can go on where one of `a` was: the neighbour hears the same two ends. */
export function isSameSession(
  a: BfdSessionConfig,
  b: BfdSessionConfig,
): boolean {
  return a.neighbor === b.neighbor && a.source === b.source &&
    a.isMultihop === b.isMultihop && a.hopLimit === b.hopLimit;
}
