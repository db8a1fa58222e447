/**
 * The closed list of diagnostic codes: what each stands for, whatever its severity in one language or the other.
 *
 * A code is API: it never changes its meaning and is never used again for another. `hakeep explain CODE` and
 * `docs/diagnostics.md` print the paragraphs below. Codes come in hundreds: 00 files and syntax, 01 keywords and
 * values, 02 what the values mean together, 03 this machine, 04 and 05 the keepalived syntax alone
 * (`keepalived_codes.ts`), 06 load balancing (`lvs_codes.ts`).
 * @module
 */
import { KEEPALIVED_CODES } from "./keepalived_codes.ts";
import { LVS_CODES } from "./lvs_codes.ts";

/** What is said about a code. */
export interface CodeEntry {
  /** What is wrong, in a few words: lower case, no full stop. */
  readonly title: string;
  /** A paragraph: what it means, why it matters, what to do. */
  readonly explanation: string;
}

const COMMON_CODES = {
  HK0001: {
    title: "a file cannot be read",
    explanation:
      "The file does not exist, is not a regular file, or its permissions keep hakeep from reading it. Nothing was checked beyond that. The message names the reason the system gave.",
  },
  HK0002: {
    title: "TOML syntax error",
    explanation:
      'The text is not TOML. The caret stands where reading stopped; the mistake is there or shortly before it, often a missing quote, bracket or equals sign. Text values need double quotes: `interface = "eth0"`. The values of a file that is not TOML are not checked for what they mean together; correct the syntax first.',
  },
  HK0003: {
    title: "a key or table is defined twice",
    explanation:
      "TOML allows every key and every `[table]` once. Two instances with one name are the usual reason. Give each `[vrrp_instance.NAME]` a name of its own, and keep the settings of one instance below one headline.",
  },
  HK0004: {
    title: "nothing to run",
    explanation:
      "The configuration has no `vrrp_instance`. The daemon starts and does nothing, as keepalived does with an empty file. Virtual servers are read and checked, but this version does not act on them.",
  },
  HK0101: {
    title: "unknown keyword",
    explanation:
      "No such keyword exists at this place. Keywords are case-sensitive and belong to one block: `virtual_router_id` stands in a `vrrp_instance`, `router_id` in `global_defs`. In TOML this is an error, because a misspelt setting would silently not apply; in keepalived syntax the line has no effect, as in keepalived.",
  },
  HK0102: {
    title: "a keyword that this version does not act on",
    explanation:
      "keepalived knows this keyword, and this version of hakeep reads and checks what it says, but does not do what it asks for. Remove it, or wait for the version that supports it.",
  },
  HK0103: {
    title: "a value of the wrong type",
    explanation:
      "The setting needs another kind of value: a number where a text was given, a list where a table was given, and so on. In TOML texts are quoted, numbers and `true` or `false` are not, lists stand in `[ ]`.",
  },
  HK0104: {
    title: "a number out of range",
    explanation:
      "The value is a number but not one the setting allows. The label names the lowest and the highest. `virtual_router_id` and `priority` are one byte on the wire and go from 1 to 255.",
  },
  HK0105: {
    title: "not an address",
    explanation:
      "The value must be an IPv4 or IPv6 address in its usual text form, where it says so with a prefix length: `10.0.0.100/24`, `2001:db8::1/64`. Host names and zones (`%eth0`) are not accepted: an address must not depend on a name server or on an interface's order.",
  },
  HK0106: {
    title: "not a duration",
    explanation:
      'A duration is a number of seconds (`1`, `0.3`) or a text of a number and a unit: `"300ms"`, `"1s"`, `"2m"`. Units are `us`, `ms`, `s`, `m` and `h`.',
  },
  HK0107: {
    title: "not one of the words allowed",
    explanation:
      "The setting takes one of a few words, written exactly as listed. `state` is `MASTER` or `BACKUP` in capitals.",
  },
  HK0108: {
    title: "a required value is missing",
    explanation:
      "The table stands for one thing, such as a virtual address or a peer, and lacks the setting without which it means nothing, usually `address`.",
  },
  HK0109: {
    title: "a name that is too long or not a name",
    explanation:
      "Linux limits interface names and address labels to 15 bytes, without blanks or slashes. A longer one can never exist, so the setting could never take effect.",
  },
  HK0110: {
    title: "settings that contradict each other",
    explanation:
      "Two settings say opposite things, such as `nopreempt` and `preempt`, or both spellings of one setting were given. Keep one of them.",
  },
  HK0201: {
    title: "virtual_router_id is missing",
    explanation:
      "Every instance needs a `virtual_router_id` from 1 to 255: it is how the routers of one virtual router recognise each other, and there is no default. All routers that share the addresses use the same one; no other virtual router on the same network and address family may use it.",
  },
  HK0202: {
    title: "interface is missing",
    explanation:
      "Every instance needs the `interface` it speaks VRRP on. It may be left out only for a unicast instance with `unicast_src_ip`, and this version needs it there too.",
  },
  HK0203: {
    title: "a virtual_router_id is used twice",
    explanation:
      "Two instances have the same `virtual_router_id` on one interface, in one address family and multicast group, or between the same address and one peer at least (`unicast_peer`). Their adverts could not be told apart, and both would use the same virtual router. With such a file keepalived does not start. Of a keepalived.conf hakeep runs the first of the two, with a warning; TOML it refuses.",
  },
  HK0204: {
    title: "auth_pass is longer than 8 characters",
    explanation:
      "VRRPv2 carries eight bytes of password. Only the first eight count, on all routers alike; the rest is cut off. The password also travels in clear text: it keeps misconfigured routers apart, not attackers.",
  },
  HK0205: {
    title: "authentication has no effect here",
    explanation:
      "VRRPv3 has no authentication (RFC 9568, section 9), and VRRPv2 only carries it over IPv4. keepalived drops it with a message. Remove the `authentication` block, or use `version = 2` on all routers.",
  },
  HK0206: {
    title: "auth_type AH is outdated",
    explanation:
      "IPsec AH was removed from VRRP in 2004 (RFC 3768). hakeep speaks it as keepalived does, with HMAC-MD5 and a key of at most eight bytes, so that a pair can be replaced one router after the other. It keeps out other routers by mistake, not an attacker: whoever is on the network can also answer ARP for the virtual address.",
  },
  HK0207: {
    title: "an authentication block is incomplete",
    explanation:
      "`auth_type` and `auth_pass` belong together. With one of them missing there is no authentication, and peers that have it reject our adverts.",
  },
  HK0208: {
    title: "advert_int is not a whole number of seconds",
    explanation:
      "VRRPv2 sends the advertisement interval as whole seconds from 1 to 255, and a router drops adverts whose interval differs from its own. keepalived rounds to whole seconds, at least one. For shorter intervals use `version = 3` on all routers: it counts in hundredths of a second.",
  },
  HK0209: {
    title: "advert_int does not fit VRRPv3",
    explanation:
      "VRRPv3 sends the advertisement interval as 1 to 4095 hundredths of a second, that is 0.01 to 40.95 seconds in steps of 0.01.",
  },
  HK0210: {
    title: "nopreempt has no effect here",
    explanation:
      "A router that starts as MASTER, or that owns its addresses (priority 255), always takes over, so `nopreempt` means nothing for it and keepalived clears it. For a pair where the one that returns does not take the address back, use `state BACKUP` and `nopreempt` on both.",
  },
  HK0211: {
    title: "preempt_delay has no effect here",
    explanation:
      "`preempt_delay` makes a returning router wait before it takes over. It means nothing with `state MASTER`, and nothing with `nopreempt`, which forbids taking over; keepalived clears it.",
  },
  HK0212: {
    title: "state MASTER without a priority",
    explanation:
      "Without `priority`, `state MASTER` gives priority 255: the address owner, which takes over at once and never yields. That is rarely meant, and two of them never agree. Say which priority you want, such as `priority 150` on one router and `priority 100` on the other.",
  },
  HK0213: {
    title: "no virtual address",
    explanation:
      "The instance has no `virtual_ipaddress`, so being MASTER changes nothing. VRRPv2 carries an empty list and keepalived only warns; VRRPv3 does not allow it (RFC 9568, section 5.2.5) and keepalived refuses.",
  },
  HK0214: {
    title: "an address of the other family",
    explanation:
      "One virtual router speaks either IPv4 or IPv6; its adverts cannot carry both. The first virtual address decides. Put the others into an instance of their own (it may have the same `virtual_router_id`), or into `virtual_ipaddress_excluded`, which takes both and is not advertised.",
  },
  HK0215: {
    title: "an address is listed twice",
    explanation:
      "The same address stands twice in one instance. The second one is dropped, as keepalived does.",
  },
  HK0216: {
    title: "a virtual address in two instances",
    explanation:
      "Two instances hold the same address on the same interface. When one of them leaves MASTER it removes the address although the other still needs it. keepalived does not notice.",
  },
  HK0217: {
    title: "a unicast setting without peers",
    explanation:
      "The instance has settings for unicast but no `unicast_peer`, so its adverts go to the multicast group. keepalived calls that deprecated. Name the peers, or use `mcast_src_ip` for the source address.",
  },
  HK0218: {
    title: "a multicast setting with unicast peers",
    explanation:
      "With `unicast_peer` the adverts go to the peers alone, so the multicast group is not used. keepalived ignores the setting with a message.",
  },
  HK0219: {
    title: "not a multicast group",
    explanation:
      "Adverts go to a multicast group: an IPv4 address from 224.0.0.0 to 239.255.255.255 (224.0.0.18 is VRRP's own), or an IPv6 address of link-local scope (`ff02::12`).",
  },
  HK0220: {
    title: "more virtual addresses than an advert carries",
    explanation:
      "An advert counts its addresses in one byte and must fit one packet: at most 255 IPv4 or, on Ethernet, 89 IPv6 addresses. keepalived moves the rest to the excluded list: they are held but not advertised. Say so yourself with `virtual_ipaddress_excluded`, or split the instance.",
  },
  HK0221: {
    title: "VRRPv2 with IPv6",
    explanation:
      "VRRP for IPv6 exists in version 3 only. keepalived has a VRRPv2 for IPv6 of its own that no standard describes; this version of hakeep does not speak it.",
  },
  HK0222: {
    title: "the first IPv6 virtual address is not link-local",
    explanation:
      "RFC 9568, section 5.2.9, wants the link-local address of the virtual router first in the list. keepalived and hakeep accept any order, other routers may reject the advert.",
  },
  HK0223: {
    title: "an option that does not apply to this address",
    explanation:
      "Labels, scopes and broadcast addresses exist for IPv4 only; home addresses, duplicate address detection, temporary addresses and preferred lifetimes for IPv6 only; and only a multicast address is a group to join. The option has no effect on this address.",
  },
  HK0224: {
    title: "min_ttl is above max_ttl",
    explanation:
      "No advert of this peer could ever be accepted. Exchange the two numbers; 255 and 255 accept direct neighbours only.",
  },
  HK0225: {
    title: "owner_ignore_adverts without priority 255",
    explanation:
      "Only the owner of the addresses (priority 255) may ignore the adverts of others. keepalived clears the setting with a message.",
  },
  HK0226: {
    title: "the loopback interface",
    explanation:
      "VRRP needs a network it shares with other routers. On the loopback interface nobody can hear it. keepalived refuses `interface lo`; addresses may still go there with `dev lo`.",
  },
  HK0227: {
    title: "a router is its own peer",
    explanation:
      "`unicast_peer` lists our own source address. We would hear our own adverts. List the other routers only.",
  },
  HK0228: {
    title: "state MASTER with auth_type AH",
    explanation:
      "With AH a router has to hear its peers' sequence numbers before it may speak, so it starts as BACKUP whatever `state` says. keepalived clears the setting with a message.",
  },
  HK0229: {
    title: "auth_type PASS protects against nobody",
    explanation:
      "The password of VRRPv2 stands in every advert as it is written, and whoever is on the network can read it there. It only keeps apart virtual routers that were given one number by mistake; RFC 3768 removed it for that reason. A different password on one router makes two masters. Keep the routers on a network of their own, or let a firewall accept VRRP from the other routers alone. It is said once for a configuration.",
  },
  HK0230: {
    title: "two FIFOs of one name",
    explanation:
      "`notify_fifo` and `vrrp_notify_fifo` name the same file. It gets every line once, as if `vrrp_notify_fifo` were not there. keepalived does the same. Remove one of them.",
  },
  HK0231: {
    title: "a setting of `use_vmac` or `use_ipvlan` without effect",
    explanation:
      "`vmac_xmit_base`, a name and a hardware address belong to `use_vmac` and mean nothing without it, nor does what belongs to `use_ipvlan`. An instance has one of the two: with both it has `use_vmac`. An address of the instance's own interface and family is on its link anyway, whether it says `use_vmac` or not. With unicast peers adverts leave and arrive by the interface itself, as with `vmac_xmit_base`, whether it is there or not. A name that an earlier instance gave its link is ignored, and so is that of an interface that an instance runs on. keepalived reports most of this and goes on in the same way.",
  },
  HK0232: {
    title: "an ipvlan without an IPv4 address",
    explanation:
      "Adverts over IPv4 are sent from an address of the ipvlan, which has none unless `use_ipvlan` names it. The instance waits until somebody else gives the ipvlan one. keepalived puts such an instance into FAULT, and it stays there.",
  },
  HK0233: {
    title: "vrf does not fit the instance",
    explanation:
      "`vrf` names the VRF device that an instance without `interface` speaks by, which takes unicast peers; `unicast_src_ip` says which address of the VRF its adverts come from. An instance with an interface is in the VRF of that interface.",
  },
  HK0234: {
    title: "a wait before the start",
    explanation:
      "`vrrp_startup_delay` and a `startup_script` that sleeps are often there because keepalived gives up when an interface or its address is not up yet at boot. hakeep waits for both and starts each instance the moment it can, so the delay only makes every start and restart late. Keep it if something else needs the time, such as a switch port that forwards nothing for half a minute.",
  },
  HK0240: {
    title: "a tracked object that is not defined",
    explanation:
      "The entry names a script, file, process or BFD session that no `[vrrp_script.NAME]`, `[track_file.NAME]`, `[vrrp_track_process.NAME]` or `[bfd_instance.NAME]` defines. Define it, or correct the name.",
  },
  HK0241: {
    title: "something is tracked twice",
    explanation:
      "The same interface, script, file, process or BFD session stands twice in one list. Its weight cannot count twice, so the second entry is dropped, as keepalived does.",
  },
  HK0242: {
    title: "a group names an instance that is not there",
    explanation:
      "No `vrrp_instance` has this name, so a sync group cannot keep it in step with the others, and a `track_group` has nobody to follow its interfaces. keepalived leaves the name out with a message.",
  },
  HK0243: {
    title: "an instance in more than one sync group",
    explanation:
      "An instance follows one group at most: two groups could want two states of it. keepalived leaves it out of the later group with a message. Make one group of both, or take the instance out of one of them.",
  },
  HK0244: {
    title: "a sync group with fewer than two members",
    explanation:
      "A group keeps instances in step, and here there is nothing to keep in step with. keepalived removes a group without members and complains about a group of one, which changes nothing but the objects that the group tracks.",
  },
  HK0245: {
    title: "a weight of a sync group's member",
    explanation:
      "Members of a group are MASTER together, so their priorities should move together too. Without `sync_group_tracking_weight` the weights that a member follows objects with by itself do not count, as in keepalived, which complains: a weighted interface, and a file with weight 1, become faults; weighted scripts, and files with other weights, are not tracked at all. Weights of processes count. Track with the group, which then weighs for all members alike, or set `sync_group_tracking_weight`, or use weight 0.",
  },
  HK0246: {
    title: "a weight of an address owner",
    explanation:
      "The owner of the addresses has priority 255, and no weight changes that. Its weighted interfaces and scripts, and files with a weight other than 1, are not tracked; a file with weight 1 becomes a fault. A group with an owner among its members follows everything with weight 0. keepalived does the same and complains. Use a priority below 255, or weight 0.",
  },
  HK0247: {
    title: "an instance's own interface is tracked",
    explanation:
      "An instance is in FAULT while its own interface is down, whatever `track_interface` says, so the line is ignored, as keepalived does with a message. With `dont_track_primary` the own interface may be tracked like any other.",
  },
  HK0248: {
    title: "tracked by an instance and by its group",
    explanation:
      "What a group follows, each of its members follows. The line of the instance is left out, unless it makes a failure FAULT and that of the group does not. What a `track_group` follows is FAULT for its instances, so a weight that an instance gives the same interface is of no account. Keep one of them.",
  },
  HK0249: {
    title: "a weight that cannot change the priority",
    explanation:
      "Priorities stay between 1 and 254. Whatever the other tracked objects do, this instance is at one of these bounds already, so it shows the same priority whether the object is up or down, and no other router can ever take over because of it. A positive weight is added while the object is up: lower `priority` to make room for it, or write the weight as a negative number, which is subtracted while the object is down.",
  },
  HK0250: {
    title: "nobody tracks it",
    explanation:
      "No instance and no group tracks this script or process, so it is not run or watched. keepalived drops such a script at the start. Name it in `track_script` or `track_process`, or remove it.",
  },
  HK0270: {
    title: "two BFD sessions between the same addresses",
    explanation:
      "Packets belong to a session by the two addresses, so there is one session for each pair of them (and one more with `multihop`). Several instances, groups and checkers can follow the same session. keepalived drops the second block.",
  },
  HK0271: {
    title: "a BFD session between two families",
    explanation:
      "`source_ip` and `neighbor_ip` must both be IPv4 or both be IPv6. keepalived drops the block.",
  },
  HK0272: {
    title: "a BFD neighbour with a link-local address",
    explanation:
      "A link-local IPv6 address exists on every interface, and `bfd_instance` has no keyword for an interface, so nothing can be sent. Use a global address of the neighbour.",
  },
  HK0273: {
    title: "a BFD session for checkers alone is tracked",
    explanation:
      "A `bfd_instance` with `checker` and without `vrrp` tells only `BFD_CHECK` of its state. keepalived ignores the line in `track_bfd`. Add `vrrp` to the session, or leave both out.",
  },
  HK0251: {
    title: "a sync group of owners and others",
    explanation:
      "The owner of its addresses (priority 255) never yields, and a group becomes MASTER only when all members can. An owner beside members with other priorities is held back, or holds on, because of them. Give all members priority 255, or none.",
  },
  HK0252: {
    title: "a weight with nopreempt",
    explanation:
      "A router with `nopreempt` does not take over from a master whose priority is lower than its own. When a tracked object fails, its weight lowers the priority of the master, and the other router stays BACKUP if it has `nopreempt` too, as both usually have. Use weight 0, which makes a failure FAULT and the other router MASTER at once, or leave `nopreempt` out.",
  },
  HK0260: {
    title: "a garp_group that limits nothing",
    explanation:
      "A `garp_group` says how far apart announcements leave its interfaces, with `garp_interval` for gratuitous ARP and `gna_interval` for neighbour advertisements. It has neither. keepalived drops the group with a message.",
  },
  HK0261: {
    title: "an interface in more than one garp_group",
    explanation:
      "An interface has one limit for its announcements: that of the first group that names it. keepalived ignores the later one with a message.",
  },
  HK0262: {
    title: "a down delay that is longer than instances may be silent",
    explanation:
      "`interface_up_down_delays` has an instance believe in its interface for a while after it went down. A MASTER that did so for longer than its backups wait would come back beside a new one, so the delay is cut to what `down_timer_adverts` and `advert_int` of the instances on the interface leave: one interval less than `down_timer_adverts` of them, and a little more. keepalived does the same, with a message.",
  },
  HK0280: {
    title: "authentication in strict mode",
    explanation:
      "RFC 3768 removed authentication from VRRP, so with `vrrp_strict` or `strict_mode` adverts are neither signed nor checked. keepalived drops the setting with a message.",
  },
  HK0281: {
    title: "a state that does not fit the priority in strict mode",
    explanation:
      "In strict mode the owner of the addresses (priority 255) starts as MASTER and everybody else as BACKUP, as the RFC has it. keepalived corrects `state` with a message.",
  },
  HK0282: {
    title: "unicast peers in strict mode",
    explanation:
      "The RFC knows multicast adverts only. keepalived 2.4 refuses an instance that is strict and has `unicast_peer` on an interface that can multicast, and then its VRRP does not start; keepalived 2.2.7 of Debian 12 runs it on any interface. hakeep runs it: adverts go to the peers, and everything else is as the RFC has it. Set `strict_mode` off for the instance, or remove the peers. Nothing is said where the interface cannot multicast here and now; `hakeep check --no-host` takes it that every interface can.",
  },
  HK0283: {
    title: "a setting that strict mode fixes",
    explanation:
      "`vrrp_strict` and `strict_mode` hold an instance to the RFC, which leaves no choice here. keepalived uses the RFC's value.",
  },
  HK0290: {
    title: "auth_hmac cannot sign",
    explanation:
      "`active_key` names the key that adverts are signed with, and there is no usable key of that id. keepalived then switches the extension off and sends unsigned adverts, which routers that have keys drop: both become MASTER. hakeep does not run such an instance; a TOML file with one is refused, and so is a reload.",
  },
  HK0291: {
    title: "a key of auth_hmac cannot be used",
    explanation:
      "A key is 32 to 64 bytes: as text, as `hex:` and an even number of digits, or as `file:` and the path of a file with either in it (the end of the line does not count). Each key has an id of its own, 1 to 255, the same on all routers. `openssl rand -hex 32` makes a good one.",
  },
  HK0292: {
    title: "a key file is open to others",
    explanation:
      "Whoever can read the key can sign adverts and take the virtual addresses. The file should belong to root and be readable by root alone (`chmod 0600`). keepalived reports it as a security problem.",
  },
  HK0293: {
    title: "timer_expired_backup has no effect here",
    explanation:
      "It makes a MASTER that was held up (a stopped process, a paused virtual machine) become BACKUP when another router has surely taken over. A router that preempts would take the addresses back anyway, so keepalived clears it without `nopreempt`.",
  },
  HK0301: {
    title: "no such interface on this machine",
    explanation:
      "The interface does not exist here and now. hakeep waits for it, at boot as well as later, and starts the instance when it appears; until then the instance is WAITING. keepalived stops unless `dynamic_interfaces` is set. `hakeep check --no-host` leaves out what depends on this machine.",
  },
  HK0302: {
    title: "a virtual address outside the networks of its interface",
    explanation:
      "The address has no prefix length of its own and is in none of the networks that its interface has here and now. Neighbours without a route to it cannot find it. That is right for addresses that are routed to the virtual router; else correct the address, or write the prefix length of its network, such as `10.0.0.100/24`.",
  },
  HK0303: {
    title: "no such user or group on this machine",
    explanation:
      "A script is to run as, or a FIFO to belong to, a user or group that this machine does not know. The script is not run and the FIFO not made, as in keepalived: whoever else it would run as could do more than was meant. Correct the name, or make the user: `useradd --system --no-create-home NAME`.",
  },
  HK0304: {
    title: "no user to run scripts as",
    explanation:
      "`enable_script_security` is set, no `script_user` is named, and there is no user `keepalived_script`. Scripts that name no user of their own are then not run, as in keepalived. Name a user with `script_user`; `root` is one, if that is what you want.",
  },
  HK0305: {
    title: "an interface that cannot multicast",
    explanation:
      "The interface does not have the flag MULTICAST (`ip link` shows it) here and now, and the instance has no `unicast_peer`: its adverts would reach nobody. The instance is WAITING until the interface can multicast, as with `ip link set DEV multicast on`. keepalived complains, too, and does not run the instance, whatever happens to the interface later. Name peers, or another interface.",
  },
  HK0310: {
    title: "no directory for a tracked file",
    explanation:
      "The directory of a `track_file` does not exist on this machine. keepalived then drops the `track_file` and nobody tracks it. hakeep waits for the directory; until the file is there it counts as 0.",
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

const CODES = { ...COMMON_CODES, ...KEEPALIVED_CODES, ...LVS_CODES };

/** A code of the list, such as `HK0201`. */
export type DiagnosticCode = keyof typeof CODES;

/** All codes in ascending order. */
export function diagnosticCodes(): readonly DiagnosticCode[] {
  return Object.keys(CODES).filter(isDiagnosticCode).sort();
}

/** Whether `text` is a code of the list, exactly as written there. */
export function isDiagnosticCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(CODES, text);
}

/** What is said about `code`. */
export function codeEntry(code: DiagnosticCode): CodeEntry {
  return CODES[code];
}
