/**
 * How changes of interfaces are believed, with the defaults.
 * @module
 */
import type { LinkDelay, PolledLink } from "../vrrp/link_watch_config.ts";
import type { Config } from "./model.ts";

/** `interface_up_down_delays`; the last entry of an interface counts. */
export function resolveLinkDelays({ globals }: Config): readonly LinkDelay[] {
  const delays = new Map(
    (globals.interfaceDelays ?? []).map((one) => [one.interface, one]),
  );
  return [...delays.values()].map(({ interface: name, downNs, upNs = 0 }) => ({
    interface: name,
    downNs,
    upNs,
  }));
}

/**
 * Interfaces whose carrier is asked for: those that are listed, those of instances that ask for it, and with
 * `linkbeat_use_polling` those of all instances.
 */
export function resolvePolledLinks(
  { globals, instances }: Config,
): readonly PolledLink[] {
  const polled = new Map<string, PolledLink>();
  for (
    const { interface: name, method = "MII" } of globals.linkbeatInterfaces ??
      []
  ) {
    if (!polled.has(name)) polled.set(name, { interface: name, method });
  }
  for (const { interface: name, linkbeatUsePolling } of instances) {
    const isAsked = linkbeatUsePolling ?? globals.linkbeatUsePolling ?? false;
    if (!isAsked || name === undefined || polled.has(name)) continue;
    polled.set(name, { interface: name, method: "MII" });
  }
  return [...polled.values()];
}
