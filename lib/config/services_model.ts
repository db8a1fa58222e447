/**
 * What `global_defs` says about services beside VRRP: mail, SNMP, D-Bus and nftables; a part of the model (model.ts).
 *
 * Units:   `…Ns` nanoseconds.
 * @module
 */
import type { Positions } from "./model.ts";

/** Settings of `global_defs`. */
export interface ServiceGlobals {
  /** Who gets mail. */
  readonly notificationEmail: readonly EmailEntry[] | undefined;
  /** USER@HOST unless given. */
  readonly notificationEmailFrom: string | undefined;
  readonly smtpServer: SmtpServer | undefined;
  /** The host name unless given. */
  readonly smtpHeloName: string | undefined;
  /** Whole seconds; 30 s unless given. */
  readonly smtpConnectTimeoutNs: number | undefined;
  readonly smtpAlert: boolean | undefined;
  /** `smtp_alert` unless given. */
  readonly smtpAlertVrrp: boolean | undefined;
  readonly noEmailFaults: boolean | undefined;
  /** AgentX's master; `unix:/var/agentx/master` unless given. */
  readonly snmpSocket: string | undefined;
  readonly enableTraps: boolean | undefined;
  readonly enableSnmpVrrp: boolean | undefined;
  readonly enableSnmpRfc: boolean | undefined;
  readonly enableSnmpRfcv2: boolean | undefined;
  readonly enableSnmpRfcv3: boolean | undefined;
  readonly enableSnmpChecker: boolean | undefined;
  /** 5 s unless given. */
  readonly snmpVsStatsUpdateIntervalNs: number | undefined;
  /** `snmp_vs_stats_update_interval` unless given. */
  readonly snmpRsStatsUpdateIntervalNs: number | undefined;
  readonly enableDbus: boolean | undefined;
  readonly dbusServiceName: string | undefined;
  readonly dbusNoInterfaceName: string | undefined;
  /** A table's name, or true for the usual one. */
  readonly nftables: string | boolean | undefined;
  readonly nftablesPriority: number | undefined;
  readonly nftablesIfindex: boolean | undefined;
  readonly nftablesCounters: boolean | undefined;
  /** A table's name, or true for the usual one. */
  readonly nftablesIpvs: string | boolean | undefined;
  readonly nftablesIpvsPriority: number | undefined;
  readonly nftablesIpvsStartFwmark: number | undefined;
}

/** One word of `notification_email`. */
export interface EmailEntry {
  readonly address: string;
  readonly at: Positions<"address">;
}

/** `smtp_server HOST [PORT]`. */
export interface SmtpServer {
  /** A name or an address. */
  readonly host: string;
  /** 25 unless given. */
  readonly port: number | undefined;
}
