/**
 * Load balancing as a configuration says it; a part of the model (model.ts).
 *
 * A value that the file does not set is `undefined` here; `resolve_lvs.ts` applies the defaults. What keepalived calls
 * real servers are IPVS destinations, virtual servers are IPVS services.
 *
 * Units:   `…Ns` nanoseconds; weights are IPVS weights.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import type { IpFamily } from "../vrrp/router_config.ts";
import type { Checkers } from "./checker_model.ts";
import type { Positions } from "./model.ts";
import type { FifoLine, ScriptLine } from "./notify_model.ts";

/** All of a configuration that is about load balancing but the `lvs_…` settings of `global_defs`. */
export interface LvsConfig {
  readonly ssl: SslSettings | undefined;
  readonly groups: readonly VirtualServerGroup[];
  readonly virtualServers: readonly VirtualServer[];
}

/** `SSL`: what SSL_GET shows to servers that ask for a certificate. */
export interface SslSettings {
  /** Of the key. */
  readonly password: string | undefined;
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly at: Positions<keyof SslSettings & string>;
}

/** IPVS schedulers. */
export const SCHEDULERS = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "sh",
  "mh",
  "dh",
  "fo",
  "ovf",
  "lblcr",
  "sed",
  "nq",
  "twos",
] as const;

export type Scheduler = typeof SCHEDULERS[number];

export const LVS_PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;

export type LvsProtocol = typeof LVS_PROTOCOLS[number];

export const FORWARDING_METHODS = ["NAT", "DR", "TUN"] as const;

export const TUNNEL_TYPES = ["ipip", "gue", "gre"] as const;

export const TUNNEL_CHECKSUMS = ["nocsum", "csum", "remcsum"] as const;

/** `lb_kind` and its kin: how packets get to a server. */
export interface ForwardingMethod {
  readonly kind: typeof FORWARDING_METHODS[number];
  /** undefined: plain IP in IP. keepalived reads it behind every method and uses it with TUN. */
  readonly tunnel: Tunnel | undefined;
}

export interface Tunnel {
  readonly type: typeof TUNNEL_TYPES[number];
  /** 1..65535; gue has one and no other has. */
  readonly port: number | undefined;
  /** ipip knows none, gre not `remcsum`; `nocsum` unless given. */
  readonly checksum: typeof TUNNEL_CHECKSUMS[number] | undefined;
}

/** What virtual and real servers can both say; what a real server says counts for it. */
export interface ServerSettings {
  /** 1 or more. */
  readonly retry: number | undefined;
  readonly delayBeforeRetryNs: number | undefined;
  readonly warmupNs: number | undefined;
  readonly connectTimeoutNs: number | undefined;
  readonly delayLoopNs: number | undefined;
  /** 0..2147483647, of a virtual server at least 1. */
  readonly weight: number | undefined;
  readonly method: ForwardingMethod | undefined;
  /** A server that fails gets weight 0 and stays. */
  readonly inhibitOnFailure: boolean | undefined;
  readonly alpha: boolean | undefined;
  readonly smtpAlert: boolean | undefined;
  readonly virtualHost: string | undefined;
  readonly snmpName: string | undefined;
}

/** `virtual_server`: by an address, a firewall mark or a group; one of the three is given. */
export interface VirtualServer extends ServerSettings {
  readonly address: IpAddress | undefined;
  /** 1..65535, beside an address; all ports unless given. */
  readonly port: number | undefined;
  /** `fwmark`. */
  readonly firewallMark: number | undefined;
  /** `group`: name of a `virtual_server_group`. */
  readonly group: string | undefined;
  /** `ip_family`; of a firewall mark. */
  readonly ipFamily: IpFamily | undefined;
  readonly protocol: LvsProtocol | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly flag1: boolean | undefined;
  readonly flag2: boolean | undefined;
  readonly flag3: boolean | undefined;
  readonly shPort: boolean | undefined;
  readonly shFallback: boolean | undefined;
  readonly mhPort: boolean | undefined;
  readonly mhFallback: boolean | undefined;
  /** `ops`: each packet is scheduled by itself; UDP only. */
  readonly onePacket: boolean | undefined;
  /** Whole seconds; undefined: a client may change servers. */
  readonly persistenceTimeoutNs: number | undefined;
  /** An IPv4 netmask, or the length of an IPv6 prefix. */
  readonly persistenceGranularity: IpAddress | number | undefined;
  /** At most 16 bytes. */
  readonly persistenceEngine: string | undefined;
  readonly haSuspend: boolean | undefined;
  /** Scripts for what goes down run when the daemon stops. */
  readonly omega: boolean | undefined;
  /** In weights. */
  readonly quorum: number | undefined;
  /** In weights, below `quorum`. */
  readonly hysteresis: number | undefined;
  readonly quorumUp: ScriptLine | undefined;
  readonly quorumDown: ScriptLine | undefined;
  readonly sorryServer: ServerAddress | undefined;
  readonly sorryServerInhibit: boolean | undefined;
  readonly sorryServerMethod: ForwardingMethod | undefined;
  readonly realServers: readonly RealServer[];
  readonly at: Positions<keyof VirtualServer & string>;
}

