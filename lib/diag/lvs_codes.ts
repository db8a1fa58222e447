/**
 * Diagnostic codes of load balancing, in both languages: virtual servers, real servers, groups and checkers.
 * @module
 */

export const LVS_CODES = {
  HK0601: {
    title: "a virtual server without an address, a fwmark or a group",
    explanation:
      "A virtual server is told by one of three things: an `address` (with a `port` or for all ports), a `fwmark` that firewall rules put on packets, or the name of a `virtual_server_group`. Give exactly one of them; `port` belongs to an address.",
  },
  HK0602: {
    title: "a virtual server without real servers",
    explanation:
      "There is nobody to send the clients to. keepalived drops such a virtual server, even one with a sorry server. Add a `real_server`.",
  },
  HK0603: {
    title: "a real server is listed twice",
    explanation:
      "IPVS knows a destination by its address and port, so the second one cannot exist beside the first. keepalived removes it with its checkers. To send more clients to a server, raise its `weight`.",
  },
  HK0604: {
    title: "a server of the other address family",
    explanation:
      "With NAT and DR a packet keeps its address family, so real servers and the sorry server must be of the virtual server's; only tunnels (TUN) lead elsewhere. keepalived drops such a server. The two addresses of a checker, `connect_ip` and `bindto`, must be of one family too.",
  },
  HK0605: {
    title: "a port of a server that has no effect",
    explanation:
      "With DR and TUN a packet arrives as the client sent it, so a real server or sorry server cannot have another port than the virtual server, and behind a `fwmark` none at all. keepalived takes the virtual server's port. Leave the port out, or use NAT.",
  },
  HK0606: {
    title: "all ports without persistence",
    explanation:
      "A virtual server without a port takes packets to every port, and IPVS allows that only with persistence, so that the connections of one client go to one server. keepalived switches it on with 360 seconds. Give a port, or `persistence_timeout`.",
  },
  HK0607: {
    title: "a virtual_server_group that does not exist",
    explanation:
      "No `virtual_server_group` has this name, or it was dropped because of mistakes of its own. keepalived drops the virtual server with a line in its log that the configuration test does not count.",
  },
  HK0608: {
    title: "a quorum that cannot be lost or regained",
    explanation:
      "`hysteresis` widens the gap between losing the quorum and regaining it, and must be below `quorum`. With weights of 0 alone there is no quorum to speak of: the service counts as up whatever happens. keepalived takes the nearest values that work.",
  },
  HK0609: {
    title: "a setting that means nothing here",
    explanation:
      "The setting needs another one that is not there: `ops` the protocol UDP, `sh-port` and `sh-fallback` the scheduler sh (`mh-…` mh), `sorry_server_inhibit` a sorry server. Or there is nothing it could act on: `ha_suspend` and `protocol` beside a `fwmark`, `ip_family` beside an address. keepalived ignores it.",
  },
  HK0610: {
    title: "a virtual server that relies on defaults",
    explanation:
      "`protocol`, `lb_algo` and `lb_kind` should be given. keepalived complains and takes UDP, wlc and NAT. In TOML `protocol` must be given, because UDP is hardly ever meant; the other two have these defaults.",
  },
  HK0611: {
    title: "a tunnel that cannot be",
    explanation:
      "A gue tunnel needs a `port` and no other kind has one; an ipip tunnel has no checksum, and a gre tunnel no remote checksum (`remcsum`). keepalived keeps the forwarding method and ignores the words about the tunnel.",
  },
  HK0612: {
    title: "a checker to a link-local address without bind_if",
    explanation:
      "An IPv6 link-local address means nothing without the interface it is on. Name the interface with `bind_if`. keepalived drops the checker, and the real server counts as up without it.",
  },
  HK0613: {
    title: "a checker that always fails",
    explanation:
      "`min_reply_length` is above `max_reply_length`, so no answer can have the right length and the real server never comes up. Without either, 0 to 255 bytes are right.",
  },
  HK0614: {
    title: "a fwmark of no family in a group of both",
    explanation:
      "The group has IPv4 and IPv6 addresses, so a `fwmark` in it must say which family its packets have: `inet` or `inet6`. keepalived drops the group, and with it every virtual server that uses it.",
  },
  HK0615: {
    title: "the same virtual server twice",
    explanation:
      "Two virtual servers have the same address, port and protocol, or the same fwmark. keepalived does not notice: the kernel has one service, which both change, and whatever stops first removes it for the other. Merge them.",
  },
  HK0616: {
    title: "a checker that refers to nothing",
    explanation:
      "FILE_CHECK follows a `track_file` and BFD_CHECK a `bfd_instance` by its name, and there is none of this name, or the `bfd_instance` says `vrrp` alone and is not for checkers.",
  },
  HK0617: {
    title: "a virtual_server_group that nobody uses",
    explanation:
      "No `virtual_server` names this group, so its addresses and marks are not served. Add a virtual server with `group`, or remove the group.",
  },
  HK0618: {
    title: "a sync daemon for an instance that does not exist",
    explanation:
      "`lvs_sync_daemon` follows the state of a `vrrp_instance`, and none of this name is run. keepalived does not start the sync daemon then. Correct the name, or leave the instance out: the daemon then sends and hears all the time.",
  },
} as const;
