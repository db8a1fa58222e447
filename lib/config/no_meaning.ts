/**
 * keepalived's keywords of `global_defs` and of the file's level that mean nothing in hakeep, and what happens instead.
 * @module
 */

const ONE_PROCESS = "hakeep has no separate process of this kind";
const NO_TIME_LIMIT = "hakeep sets no limit on its real-time use";
const NETLINK =
  "hakeep reads the kernel's state again when a netlink buffer overflows";
const PROCESS_NAME = "hakeep is one process; its name is `hakeep`";
const DUMP = "`hakeep dump` prints to its output";
const OWN_TABLE = "hakeep filters with nftables, in a table of its own";
const NO_COPIES = "hakeep keeps no copies";
const RUNTIME_DIR = "hakeep keeps its files in --runtime-dir";

/** In `global_defs`: why, to stand behind the keyword. */
export const MEANINGLESS_GLOBALS: Readonly<Record<string, string>> = {
  process_names: "hakeep is one process",
  process_name: PROCESS_NAME,
  vrrp_process_name: PROCESS_NAME,
  checker_process_name: PROCESS_NAME,
  lvs_process_name: PROCESS_NAME,
  bfd_process_name: PROCESS_NAME,
  vrrp_priority:
    "the VRRP engine is a thread of hakeep; `vrrp_rt_priority` puts it before all others",
  checker_priority: ONE_PROCESS,
  bfd_priority: ONE_PROCESS,
  vrrp_no_swap:
    "V8 cannot have its memory locked; hakeep.service keeps it out of swap with `MemorySwapMax=0`",
  checker_no_swap: ONE_PROCESS,
  bfd_no_swap: ONE_PROCESS,
  checker_rt_priority: ONE_PROCESS,
  bfd_rt_priority: ONE_PROCESS,
  checker_cpu_affinity: ONE_PROCESS,
  bfd_cpu_affinity: ONE_PROCESS,
  max_auto_priority:
    "with intervals below a second, or over 100 adverts a second, the VRRP engine is a real-time thread from the start",
  min_auto_priority_delay:
    "with intervals below a second, or over 100 adverts a second, the VRRP engine is a real-time thread from the start",
  vrrp_rlimit_rttime: NO_TIME_LIMIT,
  vrrp_rlimit_rtime: NO_TIME_LIMIT,
  checker_rlimit_rttime: NO_TIME_LIMIT,
  checker_rlimit_rtime: NO_TIME_LIMIT,
  bfd_rlimit_rttime: NO_TIME_LIMIT,
  bfd_rlimit_rtime: NO_TIME_LIMIT,
  vrrp_netlink_cmd_rcv_bufs: NETLINK,
  vrrp_netlink_cmd_rcv_bufs_force: NETLINK,
  vrrp_netlink_monitor_rcv_bufs: NETLINK,
  vrrp_netlink_monitor_rcv_bufs_force: NETLINK,
  process_monitor_rcv_bufs: NETLINK,
  process_monitor_rcv_bufs_force: NETLINK,
  lvs_netlink_cmd_rcv_bufs: NETLINK,
  lvs_netlink_cmd_rcv_bufs_force: NETLINK,
  lvs_netlink_monitor_rcv_bufs: NETLINK,
  lvs_netlink_monitor_rcv_bufs_force: NETLINK,
  vrrp_iptables: OWN_TABLE,
  vrrp_ipsets: OWN_TABLE,
  data_use_instance: DUMP,
  state_dump_file: DUMP,
  stats_dump_file: DUMP,
  json_dump_file: DUMP,
  json_version: "`hakeep status --json` has a format of its own",
  umask: "hakeep chooses the mode of each file that it makes",
  random_seed: "keepalived does not act on it either",
  dynamic_interfaces:
    "hakeep always waits for interfaces that do not exist yet",
  use_symlink_paths:
    "hakeep runs a script by the path that the configuration names, as keepalived 2.2 does",
  reload_check_config: "hakeep always checks before it reloads",
  config_save_dir: NO_COPIES,
  tmp_config_directory: NO_COPIES,
};

/** In routes. */
export const MEANINGLESS_POLICY_WORDS: Readonly<Record<string, string>> = {
  "ttl-propagate":
    "Linux takes it for routes of MPLS alone, which keepalived does not have",
};

const NUMBERS = "routes and rules of TOML have numbers instead of names";

/** In `[global_defs]` of TOML alone. */
export const MEANINGLESS_IN_TOML: Readonly<Record<string, string>> = {
  iproute_usr_dir: NUMBERS,
  iproute_etc_dir: NUMBERS,
  include_check: "a file of TOML includes no others",
};

/** In `vrrp_instance`. */
export const MEANINGLESS_INSTANCE = {
  track_src_ip: "hakeep always waits for the source address it is told to use",
  debug: "keepalived does not act on it either",
} as const;

/** Outside of blocks. */
export const MEANINGLESS_TOP: Readonly<Record<string, string>> = {
  use_pid_dir: RUNTIME_DIR,
  namespace_with_ipsets: "hakeep uses no ipsets",
  instance: RUNTIME_DIR,
  child_wait_time: "hakeep has no children to wait for",
};
