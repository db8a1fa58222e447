/**
 * The intervals a router computes from its priority.
 *
 * Says:    RFC 9568 §6.1 (v3), RFC 3768 §6.1 (v2: the skew does not depend on the interval).
 * Units:   nanoseconds, never rounded: 1 s / 256 is 3,906,250 ns, and 10 ms / 256 is 39,062.5.
 * @module
 */
import { NS_PER_S } from "../time/duration.ts";
import type { RouterConfig } from "./router_config.ts";

/** Skew time of a priority (1..255); `masterAdvertIntervalNs` counts in v3 only. */
export function skewTimeNs(
  version: 2 | 3,
  priority: number,
  masterAdvertIntervalNs: number,
): number {
  const unit = version === 2 ? NS_PER_S : masterAdvertIntervalNs;
  return ((256 - priority) * unit) / 256;
}

/** How long a backup waits for an advert. An owner reckons with 255 whatever it calls itself. */
export function masterDownIntervalNs(
  config: RouterConfig,
  effectivePriority: number,
  masterAdvertIntervalNs: number,
): number {
  const interval = config.version === 2
    ? config.advertIntervalNs
    : masterAdvertIntervalNs;
  return config.downTimerAdverts * interval +
    routerSkewNs(config, effectivePriority, masterAdvertIntervalNs);
}

/** Lost adverts that keepalived reckons with for `timer_expired_backup`, whatever `down_timer_adverts` says. */
const LOST_ADVERTS = 3;

/** How long after our last advert a router of `timer_expired_backup` has surely taken over; undefined without that. */
export function overtakenAfterNs(config: RouterConfig): number | undefined {
  const { timerExpiredBackup: priority, version, advertIntervalNs } = config;
  if (priority === undefined) return undefined;
  return LOST_ADVERTS * advertIntervalNs +
    skewTimeNs(version, priority, advertIntervalNs);
}

/** The skew time of a router. */
export function routerSkewNs(
  config: RouterConfig,
  effectivePriority: number,
  masterAdvertIntervalNs: number,
): number {
  const priority = config.priority === 255 ? 255 : effectivePriority;
  return skewTimeNs(config.version, priority, masterAdvertIntervalNs);
}
