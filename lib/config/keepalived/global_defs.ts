/**
 * `global_defs`: its keywords, and what becomes of them.
 * @module
 */
import type { GlobalDefs } from "../model.ts";
import { NO_LVS_GLOBALS, NO_SERVICE_GLOBALS } from "../nothing_set.ts";
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
  wantsScript,
  word,
} from "./argument.ts";
import {
  custom,
  deprecated,
  inactive,
  noted,
  type Row,
  setting,
  type Table,
  table,
} from "./block.ts";
import { Draft } from "./draft.ts";
import { globalNotifyOf, globalNotifyRows } from "./notify_keywords.ts";
import { interfaceName } from "./names.ts";
import { seconds, whole, wholeSeconds } from "./numbers.ts";
import { serviceRows } from "./service_globals.ts";

const UINT_MAX = 4_294_967_295;

/** Settings of `global_defs` so far; several blocks are merged. */
export class GlobalDraft extends Draft<GlobalDefs> {
  finish(): GlobalDefs {
    return {
      routerId: this.get("routerId"),
      vmacPrefix: this.get("vmacPrefix"),
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
      ...globalNotifyOf(this),
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

const processName = noted(
  "hakeep is one process; its name is `hakeep`",
  needs(textUpTo(15)),
);
const oneProcess = "hakeep has no separate process of this kind";
const niceness = noted(oneProcess, wants(whole(-20, 19, { otherwise: 0 })));
const realTimePriority = inactive(wants(whole(1, 99)));
const cpuAffinity = inactive(wantsEach(whole(0, 4095)));
const realTimeLimit = noted(
  "hakeep sets no limit on its real-time use",
  needs(whole(1, UINT_MAX)),
);
const netlinkBuffer = noted(
  "hakeep reads the kernel's state again when a netlink buffer overflows",
  wants(whole(0, UINT_MAX)),
);
const netlinkBufferForce = noted(
  "hakeep reads the kernel's state again when a netlink buffer overflows",
  optionalBoolean,
);
const extraGarp = inactive(readExtraGarp());
const dumpFile = noted("`hakeep dump` prints to its output", wants(word));

/** `[all] SECONDS`. */
function readExtraGarp(): Argument<unknown> {
  return (line, context) => {
    const index = line.word(1) === "all" ? 2 : 1;
    return index < line.count
      ? whole(0, 86_400)(line, index, context)
      : wants(word)(line, context);
  };
}

const notifications: Readonly<Record<string, Row<unknown>>> = {
  startup_script: inactive(wantsScript),
  startup_script_timeout: inactive(wants(whole(1, 1000))),
  shutdown_script: inactive(wantsScript),
  shutdown_script_timeout: inactive(wants(whole(1, 1000))),
  use_symlink_paths: inactive(optionalBoolean),
  set_supplementary_groups: inactive(optionalBoolean),
};

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
  vrrp_min_garp: inactive(optionalBoolean),
  vrrp_garp_extra_if: extraGarp,
  vrrp_vmac_garp_intvl: deprecated("use `vrrp_garp_extra_if`", extraGarp),
  vrrp_check_unicast_src: inactive(flag),
  vrrp_strict: inactive(optionalBoolean),
  vrrp_owner_ignore_adverts: inactive(optionalBoolean),
  vrrp_startup_delay: setting(
    "startupDelayNs",
    needs(seconds(0.001, 4294.967295)),
  ),
  vrrp_delay_after_boot: setting(
    "delayAfterBootNs",
    needs(seconds(0.001, 4294.967295)),
  ),
  vrrp_iptables: inactive(anyWords),
  vrrp_ipsets: inactive(anyWords),
  vmac_prefix: setting("vmacPrefix", needs(word)),
  vmac_addr_prefix: inactive(needs(word)),
  default_interface: inactive(wants(interfaceName)),
  disable_local_igmp: inactive(flag),
  log_unknown_vrids: inactive(flag),
  vrrp_rx_bufs_policy: inactive(wantsEach(word)),
  vrrp_rx_bufs_multiplier: inactive(wants(whole(1, UINT_MAX))),
  dynamic_interfaces: noted(
    "hakeep always waits for interfaces that do not exist yet",
    anyWords,
  ),
};

const monitoring: Readonly<Record<string, Row<unknown>>> = {
  data_use_instance: noted(
    "`hakeep dump` prints to its output",
    optionalBoolean,
  ),
  json_version: inactive(wants(whole(1, 2))),
  state_dump_file: dumpFile,
  stats_dump_file: dumpFile,
  json_dump_file: dumpFile,
};

const processes: Readonly<Record<string, Row<unknown>>> = {
  process_names: noted("hakeep is one process", flag),
  process_name: processName,
  vrrp_process_name: processName,
  checker_process_name: processName,
  lvs_process_name: processName,
  bfd_process_name: processName,
  max_auto_priority: inactive(may(undefined, whole(-1, 99))),
  min_auto_priority_delay: inactive(wants(whole(1, 10_000_000))),
  vrrp_priority: niceness,
  checker_priority: niceness,
  bfd_priority: niceness,
  vrrp_no_swap: inactive(flag),
  checker_no_swap: inactive(flag),
  bfd_no_swap: inactive(flag),
  vrrp_rt_priority: realTimePriority,
  checker_rt_priority: realTimePriority,
  bfd_rt_priority: realTimePriority,
  vrrp_cpu_affinity: cpuAffinity,
  checker_cpu_affinity: cpuAffinity,
  bfd_cpu_affinity: cpuAffinity,
  vrrp_rlimit_rttime: realTimeLimit,
  vrrp_rlimit_rtime: realTimeLimit,
  checker_rlimit_rttime: realTimeLimit,
  checker_rlimit_rtime: realTimeLimit,
  bfd_rlimit_rttime: realTimeLimit,
  bfd_rlimit_rtime: realTimeLimit,
  vrrp_netlink_cmd_rcv_bufs: netlinkBuffer,
  vrrp_netlink_cmd_rcv_bufs_force: netlinkBufferForce,
  vrrp_netlink_monitor_rcv_bufs: netlinkBuffer,
  vrrp_netlink_monitor_rcv_bufs_force: netlinkBufferForce,
  process_monitor_rcv_bufs: netlinkBuffer,
  process_monitor_rcv_bufs_force: netlinkBufferForce,
  lvs_netlink_cmd_rcv_bufs: netlinkBuffer,
  lvs_netlink_cmd_rcv_bufs_force: netlinkBufferForce,
  lvs_netlink_monitor_rcv_bufs: netlinkBuffer,
  lvs_netlink_monitor_rcv_bufs_force: netlinkBufferForce,
  umask: inactive(wantsOrStops()),
  random_seed: noted(
    "keepalived does not act on it either",
    needs(whole(0, UINT_MAX)),
  ),
  iproute_usr_dir: inactive(wants(word)),
  iproute_etc_dir: inactive(wants(word)),
};

/** At least one word, or keepalived stops. */
function wantsOrStops(): Argument<unknown> {
  return (line, context) => line.count < 2 ? needs(word)(line, context) : true;
}

const reading: Readonly<Record<string, Row<unknown>>> = {
  reload_check_config: noted(
    "hakeep always checks before it reloads",
    may(undefined, word),
  ),
  reload_time_file: inactive(wants(word)),
  reload_repeat: inactive(flag),
  reload_file: inactive(may(undefined, word)),
  include_check: custom(() => {}),
  config_save_dir: noted("hakeep keeps no copies", needs(word)),
  tmp_config_directory: noted("hakeep keeps no copies", wants(word)),
};

/** The keywords of `global_defs`. */
export const globalDefsTable: Table<GlobalDraft> = table<GlobalDraft>({
  router_id: setting("routerId", wants(word)),
  ...vrrp,
  ...globalNotifyRows,
  ...serviceRows,
  ...notifications,
  ...monitoring,
  ...processes,
  ...reading,
});
