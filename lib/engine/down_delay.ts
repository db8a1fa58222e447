/**
 * How long routers may be silent on an interface that is down before others take over.
 *
 * Says:    keepalived's bound for `interface_up_down_delays`: a master that believes itself alive for longer would come
 *          back beside another one.
 * Units:   nanoseconds.
 * @module
 */
import type { RouterRoster } from "./router_roster.ts";

/** The longest down delay that all routers of an interface allow; Infinity if it has none. */
export function downDelayMaxNs(roster: RouterRoster, name: string): number {
  let maxNs = Infinity;
  for (const { config, state } of roster.on(name)) {
    if (config.interface !== name) continue;
    const intervalNs = state.kind === "backup"
      ? Math.min(config.advertIntervalNs, state.masterAdvertIntervalNs)
      : config.advertIntervalNs;
    const silenceNs = (config.downTimerAdverts - 1) * intervalNs;
    // Without an advert to lose there is no time to wait.
    maxNs = Math.min(maxNs, Math.max(0, silenceNs - intervalNs / 256));
  }
  return maxNs;
}
