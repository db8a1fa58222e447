/**
 * Keys of `[vrrp_instance.NAME]` about links of the instance's own, beside those of `use_vmac` itself.
 * @module
 */
import type { VirtualLinkSettings } from "../virtual_link_model.ts";
import { setting, type SettingTable } from "./setting.ts";
import { BOOLEAN, NAME, PREFIXED, whole, word } from "./value_type.ts";

const GROUP = whole(0, 4_294_967_295);

export const VIRTUAL_LINK_SETTINGS: SettingTable<
  VirtualLinkSettings
>["settings"] = {
  vmacGroup: setting(
    "vmac_group",
    GROUP,
    "group of that link",
    "that of the interface it is made on",
  ),
  useVmacAddress: setting(
    "use_vmac_addr",
    BOOLEAN,
    "addresses on other interfaces, or of the other family, have links with the virtual hardware address too",
    "false",
  ),
  useIpvlan: setting(
    "use_ipvlan",
    BOOLEAN,
    "speak by an ipvlan of the instance's own, with an address of its own; the virtual addresses stay on `interface`",
    "false",
  ),
  ipvlanName: setting(
    "ipvlan_name",
    NAME,
    "name of the ipvlan",
    "`vmac_prefix`, a dot and the vrid",
  ),
  ipvlanAddress: setting(
    "ipvlan_addr",
    PREFIXED,
    "address of the ipvlan, which adverts are sent from; IPv4 needs one",
    "its link-local address over IPv6",
  ),
  ipvlanFlag: setting(
    "ipvlan_type",
    word(["bridge", "private", "vepa"]),
    "whether links on the same interface hear each other: directly, not at all, or by way of the switch",
    '"bridge"',
  ),
  ipvlanGroup: setting(
    "ipvlan_group",
    GROUP,
    "group of the ipvlan",
    "that of the interface it is made on",
  ),
};
