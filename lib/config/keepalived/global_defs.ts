/**
 * `global_defs`: its keywords, and what becomes of them.
 * @module
 */
import { defined } from "../../assert.ts";
import type { GlobalDefs } from "../model.ts";
import {
  NO_LVS_GLOBALS,
  NO_PROCESS_GLOBALS,
  NO_SERVICE_GLOBALS,
} from "../nothing_set.ts";
import { MEANINGLESS_GLOBALS } from "../no_meaning.ts";
import { multicastGroup } from "./addresses.ts";
import {
  anyWords,
  type Argument,
  flag,
  may,
  needs,
  optionalBoolean,
  textUpTo,
  wants,
  wantsEach,
  word,
} from "./argument.ts";
import {
  custom,
  noted,
  type Row,
  setting,
  type Table,
  table,
} from "./block.ts";
import {
  checkIncludeWords,
  dynamicWords,
  interfacePrefix,
  modeMask,
} from "./checked_words.ts";
import { Draft } from "./draft.ts";
import { firstCounts, onlyOnce } from "./repeated.ts";
import { globalNotifyOf, globalNotifyRows } from "./notify_keywords.ts";
import { globalLinkRows, globalLinksOf } from "./link_keywords.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { NameTables } from "./name_tables.ts";
import { interfaceName } from "./names.ts";
import { seconds, whole, wholeSeconds } from "./numbers.ts";
import { processRows } from "./process_keywords.ts";
import { serviceRows } from "./service_globals.ts";

const UINT_MAX = 4_294_967_295;

/** Settings of `global_defs` so far; several blocks are merged. */
export class GlobalDraft extends Draft<GlobalDefs> {
  finish(): GlobalDefs {
    return {
      routerId: this.get("routerId"),
      disableLocalIgmp: this.get("disableLocalIgmp"),
      vmacPrefix: this.get("vmacPrefix"),
      vmacAddressPrefix: this.get("vmacAddressPrefix"),
      vrrpVersion: this.get("vrrpVersion"),
      multicastGroup4: this.get("multicastGroup4"),
      multicastGroup6: this.get("multicastGroup6"),
      skipCheckAdvertAddresses: this.get("skipCheckAdvertAddresses"),
      garpMasterDelayNs: this.get("garpMasterDelayNs"),
      garpMasterRepeat: this.get("garpMasterRepeat"),
      garpMasterRefreshNs: this.get("garpMasterRefreshNs"),
      garpMasterRefreshRepeat: this.get("garpMasterRefreshRepeat"),
      garpLowerPriorityDelayNs: this.get("garpLowerPriorityDelayNs"),
      garpLowerPriorityRepeat: this.get("garpLowerPriorityRepeat"),
      garpIntervalNs: this.get("garpIntervalNs"),
      gnaIntervalNs: this.get("gnaIntervalNs"),
      lowerPriorityNoAdvert: this.get("lowerPriorityNoAdvert"),
      higherPrioritySendAdvert: this.get("higherPrioritySendAdvert"),
      downTimerAdverts: this.get("downTimerAdverts"),
      v3ChecksumAsV2: this.get("v3ChecksumAsV2"),
      startupDelayNs: this.get("startupDelayNs"),
      delayAfterBootNs: this.get("delayAfterBootNs"),
      checkUnicastSource: this.get("checkUnicastSource"),
      strict: this.get("strict"),
      ownerIgnoreAdverts: this.get("ownerIgnoreAdverts"),
      defaultInterface: this.get("defaultInterface"),
      staticAddresses: this.get("staticAddresses") ?? [],
      staticRoutes: this.get("staticRoutes") ?? [],
      staticRules: this.get("staticRules") ?? [],
      vrrpRealtimePriority: this.get("vrrpRealtimePriority"),
      vrrpCpus: this.get("vrrpCpus"),
      ...globalNotifyOf(this),
      ...globalLinksOf(this),
      ...NO_PROCESS_GLOBALS,
      ...NO_SERVICE_GLOBALS,
      ...NO_LVS_GLOBALS,
      ...this.values,
      at: this.at,
    };
  }
}

/** 2 or 3. */
export const vrrpVersion: Argument<2 | 3> = (line, context) => {
  const version = needs(whole(2, 3))(line, context);
  return version === 2 || version === 3 ? version : undefined;
};

/** A number of rounds, at least one. */
export const rounds = needs(whole(1, UINT_MAX, { below: 1 }));

