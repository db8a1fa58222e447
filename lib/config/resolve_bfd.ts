/**
 * From `bfd_instance` to the sessions that run.
 *
 * Says:    keepalived's defaults, but for the hop limit that is sent over IPv6: 255 as RFC 5881 §5 has it, where
 *          keepalived sends 64. What is accepted is what keepalived accepts, so that its packets are.
 * Units:   nanoseconds.
 * Errors:  a block without a neighbour is left out; the checks have reported it.
 * @module
 */
import { familyOf } from "../addr/ip_address.ts";
import type { BfdSessionConfig } from "../bfd/session_config.ts";
import type { BfdInstance } from "./bfd_model.ts";

/** Defaults as documented in docs/ and in keepalived.conf(5). */
const DEFAULT = {
  intervalNs: 10e6,
  idleTxNs: 1e9,
  multiplier: 5,
  hopLimit: 255,
  /** What keepalived sends over IPv6. */
  hopLimitHeard6: 64,
} as const;

/** The sessions of a configuration, in the order of the file. */
export function resolveBfd(
  instances: readonly BfdInstance[],
): readonly BfdSessionConfig[] {
  return instances.flatMap((one) => {
    const { name, neighborIp: neighbor, hopLimit, hopsMax = 0 } = one;
    if (neighbor === undefined) return [];
    const family = familyOf(neighbor);
    const heard = hopLimit ??
      (family === 4 ? DEFAULT.hopLimit : DEFAULT.hopLimitHeard6);
    return [{
      name,
      family,
      neighbor,
      source: one.sourceIp,
      isMultihop: one.multihop ?? false,
      isPassive: one.passive ?? false,
      minRxNs: one.minRxNs ?? DEFAULT.intervalNs,
      minTxNs: one.minTxNs ?? DEFAULT.intervalNs,
      idleTxNs: one.idleTxNs ?? DEFAULT.idleTxNs,
      multiplier: one.multiplier ?? DEFAULT.multiplier,
      hopLimit: hopLimit ?? DEFAULT.hopLimit,
      hopLimitMin: hopsMax < 0 ? 0 : Math.max(0, heard - hopsMax),
    }];
  });
}
