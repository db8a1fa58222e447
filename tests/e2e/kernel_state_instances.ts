/**
 * Configurations of instances, groups and global settings, for kernel_state_test.ts.
 * @module
 */
import { block, type KernelCase } from "./kernel_state.ts";

const VIP = block("virtual_ipaddress", "10.77.1.1/16");
const HELD = "10.77.1.1/16";

export const INSTANCE_CASES: readonly KernelCase[] = [
  {
    name: "multicast with a source, a group and every setting of announcements",
    globals: [
      "router_id a",
      "vrrp_version 3",
      "vrrp_mcast_group4 224.0.0.18",
      "vrrp_mcast_group6 ff02::12",
      "vrrp_garp_master_refresh_repeat 2",
      "vrrp_garp_lower_prio_delay 1",
      "vrrp_garp_interval 0.001",
      "vrrp_gna_interval 0.001",
      "vrrp_skip_check_adv_addr",
      "vrrp_lower_prio_no_advert true",
      "vrrp_higher_prio_send_advert true",
      "vrrp_check_unicast_src",
      "vrrp_startup_delay 0.1",
    ],
    lines: [
      "state BACKUP",
      "mcast_src_ip 10.77.0.1",
      "mcast_dst_ip 224.0.0.19",
      "nopreempt",
      "dont_track_primary",
      "garp_master_refresh 10",
      "garp_master_refresh_repeat 2",
      "garp_lower_prio_repeat 1",
      VIP,
    ],
    held: HELD,
  },
  {
    name: "unicast with bounds of the TTL",
    lines: [
      "unicast_src_ip 10.77.0.1",
      "unicast_ttl 3",
      "check_unicast_src",
      "preempt_delay 1",
      block("unicast_peer", "10.77.0.2 min_ttl 2 max_ttl 4", "10.77.0.3"),
      VIP,
    ],
    held: HELD,
  },
  {
    name: "IPv6 by native_ipv6, strictly",
    lines: [
      "native_ipv6",
      "strict_mode",
      "accept",
      block("virtual_ipaddress", "fe80::77", "fd77::1/64"),
    ],
    held: "fd77::1/64",
  },
  {
    name: "a sync group of two families",
    top: [
      block("vrrp_sync_group G", block("group", "VI_1", "VI_2")),
      block(
        "vrrp_instance VI_2",
        "interface eth0",
        "virtual_router_id 52",
        "priority 150",
        "version 3",
        "advert_int 0.1",
        block("virtual_ipaddress", "fe80::77/64", "fd77::1/64"),
        block("virtual_routes", "fd01::/64 via fd77::9 table 9"),
      ),
    ],
    lines: [VIP, block("virtual_rules", "from 10.77.1.1 table 9")],
    held: HELD,
  },
];