/** How often to refresh; what cannot be used means never. */
export const refreshInterval = needs(
  wholeSeconds(0, UINT_MAX, { otherwise: 0 }),
);

/** A keyword of this name that means nothing in hakeep. */
function meaningless(keyword: string, argument: Argument<unknown>) {
  const why = defined(MEANINGLESS_GLOBALS[keyword], `why ${keyword} is noted`);
  return { [keyword]: noted(why, argument) };
}

function allMeaningless(
  keywords: readonly string[],
  argument: Argument<unknown>,
): Readonly<Record<string, Row<unknown>>> {
  return Object.assign(
    {},
    ...keywords.map((keyword) => meaningless(keyword, argument)),
  );
}

/** A directory of name tables; lines below it use them. */
function nameDirectory(
  use: (names: NameTables, path: string) => void,
): Row<unknown> {
  return {
    status: "active",
    read: (_draft, line, context) => {
      const path = wants(word)(line, context);
      if (path !== undefined) use(context.names, path);
      return undefined;
    },
  };
}

const vrrp: Readonly<Record<string, Row<Draft<GlobalDefs>>>> = {
  vrrp_version: setting("vrrpVersion", vrrpVersion),
  vrrp_mcast_group4: setting("multicastGroup4", needs(multicastGroup(4))),
  vrrp_mcast_group6: setting("multicastGroup6", needs(multicastGroup(6))),
  vrrp_skip_check_adv_addr: setting(
    "skipCheckAdvertAddresses",
    optionalBoolean,
  ),
  vrrp_garp_master_delay: setting(
    "garpMasterDelayNs",
    needs(wholeSeconds(0, 4294)),
  ),
  vrrp_garp_master_repeat: setting("garpMasterRepeat", rounds),
  vrrp_garp_master_refresh: setting("garpMasterRefreshNs", refreshInterval),
  vrrp_garp_master_refresh_repeat: setting("garpMasterRefreshRepeat", rounds),
  vrrp_garp_lower_prio_delay: setting(
    "garpLowerPriorityDelayNs",
    needs(wholeSeconds(0, 4294)),
  ),
  vrrp_garp_lower_prio_repeat: setting(
    "garpLowerPriorityRepeat",
    needs(whole(0, 2_147_483_647)),
  ),
  vrrp_lower_prio_no_advert: setting("lowerPriorityNoAdvert", optionalBoolean),
  vrrp_higher_prio_send_advert: setting(
    "higherPrioritySendAdvert",
    optionalBoolean,
  ),
  vrrp_down_timer_adverts: setting(
    "downTimerAdverts",
    needs(whole(1, 100)),
  ),
  v3_checksum_as_v2: setting("v3ChecksumAsV2", flag),
  vrrp_garp_interval: setting(
    "garpIntervalNs",
    needs(seconds(0.000001, 4294.967295)),
  ),
  vrrp_gna_interval: setting(
    "gnaIntervalNs",
    needs(seconds(0.000001, 4294.967295)),
  ),
  vrrp_min_garp: custom((draft: Draft<GlobalDefs>, line, context) => {
    if (optionalBoolean(line, context) === true) useFewGarps(draft, line);
  }),
  ...globalLinkRows,
  vrrp_check_unicast_src: setting("checkUnicastSource", flag),
  vrrp_strict: setting("strict", optionalBoolean),
  vrrp_owner_ignore_adverts: setting("ownerIgnoreAdverts", optionalBoolean),
  vrrp_startup_delay: setting(
    "startupDelayNs",
    needs(seconds(0.001, 4294.967295)),
  ),
  vrrp_delay_after_boot: setting(
    "delayAfterBootNs",
    needs(seconds(0.001, 4294.967295)),
  ),
  ...allMeaningless(["vrrp_iptables", "vrrp_ipsets"], anyWords),
  ...meaningless("dynamic_interfaces", dynamicWords),
  vmac_prefix: firstCounts(
    "vmacPrefix",
    setting("vmacPrefix", interfacePrefix),
  ),
  vmac_addr_prefix: firstCounts(
    "vmacAddressPrefix",
    setting("vmacAddressPrefix", interfacePrefix),
  ),
  default_interface: setting("defaultInterface", wants(interfaceName)),
  disable_local_igmp: setting("disableLocalIgmp", flag),
};

