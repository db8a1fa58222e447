/**
 * The configuration model: what a configuration says, typed and immutable, whichever language it was written in.
 *
 * A value that the file does not set is `undefined` here; `resolve.ts` applies the defaults and makes the plan
 * that the engine runs. So importing can leave defaults out, and two models are equal when their files say the
 * same. Every object knows where it stands: `at.self` is the block's headline, `at.of[key]` one setting's value.
 *
 * Units:   durations in nanoseconds (`…Ns`).
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { BfdInstance } from "./bfd_model.ts";
import type { LvsConfig, LvsGlobals } from "./lvs_model.ts";
import type { GlobalNotify, InstanceNotifyScripts } from "./notify_model.ts";
import type { GarpGroup } from "./garp_model.ts";
import type { InstanceLinks, LinkGlobals } from "./link_model.ts";
import type { AuthHmacBlock } from "./hmac_model.ts";
import type { RouteEntry, RuleEntry } from "./route_model.ts";
import type { ProcessGlobals } from "./process_model.ts";
import type { ServiceGlobals } from "./services_model.ts";
import type { Span } from "../diag/diagnostic.ts";
import type { VirtualLinkSettings } from "./virtual_link_model.ts";
import type { IpFamily, VrrpVersion } from "../vrrp/router_config.ts";
import type {
  SyncGroup,
  TrackFile,
  Tracking,
  TrackProcess,
  VrrpScript,
} from "./tracking_model.ts";

/** Where an object and its settings stand in the source. Left out when models are compared. */
export interface Positions<K extends string> {
  readonly self: Span;
  readonly of: Readonly<Partial<Record<K, Span>>>;
}

export interface Config {
  readonly globals: GlobalDefs;
  readonly log: LogConfig;
  readonly scripts: readonly VrrpScript[];
  readonly files: readonly TrackFile[];
  readonly processes: readonly TrackProcess[];
  readonly bfdInstances: readonly BfdInstance[];
  readonly groups: readonly SyncGroup[];
  readonly garpGroups: readonly GarpGroup[];
  readonly instances: readonly VrrpInstance[];
  readonly lvs: LvsConfig;
}

/** `global_defs`; only what this version understands. */
export interface GlobalDefs
  extends
    GlobalNotify,
    LvsGlobals,
    ProcessGlobals,
    ServiceGlobals,
    LinkGlobals {
  /** `router_id`; the host name unless given. */
  readonly routerId: string | undefined;
  /** `vrrp_version` for IPv4 instances that name none. */
  readonly vrrpVersion: VrrpVersion | undefined;
  /** `vrrp_mcast_group4`, 224.0.0.18 unless given. */
  readonly multicastGroup4: IpAddress | undefined;
  /** `vrrp_mcast_group6`, ff02::12 unless given. */
  readonly multicastGroup6: IpAddress | undefined;
  readonly skipCheckAdvertAddresses: boolean | undefined;
  /** `vmac_prefix`, what the names of `use_vmac` begin with; `vrrp` unless given. */
  readonly vmacPrefix: string | undefined;
  /** `disable_local_igmp`. */
  readonly disableLocalIgmp: boolean | undefined;
  /** `vmac_addr_prefix`, what the names of links that only carry addresses begin with; `vmac_prefix` unless given. */
  readonly vmacAddressPrefix: string | undefined;
  readonly garpMasterDelayNs: number | undefined;
  readonly garpMasterRepeat: number | undefined;
  readonly garpMasterRefreshNs: number | undefined;
  readonly garpMasterRefreshRepeat: number | undefined;
  readonly garpLowerPriorityDelayNs: number | undefined;
  readonly garpLowerPriorityRepeat: number | undefined;
  /** `vrrp_garp_interval`, on each interface. */
  readonly garpIntervalNs: number | undefined;
  /** `vrrp_gna_interval`, on each interface. */
  readonly gnaIntervalNs: number | undefined;
  readonly lowerPriorityNoAdvert: boolean | undefined;
  readonly higherPrioritySendAdvert: boolean | undefined;
  readonly downTimerAdverts: number | undefined;
  readonly v3ChecksumAsV2: boolean | undefined;
  /** `vrrp_startup_delay`, from the daemon's start. */
  readonly startupDelayNs: number | undefined;
  /** `vrrp_delay_after_boot`. */
  readonly delayAfterBootNs: number | undefined;
  /** `vrrp_check_unicast_src`, for instances with peers that do not say it themselves. */
  readonly checkUnicastSource: boolean | undefined;
  /** `vrrp_strict`, for instances that do not say it themselves. */
  readonly strict: boolean | undefined;
  /** `vrrp_owner_ignore_adverts`, for instances that do not say it themselves. */
  readonly ownerIgnoreAdverts: boolean | undefined;
  /** `default_interface`: of static addresses that name none; eth0 unless given. */
  readonly defaultInterface: string | undefined;
  /** `static_ipaddress`: there as long as the daemon runs. */
  readonly staticAddresses: readonly AddressEntry[];
  /** `static_routes` */
  readonly staticRoutes: readonly RouteEntry[];
  /** `static_rules` */
  readonly staticRules: readonly RuleEntry[];
  /** `vrrp_rt_priority`, 1..99. */
  readonly vrrpRealtimePriority: number | undefined;
  /** `vrrp_cpu_affinity`, numbers from 0. */
  readonly vrrpCpus: readonly number[] | undefined;
  readonly at: Positions<keyof GlobalDefs & string>;
}

