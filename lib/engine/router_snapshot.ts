/**
 * What one router tells about itself when asked.
 * @module
 */
import { isObserved } from "../route/address_plan.ts";
import type { ObservedLink } from "../route/observed_link.ts";
import { masterDownIntervalNs } from "../vrrp/intervals.ts";
import {
  effectivePriority,
  isRunning,
  stateName,
} from "../vrrp/router_state.ts";
import type { RouterSnapshot } from "./port.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** `linkNamed` tells whether the kernel holds an address now; `startDelayNs` is what is left of a start delay. */
export function snapshotRouter(
  router: RouterRuntime,
  linkNamed: (name: string) => ObservedLink | undefined,
  startDelayNs = 0,
): RouterSnapshot {
  const { config, state } = router;
  const priority = isRunning(state)
    ? effectivePriority(config, state)
    : router.trackedPriority;
  const masterIntervalNs = state.kind === "backup"
    ? state.masterAdvertIntervalNs
    : config.advertIntervalNs;
  return {
    name: config.name,
    vrid: config.vrid,
    interface: config.interface,
    family: config.family,
    version: config.version,
    state: stateName(state),
    reasons: state.kind === "waiting" || state.kind === "fault"
      ? state.reasons.map((reason) =>
        reason.kind === "startDelayed"
          ? { ...reason, remainingNs: startDelayNs }
          : reason
      )
      : [],
    priority: config.priority,
    effectivePriority: priority,
    group: router.group?.config.name,
    source: isRunning(state) ? state.source : undefined,
    master: knownMaster(router),
    advertIntervalNs: config.advertIntervalNs,
    masterDownIntervalNs: masterDownIntervalNs(
      config,
      priority,
      masterIntervalNs,
    ),
    lastTransitionAtNs: router.lastTransitionAtNs,
    addresses: router.addresses.map((address, i) => {
      const link = linkNamed(address.interface);
      return {
        address: address.address,
        prefixLength: address.prefixLength,
        interface: address.interface,
        label: address.label,
        excluded: i >= config.virtualAddresses.length,
        held: link !== undefined && isObserved(link, address),
      };
    }),
    counters: {
      ...router.counters,
      rejected: { ...router.counters.rejected },
      tolerated: { ...router.counters.tolerated },
    },
  };
}

function knownMaster(router: RouterRuntime): RouterSnapshot["master"] {
  const { state } = router;
  if (state.kind === "master") {
    return { address: state.source, priority: state.effectivePriority };
  }
  return state.kind === "backup" ? state.master : undefined;
}
