/**
 * Configurations of addresses with their options, for kernel_state_test.ts.
 * @module
 */
import { block, type KernelCase } from "./kernel_state.ts";

export const ADDRESS_CASES: readonly KernelCase[] = [
  {
    name: "preferred lifetimes of IPv4 addresses",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16 preferred_lft 0",
      "10.77.1.2/16 preferred_lft 100000",
      "10.77.1.3/16 preferred_lft forever",
    )],
    held: "10.77.1.3/16",
  },
  {
    name: "preferred lifetimes of IPv6 addresses",
    lines: [block(
      "virtual_ipaddress",
      "fe80::77/128",
      "fd77::1",
      "fd77::2 preferred_lft forever",
      "fd77::3 preferred_lft 100000",
      "fd77::4/64 preferred_lft 0",
      "fd77::5/64 preferred_lft 100000",
      "fd77::6/64",
    )],
    held: "fd77::6/64",
  },
  {
    name: "IPv6 addresses with a peer",
    lines: [block(
      "virtual_ipaddress",
      "fe80::77/64",
      "fd77::1 peer fd77::2",
      "fd78::1 peer fd78::2 preferred_lft forever",
    )],
    held: "fd78::1/128",
  },
  {
    name: "flags of IPv6 addresses",
    lines: [block(
      "virtual_ipaddress",
      "fe80::77/64",
      "fd77::1/64 home",
      "fd77::2/64 -nodad",
      "fd77::3/64 mngtmpaddr",
      "fd78::4/64 home mngtmpaddr noprefixroute",
    )],
    held: "fd78::4/64",
  },
  {
    name: "addresses that are groups to join",
    lines: [block(
      "virtual_ipaddress",
      "10.77.1.1/16",
      "239.1.1.1 autojoin",
    )],
    held: "239.1.1.1/32",
  },
  {
    name: "options of excluded addresses",
    lines: [
      block("virtual_ipaddress", "10.77.1.1/16"),
      block(
        "virtual_ipaddress_excluded",
        "10.78.1.1/24 brd + label eth0:x scope link",
        "10.79.0.1 peer 10.79.0.2",
        "10.80.0.1/24 noprefixroute preferred_lft 100000",
        "fd77::1/64 home dev eth1",
        "fd77::2/64 -nodad mngtmpaddr no_track",
        "ff05::7 autojoin",
      ),
    ],
    held: "fd77::2/64",
  },
  {
    name: "static addresses with options",
    globals: ["default_interface eth1"],
    top: [block(
      "static_ipaddress",
      "10.98.0.1/24 broadcast 10.98.0.255 label eth1:s scope site",
      "10.99.0.1 peer 10.99.0.2 dev eth0",
      "10.97.0.1/24 noprefixroute preferred_lft 0",
      "fd98::1",
      "fd98::2/64 home dev eth0 no_track",
      "fd98::3/64 -nodad mngtmpaddr",
      "239.1.1.2 autojoin dev eth0",
    )],
    lines: [block("virtual_ipaddress", "10.77.1.1/16")],
    held: "10.77.1.1/16",
  },
  {
    name: "promoted secondaries",
    lines: ["promote_secondaries", block("virtual_ipaddress", "10.77.1.1/16")],
    held: "10.77.1.1/16",
  },
];
