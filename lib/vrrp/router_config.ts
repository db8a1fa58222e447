/**
 * What one virtual router runs by: the machine's whole configuration, plain JSON-able data.
 *
 * Says:    RFC 9568 §5.2 and §6.1 (v3), RFC 3768 §5.3 and §6.1 (v2), keepalived's `vrrp_instance`.
 * Units:   times in nanoseconds (`…Ns`), vrid 1..255, priority 1..255.
 * Checks:  nothing; `lib/config/` made it and vouches for the ranges.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { AdvertHmac } from "./advert_hmac.ts";
import type { TrackerLink } from "./tracking.ts";
import type { Macvlan, OwnLink } from "./virtual_link.ts";
import type { Policy } from "./virtual_route.ts";

export type VrrpVersion = 2 | 3;
export type IpFamily = 4 | 6;

/** A virtual address as the kernel is to hold it. */
export interface VirtualAddress {
  readonly address: IpAddress;
  /** 0..32 or 0..128; keepalived's default is the host prefix. */
  readonly prefixLength: number;
  /** Interface that carries it (`dev`); the instance's own unless given. */
  readonly interface: string;
  /** `label`, at most 15 bytes, IPv4 only. */
  readonly label: string | undefined;
  /** `scope` as rtnetlink counts: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  /** `brd`: a broadcast address, or undefined for none. */
  readonly broadcast: IpAddress | undefined;
  /** `peer`: the far end of a point-to-point address. */
  readonly peer:
    | { readonly address: IpAddress; readonly prefixLength: number }
    | undefined;
  /** `no_track`: its interface being down, and a foreign deletion, mean nothing to the instance. */
  readonly noTrack: boolean;
  /** IFA_F_* bits that it is added with, such as those of `nodad`, `noprefixroute`, `home`. */
  readonly flags: number;
  /** Preferred lifetime in seconds, 0..2^32-1; 0: no source of the host's own connections. undefined: for ever. */
  readonly preferredSeconds: number | undefined;
}

/** One `unicast_peer` line. */
export interface UnicastPeer {
  readonly address: IpAddress;
  /** Accepted TTL or hop limit, 0..255; undefined is no bound. */
  readonly ttlMin: number | undefined;
  readonly ttlMax: number | undefined;
}

export type Authentication =
  | { readonly kind: "none" }
  /** RFC 2338 simple text password, at most 8 bytes count. VRRPv2 over IPv4 only. */
  | { readonly kind: "pass"; readonly password: string }
  /** IPsec AH with the password as its key, at most 8 bytes. VRRPv2 over IPv4 only. */
  | { readonly kind: "ah"; readonly password: string };

/** Gratuitous ARP and unsolicited neighbour advertisement schedule (`garp_*`). */
export interface GratuitousArpConfig {
  /** Second block of announcements this long after becoming MASTER; 0 = none. */
  readonly masterDelayNs: number;
  /** Rounds a block, at least 1. */
  readonly masterRepeat: number;
  /** Period of refreshes while MASTER; 0 = off. */
  readonly masterRefreshNs: number;
  readonly masterRefreshRepeat: number;
  /** Period of `garp_extra_if` while MASTER; 0 = off. */
  readonly extraIntervalNs: number;
  /** Interfaces that it is for: they have addresses, and adverts do not leave by them. Empty when it is off. */
  readonly extraInterfaces: readonly string[];
  /** Second block this long after an advert of lower priority was heard; 0 = none. */
  readonly lowerPriorityDelayNs: number;
  /** Rounds after an advert of lower priority; 0 = send none. */
  readonly lowerPriorityRepeat: number;
}

/** Room for adverts in a receive buffer: `kernel_rx_buf_size`, `vrrp_rx_bufs_policy`. */
export type ReceiveBuffer =
  | { readonly kind: "bytes"; readonly bytes: number }
  /** As many adverts of the router's, or frames of the interface's MTU. */
  | { readonly kind: "adverts" | "frames"; readonly count: number };

