/**
 * The keys of `[vrrp_instance.NAME]`: keepalived's keywords.
 * @module
 */
import type { AuthenticationBlock, VrrpInstance } from "../model.ts";
import { ADDRESS_ENTRY } from "./address_entry.ts";
import { AUTH_HMAC_TABLE } from "./auth_hmac_settings.ts";
import { MEANINGLESS_INSTANCE } from "../no_meaning.ts";
import { INSTANCE_LINK_SETTINGS } from "./link_settings.ts";
import {
  INSTANCE_NOTIFY_SETTINGS,
  NOTIFY_SETTINGS,
} from "./notify_settings.ts";
import { required, setting, type SettingTable, tableType } from "./setting.ts";
import { ROUTE_ENTRY, RULE_ENTRY } from "./policy_entries.ts";
import { TRACKING_SETTINGS } from "./track_entry.ts";
import { UNICAST_PEER_ENTRY } from "./unicast_peer_entry.ts";
import { VIRTUAL_LINK_SETTINGS } from "./virtual_link_settings.ts";
import {
  ADDRESS,
  BOOLEAN,
  duration,
  group,
  inline,
  type InlineType,
  list,
  NAME,
  NEGATED,
  TEXT,
  VMAC_ADDRESS,
  whole,
  word,
} from "./value_type.ts";
import {
  DOWN_TIMER_ADVERTS,
  GARP_DELAY,
  GARP_LOWER_REPEAT,
  GARP_REFRESH,
  GARP_REPEAT,
  VERSION,
} from "./vrrp_ranges.ts";

const AUTHENTICATION_TABLE: SettingTable<Omit<AuthenticationBlock, "at">> = {
  name: "`authentication`",
  settings: {
    type: setting(
      "auth_type",
      word(["PASS", "AH"]),
      "`PASS` is a password of 8 bytes in clear text; `AH` signs adverts with it",
      "no authentication",
    ),
    password: setting(
      "auth_pass",
      TEXT,
      "the password, the same on all routers; 8 bytes of it count",
    ),
  },
};

const ADDRESSES = list(ADDRESS_ENTRY);

const NEVER = word(["never"]);
/** `true`, or "never". */
const OLD_UNICAST_CHECKSUM: InlineType<true | "never"> = inline(
  { kind: "either", of: [BOOLEAN.shape, NEVER.shape] },
  (node, sink) => {
    if (node.kind === "string") return NEVER.read(node, sink);
    return BOOLEAN.read(node, sink) === true ? true : undefined;
  },
  (value) => value === true ? "true" : NEVER.text(value),
);

export const VRRP_INSTANCE_TABLE: SettingTable<
  Omit<VrrpInstance, "name" | "at">
