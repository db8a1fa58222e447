/**
 * The configurations that kernel_state_test.ts runs.
 * @module
 */
import { block, type KernelCase } from "./kernel_state.ts";
import { ADDRESS_CASES } from "./kernel_state_addresses.ts";
import { INSTANCE_CASES } from "./kernel_state_instances.ts";
import { POLICY_CASES } from "./kernel_state_policies.ts";

const VIP = block("virtual_ipaddress", "10.77.1.1/16");

/** Every configuration. */
export const KERNEL_CASES: readonly KernelCase[] = [
  ...ADDRESS_CASES,
  ...POLICY_CASES,
  ...INSTANCE_CASES,
  {
    name: "a host prefix by default",
    lines: [block("virtual_ipaddress", "10.77.1.1")],
    held: "10.77.1.1/32",
  },
  {
    name: "labels, with and without the interface's name",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16 label eth0:1",
      "10.77.1.2/16 dev eth0 label eth0:second",
      "10.77.1.3/32 label vip",
    )],
    held: "10.77.1.3/32",
  },
  {
    name: "scopes by name and number",
    lines: [block(
      "virtual_ipaddress",
      "10.81.1.1/16 scope site",
      "10.82.1.1/16 scope link",
      "10.83.1.1/16 scope host",
      "10.84.1.1/16 scope global",
      "10.85.1.1/16 scope 100",
    )],
    held: "10.85.1.1/16",
  },
  {
    name: "broadcast addresses",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16 brd 10.77.255.255",
      "10.78.1.1/24 brd +",
      "10.79.1.1/24 brd -",
      "10.80.1.1/24",
    )],
    held: "10.80.1.1/24",
  },
  {
    name: "point-to-point addresses",
    lines: [
      block(
        "virtual_ipaddress",
        "10.90.0.1 peer 10.90.0.2",
        "10.91.0.1/24 peer 10.91.0.2",
      ),
    ],
    held: "10.91.0.1/32",
  },
  {
    name: "no prefix route",
    lines: [
      block("virtual_ipaddress", "10.92.0.1/24 noprefixroute", "10.93.0.1/24"),
    ],
    held: "10.93.0.1/24",
  },
  {
    name: "addresses of another interface, tracked and not",
    lines: [
      block(
        "virtual_ipaddress",
        "10.94.0.1/24 dev eth1",
        "10.95.0.1/24 dev eth1 no_track",
      ),
    ],
    held: "10.95.0.1/24",
  },
  {
    name: "an excluded address of either family",
    lines: [
      VIP,
      block(
        "virtual_ipaddress_excluded",
        "10.77.2.1/16",
        "fd77::1/64",
        "fd78::1",
      ),
    ],
    held: "fd78::1/128",
  },
  {
    name: "IPv6 with link-local, prefix and host addresses",
    lines: [
      block(
        "virtual_ipaddress",
        "fe80::77/64",
        "fd77::1/64",
        "fd77::2",
        "fd79::1/48 dev eth1",
      ),
    ],
    held: "fd79::1/48",
  },
  {
    name: "IPv6 addresses without prefix route",
    lines: [block("virtual_ipaddress", "fe80::77", "fd77::1/64 noprefixroute")],
    held: "fd77::1/64",
  },
  {
    name: "VRRPv2 with a password and an owner's priority",
    lines: [
      "state MASTER",
      block("authentication", "auth_type PASS", "auth_pass secret"),
      VIP,
    ],
    held: "10.77.1.1/16",
    isVersion2: true,
  },
  {
    name: "unicast with a source address",
    lines: [
      "unicast_src_ip 10.77.0.1",
      block("unicast_peer", "10.77.0.2"),
      VIP,
    ],
    held: "10.77.1.1/16",
  },
  {
    name: "timers and gratuitous ARP settings",
    globals: [
      "vrrp_garp_master_delay 1",
      "vrrp_garp_master_repeat 2",
      "vrrp_garp_master_refresh 1",
      "vrrp_garp_lower_prio_repeat 1",
    ],
    lines: [
      "garp_master_delay 2",
      "garp_master_repeat 3",
      "garp_lower_prio_delay 1",
      "lower_prio_no_advert true",
      "higher_prio_send_advert true",
      "down_timer_adverts 2",
      "skip_check_adv_addr",
      VIP,
    ],
    held: "10.77.1.1/16",
  },
  {
    name: "a virtual MAC address with vmac_xmit_base",
    lines: ["use_vmac vip51", "vmac_xmit_base", VIP],
    held: "10.77.1.1/16",
  },
  {
    name: "a virtual MAC address of IPv6",
    lines: [
      "use_vmac",
      block("virtual_ipaddress", "fe80::77/64", "fd77::1/64"),
    ],
    held: "fd77::1/64",
  },
  {
    name: "twenty addresses of one subnet",
    lines: [block(
      "virtual_ipaddress",
      ...Array.from({ length: 20 }, (_, i) => `10.77.3.${i + 1}/16`),
    )],
    held: "10.77.3.20/16",
  },
];