/** The configuration of one `vrrp_instance`. */
export interface RouterConfig {
  /** Unique in one configuration; what operators call it. */
  readonly name: string;
  /** 1..255 (`virtual_router_id`). */
  readonly vrid: number;
  readonly family: IpFamily;
  readonly version: VrrpVersion;
  /** Where the host is connected; with `ownLink` the parent of that. */
  readonly interface: string;
  /** `use_vmac`, `use_ipvlan`: the link that the router runs on; undefined: the interface itself. */
  readonly ownLink: OwnLink | undefined;
  /** `use_vmac_addr`: links that only carry addresses. */
  readonly addressLinks: readonly Macvlan[];
  /** Base priority 1..255; 255 is the address owner. */
  readonly priority: number;
  /** `state`: MASTER only makes an owner skip the wait. */
  readonly initialState: "MASTER" | "BACKUP";
  /** v2: whole seconds 1..255 s; v3: 10 ms..40.95 s in steps of 10 ms. */
  readonly advertIntervalNs: number;
  /** Lost adverts until the master counts as down, 1..100 (`down_timer_adverts`). */
  readonly downTimerAdverts: number;
  readonly preempt: boolean;
  /** 0..1000 s (`preempt_delay`). */
  readonly preemptDelayNs: number;
  /**
   * `timer_expired_backup`: a MASTER that was held up until a router of this priority, 1..254, has taken over becomes
   * BACKUP. Only without preemption; undefined is off.
   */
  readonly timerExpiredBackup: number | undefined;
  /** Advertised and installed while MASTER, in configuration order. */
  readonly virtualAddresses: readonly VirtualAddress[];
  /** Installed while MASTER but not advertised (`virtual_ipaddress_excluded`). */
  readonly excludedAddresses: readonly VirtualAddress[];
  /** In the kernel while MASTER, after the addresses: routes, then rules. */
  readonly policies: readonly Policy[];
  /** Configured source (`unicast_src_ip`, `mcast_src_ip`); undefined = the interface's first usable address. */
  readonly sourceAddress: IpAddress | undefined;
  /** The group adverts go to; not used when `unicastPeers` is given. */
  readonly multicastGroup: IpAddress;
  /** undefined = multicast. */
  readonly unicastPeers: readonly UnicastPeer[] | undefined;
  /** `unicast_ttl`, 0..255; we send 255 unless given. */
  readonly unicastTtl: number | undefined;
  /** `unicast_fault_no_peer`, and there is none: the router has nobody to speak to. */
  readonly lacksPeers?: boolean;
  /** Absent: as the kernel has it. */
  readonly receiveBuffer?: ReceiveBuffer;
  readonly checkUnicastSource: boolean;
  readonly authentication: Authentication;
  /** `auth_hmac`: adverts are signed, and those of others have to be. It leaves no place for `authentication`. */
  readonly advertHmac: AdvertHmac | undefined;
  /** `v3_checksum_as_v2`: send IPv4 v3 checksums without the pseudo header (RFC 9568 §5.2.8). */
  readonly v3ChecksumAsV2: boolean;
  /**
   * `old_unicast_checksum`: true sends IPv4 v3 unicast checksums as keepalived up to 1.3.6 did, false (`never`) does not
   * even take them; undefined does as each peer does.
   */
  readonly oldUnicastChecksum: boolean | undefined;
  readonly skipCheckAdvertAddresses: boolean;
  readonly lowerPriorityNoAdvert: boolean;
  readonly higherPrioritySendAdvert: boolean;
  readonly ownerIgnoreAdverts: boolean;
  /** `accept`: packets to the virtual addresses are not dropped. */
  readonly acceptsPackets: boolean;
  /** `dont_track_primary` turns it off: the own interface being down is then no fault. */
  readonly trackPrimary: boolean;
  /** `promote_secondaries`: its interface keeps secondary addresses when their primary one goes. */
  readonly promotesSecondaries: boolean;
  /** `track_interface`, `track_script`, `track_file`, `track_process`, in this order. */
  readonly links: readonly TrackerLink[];
  readonly gratuitousArp: GratuitousArpConfig;
}