> = {
  name: "[vrrp_instance.NAME]",
  meaningless: MEANINGLESS_INSTANCE,
  settings: {
    state: setting(
      "state",
      word(["MASTER", "BACKUP"]),
      "the state to begin with; who stays MASTER is decided by `priority`",
      '"MASTER" with priority 255, else "BACKUP"',
    ),
    interface: setting(
      "interface",
      NAME,
      "interface that adverts leave from and arrive on",
    ),
    vrf: setting(
      "vrf",
      NAME,
      "VRF to speak in, in place of `interface`; for instances with `unicast_peer` alone",
      "that of `interface`",
    ),
    virtualRouterId: required(setting(
      "virtual_router_id",
      whole(1, 255),
      "what the routers of one virtual router have in common",
    )),
    useVmac: setting(
      "use_vmac",
      BOOLEAN,
      "hold the virtual addresses on a link of their own, whose hardware address moves with them",
      "false",
    ),
    vmacName: setting(
      "vmac_name",
      NAME,
      "name of that link",
      "`vmac_prefix`, a dot and the vrid",
    ),
    vmacAddress: setting(
      "vmac_addr",
      VMAC_ADDRESS,
      "hardware address of that link: six octets, or five and the vrid is the sixth",
      "00:00:5e:00:01:VRID, with 02 in its place for IPv6",
    ),
    vmacTransmitBase: setting(
      "vmac_xmit_base",
      BOOLEAN,
      "adverts leave and arrive by `interface` itself",
      "true with `unicast_peer`, else false",
    ),
    ...VIRTUAL_LINK_SETTINGS,
    priority: setting(
      "priority",
      whole(1, 255),
      "the highest becomes MASTER; 255 is the owner of the addresses",
      '100, or 255 with `state = "MASTER"`',
    ),
    version: setting(
      "version",
      VERSION,
      "VRRP version",
      "3 for IPv6, else `vrrp_version`",
    ),
    nativeIpv6: setting(
      "native_ipv6",
      BOOLEAN,
      "speak IPv6 whatever the addresses are",
      "the family of the first address",
    ),
    advertIntervalNs: setting(
      "advert_int",
      // What a version can carry of it is checked with the version.
      duration(10e6, 255e9),
      "time between two adverts, the same on all routers: whole seconds with version 2, steps of 0.01 up to 40.95 with version 3",
      "1",
    ),
    downTimerAdverts: setting(
      "down_timer_adverts",
      DOWN_TIMER_ADVERTS,
      "lost adverts until the master counts as down",
      "`vrrp_down_timer_adverts`",
    ),
    preempt: {
      ...setting(
        "preempt",
        BOOLEAN,
        "take over from a master of lower priority",
        "true",
      ),
      other: {
        key: "nopreempt",
        type: NEGATED,
        isFor: (preempt) => !preempt,
      },
    },
    preemptDelayNs: setting(
      "preempt_delay",
      duration(0, 1000e9),
      "wait this long before taking over from a master of lower priority",
      "0",
    ),
    authentication: setting(
      "authentication",
      tableType(AUTHENTICATION_TABLE),
      "authentication of VRRPv2 over IPv4",
      "none",
    ),
    authHmac: setting(
      "auth_hmac",
      tableType(AUTH_HMAC_TABLE),
      "sign adverts with HMAC-SHA256, and take only signed ones",
      "none",
    ),
    unicastSourceIp: setting(
      "unicast_src_ip",
      ADDRESS,
      "source of unicast adverts; hakeep waits until the interface has it",
      "the interface's first address",
    ),
    multicastSourceIp: setting(
      "mcast_src_ip",
      ADDRESS,
      "source of multicast adverts; hakeep waits until the interface has it",
      "the interface's first address",
    ),
    multicastDestinationIp: setting(
      "mcast_dst_ip",
      group(),
      "group that adverts go to",
      "`vrrp_mcast_group4` or `vrrp_mcast_group6`",
    ),
    unicastPeers: setting(
      "unicast_peer",
      list(UNICAST_PEER_ENTRY),
      "the other routers; adverts go to them and not to the multicast group",
      "multicast",
    ),
    unicastTtl: setting(
      "unicast_ttl",
      whole(0, 255),
      "TTL or hop limit of unicast adverts",
      "255",
    ),
    checkUnicastSource: setting(
      "check_unicast_src",
      BOOLEAN,
      "accept adverts from the peers alone",
      "true if a peer has `min_ttl` or `max_ttl`, else false",
    ),
    skipCheckAdvertAddresses: setting(
      "skip_check_adv_addr",
      BOOLEAN,
      "compare the addresses in adverts only when the master changes",
      "`vrrp_skip_check_adv_addr`",
    ),
    lowerPriorityNoAdvert: setting(
      "lower_prio_no_advert",
      BOOLEAN,
      "a MASTER does not answer an advert of lower priority at once",
      "`vrrp_lower_prio_no_advert`",
    ),
    higherPrioritySendAdvert: setting(
      "higher_prio_send_advert",
      BOOLEAN,
      "a MASTER sends one more advert before it yields to a higher priority",
      "`vrrp_higher_prio_send_advert`",
    ),
    strictMode: setting(
      "strict_mode",
      BOOLEAN,
      "hold the instance to the letter of the RFC",
      "`vrrp_strict`",
    ),
    accept: {
      ...setting(
        "accept",
        BOOLEAN,
        "take packets to the virtual addresses; an owner always does",
        "true, in strict mode false",
      ),
      other: {
        key: "no_accept",
        type: NEGATED,
        isFor: (accept) => !accept,
      },
    },
    noVirtualAddresses: setting(
      "no_virtual_ipaddress",
      BOOLEAN,
      "having no virtual address is no mistake",
      "false",
    ),
    ownerIgnoreAdverts: setting(
      "owner_ignore_adverts",
      BOOLEAN,
      "the owner of the addresses (priority 255) ignores adverts",
      "false",
    ),
    dontTrackPrimary: setting(
      "dont_track_primary",
      BOOLEAN,
      "go on although the own interface is down",
      "false",
    ),
    promoteSecondaries: setting(
      "promote_secondaries",
      BOOLEAN,
      "the interface keeps secondary addresses when their primary one goes, as long as the daemon runs",
      "false",
    ),
    v3ChecksumAsV2: setting(
      "v3_checksum_as_v2",
      BOOLEAN,
      "leave the pseudo header out of VRRPv3 checksums over IPv4, as RFC 9568 has it",
      "`v3_checksum_as_v2` of `[global_defs]`",
    ),
    oldUnicastChecksum: setting(
      "old_unicast_checksum",
      OLD_UNICAST_CHECKSUM,
      "make VRRPv3 unicast checksums as keepalived up to 1.3.6 did; `never` does not even accept them",
      "as each peer does",
    ),
    timerExpiredBackup: setting(
      "timer_expired_backup",
      whole(1, 254),
      "with `nopreempt`: become BACKUP when this process was held up for so long that a router of this priority has taken over",
      "off",
    ),
    garpMasterDelayNs: setting(
      "garp_master_delay",
      GARP_DELAY,
      "second block of gratuitous ARP this long after becoming MASTER; 0 is none",
      "`vrrp_garp_master_delay`",
    ),
    garpMasterRepeat: setting(
      "garp_master_repeat",
      GARP_REPEAT,
      "gratuitous ARPs a block",
      "`vrrp_garp_master_repeat`",
    ),
    garpMasterRefreshNs: setting(
      "garp_master_refresh",
      GARP_REFRESH,
      "period of gratuitous ARP while MASTER; 0 is off",
      "`vrrp_garp_master_refresh`",
    ),
    garpMasterRefreshRepeat: setting(
      "garp_master_refresh_repeat",
      GARP_REPEAT,
      "gratuitous ARPs a refresh",
      "`vrrp_garp_master_refresh_repeat`",
    ),
    garpLowerPriorityDelayNs: setting(
      "garp_lower_prio_delay",
      GARP_DELAY,
      "second block this long after an advert of lower priority was heard; 0 is none",
      "`vrrp_garp_lower_prio_delay`",
    ),
    garpLowerPriorityRepeat: setting(
      "garp_lower_prio_repeat",
      GARP_LOWER_REPEAT,
      "gratuitous ARPs after an advert of lower priority; 0 sends none",
      "`vrrp_garp_lower_prio_repeat`",
    ),
    virtualAddresses: {
      ...setting(
        "virtual_ipaddress",
        ADDRESSES,
        "the virtual addresses, all of one family: held while MASTER, and advertised",
      ),
      absent: [],
    },
    excludedAddresses: {
      ...setting(
        "virtual_ipaddress_excluded",
        ADDRESSES,
        "addresses that are held while MASTER but not advertised, of any family",
      ),
      absent: [],
    },
    virtualRoutes: {
      ...setting(
        "virtual_routes",
        list(ROUTE_ENTRY),
        "routes that are there while MASTER",
      ),
      absent: [],
    },
    virtualRules: {
      ...setting(
        "virtual_rules",
        list(RULE_ENTRY),
        "policy rules that are there while MASTER",
      ),
      absent: [],
    },
    ...TRACKING_SETTINGS,
    ...NOTIFY_SETTINGS,
    ...INSTANCE_LINK_SETTINGS,
    ...INSTANCE_NOTIFY_SETTINGS,
  },
};
