/**
 * Keys about the host's interfaces and the sockets on them, of `[global_defs]` and of instances.
 * @module
 */
import type { ExtraGarp, InstanceLinks, LinkGlobals } from "../link_model.ts";
import { INTERFACE_DELAY, POLLED_INTERFACE } from "./link_entries.ts";
import { setting, type Settings } from "./setting.ts";
import { BOOLEAN, duration, list } from "./value_type.ts";

const EXTRA_GARP = duration(0, 86_400e9);

function extraGarp(
  keyword: string,
  fallback: string,
): Settings<ExtraGarp> {
  return {
    garpExtraNs: setting(
      keyword,
      EXTRA_GARP,
      "period of gratuitous ARP while MASTER by links that have virtual addresses and send no adverts; 0 is off",
      fallback,
    ),
    garpExtraAll: setting(
      `${keyword}_all`,
      BOOLEAN,
      `\`${keyword}\` is for all such links, not only those of virtual MAC addresses`,
      "false",
    ),
  };
}

export const GLOBAL_LINK_SETTINGS: Settings<LinkGlobals> = {
  ...extraGarp("vrrp_garp_extra_if", "0"),
  linkbeatUsePolling: setting(
    "linkbeat_use_polling",
    BOOLEAN,
    "the interfaces of all instances are asked every second whether they have a carrier, for drivers that do not tell",
    "false",
  ),
  linkbeatInterfaces: setting(
    "linkbeat_interfaces",
    list(POLLED_INTERFACE),
    "interfaces that are asked every second whether they have a carrier",
  ),
  interfaceDelays: setting(
    "interface_up_down_delays",
    list(INTERFACE_DELAY),
    "how long interfaces have to be down or up again before instances act on it",
  ),
};

export const INSTANCE_LINK_SETTINGS: Settings<InstanceLinks> = {
  ...extraGarp("garp_extra_if", "`vrrp_garp_extra_if`"),
  linkbeatUsePolling: setting(
    "linkbeat_use_polling",
    BOOLEAN,
    "the instance's interface is asked every second whether it has a carrier",
    "`linkbeat_use_polling` of `global_defs`",
  ),
};