const monitoring: Readonly<Record<string, Row<unknown>>> = {
  ...allMeaningless(
    ["state_dump_file", "stats_dump_file", "json_dump_file"],
    wants(word),
  ),
  ...meaningless("data_use_instance", optionalBoolean),
  ...meaningless("json_version", wants(whole(1, 2))),
};

const scheduling: Readonly<Record<string, Row<Draft<GlobalDefs>>>> = {
  vrrp_rt_priority: setting("vrrpRealtimePriority", wants(whole(1, 99))),
  vrrp_cpu_affinity: setting("vrrpCpus", wantsEach(whole(0, 4095))),
};

const processes: Readonly<Record<string, Row<unknown>>> = {
  ...meaningless("process_names", flag),
  ...allMeaningless([
    "process_name",
    "vrrp_process_name",
    "checker_process_name",
    "lvs_process_name",
    "bfd_process_name",
  ], needs(textUpTo(15))),
  ...meaningless("max_auto_priority", may(undefined, whole(-1, 99))),
  ...meaningless("min_auto_priority_delay", wants(whole(1, 10_000_000))),
  ...allMeaningless(
    ["vrrp_priority", "checker_priority", "bfd_priority"],
    wants(whole(-20, 19, { otherwise: 0 })),
  ),
  ...meaningless("vrrp_no_swap", flag),
  ...allMeaningless(["checker_no_swap", "bfd_no_swap"], flag),
  ...allMeaningless(
    ["checker_rt_priority", "bfd_rt_priority"],
    wants(whole(1, 99)),
  ),
  ...allMeaningless(
    ["checker_cpu_affinity", "bfd_cpu_affinity"],
    wantsEach(whole(0, 4095)),
  ),
  ...allMeaningless([
    "vrrp_rlimit_rttime",
    "vrrp_rlimit_rtime",
    "checker_rlimit_rttime",
    "checker_rlimit_rtime",
    "bfd_rlimit_rttime",
    "bfd_rlimit_rtime",
  ], needs(whole(1, UINT_MAX))),
  ...allMeaningless([
    "vrrp_netlink_cmd_rcv_bufs",
    "vrrp_netlink_monitor_rcv_bufs",
    "process_monitor_rcv_bufs",
    "lvs_netlink_cmd_rcv_bufs",
    "lvs_netlink_monitor_rcv_bufs",
  ], wants(whole(0, UINT_MAX))),
  ...allMeaningless([
    "vrrp_netlink_cmd_rcv_bufs_force",
    "vrrp_netlink_monitor_rcv_bufs_force",
    "process_monitor_rcv_bufs_force",
    "lvs_netlink_cmd_rcv_bufs_force",
    "lvs_netlink_monitor_rcv_bufs_force",
  ], optionalBoolean),
  ...meaningless("umask", modeMask),
  ...meaningless("random_seed", needs(whole(0, UINT_MAX))),
  iproute_usr_dir: nameDirectory((names, path) =>
    names.setVendorDirectory(path)
  ),
  iproute_etc_dir: nameDirectory((names, path) =>
    names.setLocalDirectory(path)
  ),
};

/** Values that still are what keepalived begins with become the least; later lines may say something else. */
function useFewGarps(draft: Draft<GlobalDefs>, line: LogicalLine) {
  const at = line.wordSpan(0);
  if ((draft.get("garpMasterRepeat") ?? 5) === 5) {
    draft.set("garpMasterRepeat", 1, at);
  }
  if ((draft.get("garpMasterDelayNs") ?? 5e9) === 5e9) {
    draft.set("garpMasterDelayNs", 0, at);
  }
}

const reading: Readonly<Record<string, Row<unknown>>> = {
  ...meaningless("reload_check_config", may(undefined, word)),
  ...meaningless("use_symlink_paths", optionalBoolean),
  include_check: custom((_draft, line, context) =>
    checkIncludeWords(line, context)
  ),
  ...meaningless("config_save_dir", needs(word)),
  tmp_config_directory: onlyOnce(
    noted(MEANINGLESS_GLOBALS.tmp_config_directory ?? "", wants(word)),
  ),
};

/** The keywords of `global_defs`. */
export const globalDefsTable: Table<GlobalDraft> = table<GlobalDraft>({
  router_id: setting("routerId", wants(word)),
  ...vrrp,
  ...globalNotifyRows,
  ...serviceRows,
  ...processRows,
  ...monitoring,
  ...scheduling,
  ...processes,
  ...reading,
});