/** `[log]` in TOML; keepalived has these on its command line. */
export interface LogConfig {
  readonly target: LogTarget | undefined;
  readonly facility: LogFacility | undefined;
  readonly level: LogLevel | undefined;
  readonly at: Positions<keyof LogConfig & string>;
}

export type LogTarget = "journal" | "syslog" | "stderr";
export type LogFacility =
  | "daemon"
  | "user"
  | `local${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;
export type LogLevel = "error" | "warning" | "notice" | "info" | "debug";

/** `vrrp_instance NAME`, in TOML `[vrrp_instance.NAME]`. */
export interface VrrpInstance
  extends Tracking, InstanceNotifyScripts, InstanceLinks, VirtualLinkSettings {
  readonly name: string;
  readonly state: "MASTER" | "BACKUP" | undefined;
  readonly interface: string | undefined;
  /** `vrf`: in place of `interface`, for an instance with unicast peers. */
  readonly vrf: string | undefined;
  readonly virtualRouterId: number | undefined;
  /** `use_vmac`. */
  readonly useVmac: boolean | undefined;
  /** The interface name behind `use_vmac`. */
  readonly vmacName: string | undefined;
  /** The hardware address behind `use_vmac`: six octets, or five and the vrid is the sixth. */
  readonly vmacAddress: string | undefined;
  readonly vmacTransmitBase: boolean | undefined;
  readonly priority: number | undefined;
  readonly version: VrrpVersion | undefined;
  /** `native_ipv6`: the instance speaks IPv6 whatever its addresses. */
  readonly nativeIpv6: boolean | undefined;
  readonly advertIntervalNs: number | undefined;
  readonly downTimerAdverts: number | undefined;
  readonly preempt: boolean | undefined;
  readonly preemptDelayNs: number | undefined;
  readonly authentication: AuthenticationBlock | undefined;
  readonly authHmac: AuthHmacBlock | undefined;
  readonly unicastSourceIp: IpAddress | undefined;
  readonly multicastSourceIp: IpAddress | undefined;
  readonly multicastDestinationIp: IpAddress | undefined;
  readonly unicastPeers: readonly UnicastPeerEntry[] | undefined;
  readonly unicastTtl: number | undefined;
  readonly checkUnicastSource: boolean | undefined;
  readonly skipCheckAdvertAddresses: boolean | undefined;
  readonly lowerPriorityNoAdvert: boolean | undefined;
  readonly higherPrioritySendAdvert: boolean | undefined;
  readonly ownerIgnoreAdverts: boolean | undefined;
  readonly dontTrackPrimary: boolean | undefined;
  readonly promoteSecondaries: boolean | undefined;
  /** `strict_mode`; `vrrp_strict` unless given. */
  readonly strictMode: boolean | undefined;
  /** `accept`, `no_accept`: packets to the virtual addresses are taken. */
  readonly accept: boolean | undefined;
  /** `no_virtual_ipaddress`: having none is no mistake. */
  readonly noVirtualAddresses: boolean | undefined;
  readonly v3ChecksumAsV2: boolean | undefined;
  /** `old_unicast_checksum`; "never" for `old_unicast_checksum never`. */
  readonly oldUnicastChecksum: true | "never" | undefined;
  /** `timer_expired_backup`: the priority of the highest other router, 1..254. */
  readonly timerExpiredBackup: number | undefined;
  readonly garpMasterDelayNs: number | undefined;
  readonly garpMasterRepeat: number | undefined;
  readonly garpMasterRefreshNs: number | undefined;
  readonly garpMasterRefreshRepeat: number | undefined;
  readonly garpLowerPriorityDelayNs: number | undefined;
  readonly garpLowerPriorityRepeat: number | undefined;
  readonly virtualAddresses: readonly AddressEntry[];
  readonly excludedAddresses: readonly AddressEntry[];
  readonly virtualRoutes: readonly RouteEntry[];
  readonly virtualRules: readonly RuleEntry[];
  readonly at: Positions<keyof VrrpInstance & string>;
}

/** `authentication { auth_type …  auth_pass … }`. */
export interface AuthenticationBlock {
  readonly type: "PASS" | "AH" | undefined;
  readonly password: string | undefined;
  readonly at: Positions<keyof AuthenticationBlock & string>;
}

/** One line of `unicast_peer`. */
export interface UnicastPeerEntry {
  readonly address: IpAddress;
  readonly ttlMin: number | undefined;
  readonly ttlMax: number | undefined;
  readonly at: Positions<keyof UnicastPeerEntry & string>;
}

/** One line of `virtual_ipaddress` or `virtual_ipaddress_excluded`. */
export interface AddressEntry {
  readonly address: IpAddress;
  readonly family: IpFamily;
  /** undefined = 32 or 128. */
  readonly prefixLength: number | undefined;
  readonly interface: string | undefined;
  readonly label: string | undefined;
  readonly scope: AddressScope | undefined;
  /** `brd ADDR`, `brd +` (host bits one), `brd -` (host bits zero). */
  readonly broadcast: IpAddress | "+" | "-" | undefined;
  readonly peer:
    | { readonly address: IpAddress; readonly prefixLength: number }
    | undefined;
  readonly noTrack: boolean;
  readonly noPrefixRoute: boolean;
  /** `home`: the home address of a mobile node. */
  readonly home: boolean | undefined;
  /** `-nodad`: duplicate address detection of an IPv6 address is not left out. */
  readonly detectsDuplicates: boolean | undefined;
  /** `mngtmpaddr`: the kernel makes temporary addresses beside it. */
  readonly managesTemporary: boolean | undefined;
  /** `autojoin`: the kernel joins the group that the address is. */
  readonly autojoin: boolean | undefined;
  /** `preferred_lft` in seconds, 2^32-1 is for ever; of an IPv6 host address 0 unless given, else for ever. */
  readonly preferredSeconds: number | undefined;
  /** `use_vmac`: on a link with the virtual MAC address beside its interface. */
  readonly useVmac: boolean;
  readonly at: Positions<keyof AddressEntry & string>;
}

export type AddressScope = "global" | "site" | "link" | "host" | number;
