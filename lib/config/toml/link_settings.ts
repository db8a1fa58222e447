/**
 * Keys about the host's interfaces and the sockets on them, of `[global_defs]` and of instances.
 * @module
 */
import type { ExtraGarp, InstanceLinks, LinkGlobals } from "../link_model.ts";
import { setting, type Settings } from "./setting.ts";
import { BOOLEAN, duration } from "./value_type.ts";

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

export const GLOBAL_LINK_SETTINGS: Settings<LinkGlobals> = extraGarp(
  "vrrp_garp_extra_if",
  "0",
);

export const INSTANCE_LINK_SETTINGS: Settings<InstanceLinks> = extraGarp(
  "garp_extra_if",
  "`vrrp_garp_extra_if`",
);
