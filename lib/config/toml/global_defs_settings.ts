/**
 * The keys of `[global_defs]`: keepalived's keywords.
 * @module
 */
import type { GlobalDefs } from "../model.ts";
import { MEANINGLESS_GLOBALS, MEANINGLESS_IN_TOML } from "../no_meaning.ts";
import { ADDRESS_ENTRY } from "./address_entry.ts";
import { ROUTE_ENTRY, RULE_ENTRY } from "./policy_entries.ts";
import { GLOBAL_LINK_SETTINGS } from "./link_settings.ts";
import { GLOBAL_NOTIFY_SETTINGS } from "./notify_settings.ts";
import { LVS_GLOBAL_SETTINGS, SERVICE_SETTINGS } from "./service_settings.ts";
import { PROCESS_SETTINGS } from "./process_settings.ts";
import { setting, type SettingTable } from "./setting.ts";
import {
  BOOLEAN,
  group,
  inlineList,
  list,
  NAME,
  TEXT,
  whole,
} from "./value_type.ts";
import {
  DOWN_TIMER_ADVERTS,
  GARP_DELAY,
  GARP_INTERVAL,
  GARP_LOWER_REPEAT,
  GARP_REFRESH,
  GARP_REPEAT,
  START_DELAY,
  VERSION,
} from "./vrrp_ranges.ts";

export const GLOBAL_DEFS_TABLE: SettingTable<Omit<GlobalDefs, "at">> = {
  name: "[global_defs]",
  meaningless: { ...MEANINGLESS_GLOBALS, ...MEANINGLESS_IN_TOML },
  settings: {
    routerId: setting(
      "router_id",
      TEXT,
      "what this router is called",
      "the host name",
    ),
    disableLocalIgmp: setting(
      "disable_local_igmp",
      BOOLEAN,
      "the host reports no membership of groups in 224.0.0.0/24 while the daemon runs",
      "true while there is a link of `use_vmac`",
    ),
    vmacAddressPrefix: setting(
      "vmac_addr_prefix",
      NAME,
      "what the names of the links of `use_vmac_addr` begin with",
      "`vmac_prefix`",
    ),
    vmacPrefix: setting(
      "vmac_prefix",
      NAME,
      "what the names of the links of `use_vmac` begin with",
      '"vrrp"',
    ),
    vrrpVersion: setting(
      "vrrp_version",
      VERSION,
      "VRRP version of IPv4 instances that name none; IPv6 is always 3",
      "2",
    ),
    multicastGroup4: setting(
      "vrrp_mcast_group4",
      group(4),
      "group that IPv4 adverts go to",
      '"224.0.0.18"',
    ),
    multicastGroup6: setting(
      "vrrp_mcast_group6",
      group(6),
      "group that IPv6 adverts go to",
      '"ff02::12"',
    ),
    skipCheckAdvertAddresses: setting(
      "vrrp_skip_check_adv_addr",
      BOOLEAN,
      "compare the addresses in adverts only when the master changes",
      "false",
    ),
    garpMasterDelayNs: setting(
      "vrrp_garp_master_delay",
      GARP_DELAY,
      "second block of gratuitous ARP this long after becoming MASTER; 0 is none",
      "5",
    ),
    garpMasterRepeat: setting(
      "vrrp_garp_master_repeat",
      GARP_REPEAT,
      "gratuitous ARPs a block",
      "5",
    ),
    garpMasterRefreshNs: setting(
      "vrrp_garp_master_refresh",
      GARP_REFRESH,
      "period of gratuitous ARP while MASTER; 0 is off",
      "0",
    ),
    garpMasterRefreshRepeat: setting(
      "vrrp_garp_master_refresh_repeat",
      GARP_REPEAT,
      "gratuitous ARPs a refresh",
      "1",
    ),
    garpLowerPriorityDelayNs: setting(
      "vrrp_garp_lower_prio_delay",
      GARP_DELAY,
      "second block this long after an advert of lower priority was heard; 0 is none",
      "`vrrp_garp_master_delay`",
    ),
    garpLowerPriorityRepeat: setting(
      "vrrp_garp_lower_prio_repeat",
      GARP_LOWER_REPEAT,
      "gratuitous ARPs after an advert of lower priority; 0 sends none",
      "`vrrp_garp_master_repeat`",
    ),
    garpIntervalNs: setting(
      "vrrp_garp_interval",
      GARP_INTERVAL,
      "from one gratuitous ARP to the next on an interface",
      "no limit",
    ),
    gnaIntervalNs: setting(
      "vrrp_gna_interval",
      GARP_INTERVAL,
      "from one unsolicited neighbour advertisement to the next on an interface",
      "no limit",
    ),
    lowerPriorityNoAdvert: setting(
      "vrrp_lower_prio_no_advert",
      BOOLEAN,
      "a MASTER does not answer an advert of lower priority at once",
      "false",
    ),
    higherPrioritySendAdvert: setting(
      "vrrp_higher_prio_send_advert",
      BOOLEAN,
      "a MASTER sends one more advert before it yields to a higher priority",
      "false",
    ),
    downTimerAdverts: setting(
      "vrrp_down_timer_adverts",
      DOWN_TIMER_ADVERTS,
      "lost adverts until a master counts as down",
      "3",
    ),
    v3ChecksumAsV2: setting(
      "v3_checksum_as_v2",
      BOOLEAN,
      "leave the pseudo header out of VRRPv3 checksums over IPv4, as RFC 9568 has it",
      "false",
    ),
    startupDelayNs: setting(
      "vrrp_startup_delay",
      START_DELAY,
      "no instance starts before this long after the daemon",
      "none",
    ),
    delayAfterBootNs: setting(
      "vrrp_delay_after_boot",
      START_DELAY,
      "no instance starts before this long after boot",
      "none",
    ),
    checkUnicastSource: setting(
      "vrrp_check_unicast_src",
      BOOLEAN,
      "instances with peers accept adverts from these alone",
      "false",
    ),
    strict: setting(
      "vrrp_strict",
      BOOLEAN,
      "hold instances to the letter of the RFC",
      "false",
    ),
    ownerIgnoreAdverts: setting(
      "vrrp_owner_ignore_adverts",
      BOOLEAN,
      "owners of their addresses (priority 255) ignore adverts",
      "false",
    ),
    defaultInterface: setting(
      "default_interface",
      NAME,
      "interface of static addresses that name none",
      '"eth0"',
    ),
    staticAddresses: {
      ...setting(
        "static_ipaddress",
        list(ADDRESS_ENTRY),
        "addresses that are there as long as hakeep runs",
      ),
      absent: [],
    },
    staticRoutes: {
      ...setting(
        "static_routes",
        list(ROUTE_ENTRY),
        "routes that are there as long as hakeep runs",
      ),
      absent: [],
    },
    staticRules: {
      ...setting(
        "static_rules",
        list(RULE_ENTRY),
        "policy rules that are there as long as hakeep runs",
      ),
      absent: [],
    },
    vrrpRealtimePriority: setting(
      "vrrp_rt_priority",
      whole(1, 99),
      "real-time priority of the VRRP engine",
      "1 with an interval below a second or over 100 adverts a second, else none",
    ),
    vrrpCpus: setting(
      "vrrp_cpu_affinity",
      inlineList(whole(0, 4095)),
      "processors that the VRRP engine runs on, counted from 0",
      "all",
    ),
    ...GLOBAL_LINK_SETTINGS,
    ...GLOBAL_NOTIFY_SETTINGS,
    ...PROCESS_SETTINGS,
    ...SERVICE_SETTINGS,
    ...LVS_GLOBAL_SETTINGS,
  },
};
