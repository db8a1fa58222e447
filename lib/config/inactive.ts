/**
 * What the model has and this version does not act on: said once for each part, in both languages, never silently.
 *
 * A part leaves this file when the daemon learns it.
 * @module
 */
import type { Span } from "../diag/diagnostic.ts";
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { LvsGlobals } from "./lvs_model.ts";
import type { Config } from "./model.ts";
import type { ServiceGlobals } from "./services_model.ts";

/** What mail about VRRP goes by. */
type MailKey =
  | "notificationEmail"
  | "notificationEmailFrom"
  | "smtpServer"
  | "smtpHeloName"
  | "smtpConnectTimeoutNs"
  | "smtpAlert"
  | "smtpAlertVrrp"
  | "noEmailFaults";

/** What accept mode goes by. */
type FilterKey = "nftables" | "nftablesPriority" | "nftablesCounters";

/** Settings of `global_defs`, and the keyword of each. */
const GLOBALS: Readonly<
  Record<
    Exclude<keyof (LvsGlobals & ServiceGlobals), MailKey | FilterKey>,
    string
  >
> = {
  snmpSocket: "snmp_socket",
  enableTraps: "enable_traps",
  enableSnmpVrrp: "enable_snmp_vrrp",
  enableSnmpRfc: "enable_snmp_rfc",
  enableSnmpRfcv2: "enable_snmp_rfcv2",
  enableSnmpRfcv3: "enable_snmp_rfcv3",
  enableSnmpChecker: "enable_snmp_checker",
  snmpVsStatsUpdateIntervalNs: "snmp_vs_stats_update_interval",
  snmpRsStatsUpdateIntervalNs: "snmp_rs_stats_update_interval",
  enableDbus: "enable_dbus",
  dbusServiceName: "dbus_service_name",
  dbusNoInterfaceName: "dbus_no_interface_name",
  nftablesIfindex: "nftables_ifindex",
  nftablesIpvs: "nftables_ipvs",
  nftablesIpvsPriority: "nftables_ipvs_priority",
  nftablesIpvsStartFwmark: "nftables_ipvs_start_fwmark",
  netNamespaceIpvs: "net_namespace_ipvs",
  lvsTimeouts: "lvs_timeouts",
  lvsFlush: "lvs_flush",
  lvsFlushOnStop: "lvs_flush_on_stop",
  lvsSyncDaemon: "lvs_sync_daemon",
  lvsNotifyFifo: "lvs_notify_fifo",
  lvsNotifyFifoScript: "lvs_notify_fifo_script",
  checkerLogAllFailures: "checker_log_all_failures",
  smtpAlertChecker: "smtp_alert_checker",
  noCheckerEmails: "no_checker_emails",
  rsInitNotifies: "rs_init_notifies",
};

/** Warns of each part of `config` that has no effect yet. */
export function tellInactive({ globals, lvs }: Config, sink: DiagnosticSink) {
  const tell = (at: Span, keyword: string) =>
    sink.warning(
      "HK0102",
      at,
      `this version of hakeep does not act on \`${keyword}\` yet`,
      { label: "it is checked, and has no effect" },
    );
  for (const key of keysOf(GLOBALS)) {
    const value = globals[key];
    if (value === undefined || value === false) continue;
    tell(globals.at.of[key] ?? globals.at.self, GLOBALS[key]);
  }
  for (const { at } of lvs.virtualServers) tell(at.self, "virtual_server");
}

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): K[] {
  const keys: K[] = [];
  for (const key in record) keys.push(key);
  return keys;
}