/** An address with a port. */
export interface ServerAddress {
  readonly address: IpAddress;
  /** 1..65535; the virtual server's unless given. */
  readonly port: number | undefined;
}

/** `real_server`. */
export interface RealServer extends ServerSettings, Checkers {
  readonly address: IpAddress | undefined;
  /** 1..65535; the virtual server's unless given. */
  readonly port: number | undefined;
  /** Connections above which it gets no new ones; 0 is no limit. */
  readonly upperThreshold: number | undefined;
  /** Connections below which it gets new ones again; 0 is 3/4 of the upper one. */
  readonly lowerThreshold: number | undefined;
  readonly notifyUp: ScriptLine | undefined;
  readonly notifyDown: ScriptLine | undefined;
  readonly at: Positions<keyof RealServer & string>;
}

/** `virtual_server_group NAME`. */
export interface VirtualServerGroup {
  readonly name: string;
  readonly entries: readonly GroupEntry[];
  readonly at: Positions<keyof VirtualServerGroup & string>;
}

/** One line of a group. */
export type GroupEntry = GroupAddresses | GroupMark;

/** Addresses with one port: from the first to the last of them. */
export interface GroupAddresses {
  readonly kind: "addresses";
  readonly first: IpAddress;
  /** Of the first one's family and not below it; the first one itself when it stands alone. */
  readonly last: IpAddress;
  /** 1..65535; all ports unless given. */
  readonly port: number | undefined;
  readonly at: Positions<keyof GroupAddresses & string>;
}

export interface GroupMark {
  readonly kind: "firewallMark";
  readonly firewallMark: number;
  readonly family: IpFamily | undefined;
  readonly at: Positions<keyof GroupMark & string>;
}

/** `global_defs`: what is about load balancing. */
export interface LvsGlobals {
  /** `net_namespace_ipvs`: where IPVS is set up; true: the namespace that the daemon is started in. That of `net_namespace` unless given. */
  readonly netNamespaceIpvs: string | boolean | undefined;
  /** `lvs_timeouts`; the kernel's unless given. */
  readonly lvsTimeouts: LvsTimeouts | undefined;
  readonly lvsFlush: boolean | undefined;
  /** `all`, or only the virtual servers of the configuration. */
  readonly lvsFlushOnStop: "all" | "VS" | undefined;
  readonly lvsSyncDaemon: LvsSyncDaemon | undefined;
  readonly lvsNotifyFifo: FifoLine | undefined;
  readonly lvsNotifyFifoScript: ScriptLine | undefined;
  readonly checkerLogAllFailures: boolean | undefined;
  readonly smtpAlertChecker: boolean | undefined;
  readonly noCheckerEmails: boolean | undefined;
  readonly rsInitNotifies: boolean | undefined;
}

/** Whole seconds, at most 31 days. */
export interface LvsTimeouts {
  readonly tcpNs: number | undefined;
  readonly tcpFinNs: number | undefined;
  readonly udpNs: number | undefined;
}

/** `lvs_sync_daemon`. */
export interface LvsSyncDaemon {
  readonly interface: string;
  /** The `vrrp_instance` whose state decides the direction; both directions unless given. */
  readonly instance: string | undefined;
  /** 0..255; the instance's virtual_router_id unless given. */
  readonly id: number | undefined;
  /** 1..65507 bytes. */
  readonly maxLength: number | undefined;
  readonly port: number | undefined;
  readonly ttl: number | undefined;
  readonly group: IpAddress | undefined;
}
