/**
 * Keys of `[global_defs]` about mail, SNMP, D-Bus, nftables and load balancing: keepalived's keywords.
 * @module
 */
import type { LvsGlobals, LvsSyncDaemon, LvsTimeouts } from "../lvs_model.ts";
import type {
  EmailEntry,
  ServiceGlobals,
  SmtpServer,
} from "../services_model.ts";
import { FIFO, SCRIPT } from "./script_entry.ts";
import { PORT, readWith } from "./server_values.ts";
import {
  inlineTable,
  readSettings,
  required,
  type Setting,
  setting,
  type Settings,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { reportKind } from "./value_readers.ts";
import { TEXT_OR_TRUE } from "./text_or_true.ts";
import {
  BOOLEAN,
  duration,
  type EntryType,
  group,
  inline,
  type InlineType,
  list,
  NAME,
  TEXT,
  textUpTo,
  whole,
  word,
} from "./value_type.ts";

const UINT_MAX = 4_294_967_295;
const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;

function flag(key: string, about: string): Setting<boolean | undefined> {
  return setting(key, BOOLEAN, about, "false");
}

const EMAIL: EntryType<EmailEntry> = {
  shape: TEXT.shape,
  read: (node, sink) => {
    const address = TEXT.read(node, sink);
    return address === undefined
      ? undefined
      : { address, at: { self: node.span, of: {} } };
  },
  entry: ({ address, at }) => ({ at: at.self, text: TEXT.text(address) }),
};

interface SmtpFields {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

const SMTP_TABLE: SettingTable<SmtpFields> = {
  name: "a mail server",
  settings: {
    host: required(setting("host", TEXT, "its name or address")),
    port: setting("port", PORT, "its port", "25"),
  },
};

/** `"mail.example.net"`, or `{ host = "mail.example.net", port = 587 }`. */
const SMTP_SERVER: InlineType<SmtpServer> = inline(
  {
    kind: "either",
    of: [TEXT.shape, { kind: "table", table: tableShape(SMTP_TABLE) }],
  },
  (node, sink) => {
    if (node.kind === "table") return readWith(SMTP_TABLE, node, "host", sink);
    const host = TEXT.read(node, sink);
    return host === undefined ? undefined : { host, port: undefined };
  },
  (value) =>
    value.port === undefined
      ? TEXT.text(value.host)
      : inlineTable(SMTP_TABLE, value),
);

const TABLE_NAME = textUpTo(30);

/** `true`, or the name of a table. */
const TABLE: InlineType<string | boolean> = inline<string | boolean>(
  { kind: "either", of: [BOOLEAN.shape, TABLE_NAME.shape] },
  (node, sink) =>
    node.kind === "boolean"
      ? BOOLEAN.read(node, sink)
      : TABLE_NAME.read(node, sink),
  (value) =>
    typeof value === "boolean" ? BOOLEAN.text(value) : TABLE_NAME.text(value),
);

const INTERVAL = duration(1e6, 30e9);
const PRIORITY = whole(INT_MIN, INT_MAX);

/** Mail, SNMP, D-Bus and nftables. */
export const SERVICE_SETTINGS: Settings<ServiceGlobals> = {
  notificationEmail: setting(
    "notification_email",
    list(EMAIL),
    "who gets mail",
    "nobody",
  ),
  notificationEmailFrom: setting(
    "notification_email_from",
    TEXT,
    "sender of mail",
    "the user and the host name",
  ),
  smtpServer: setting("smtp_server", SMTP_SERVER, "mail server", "no mail"),
  smtpHeloName: setting(
    "smtp_helo_name",
    TEXT,
    "name to greet it with",
    "the host name",
  ),
  smtpConnectTimeoutNs: setting(
    "smtp_connect_timeout",
    duration(1e9, 4294e9),
    "how long a connection to it may take; whole seconds",
    "30",
  ),
  smtpAlert: setting(
    "smtp_alert",
    BOOLEAN,
    "mail for everything that does not say otherwise",
    "only for real servers",
  ),
  smtpAlertVrrp: setting(
    "smtp_alert_vrrp",
    BOOLEAN,
    "mail for instances and groups that do not say otherwise",
    "`smtp_alert`",
  ),
  noEmailFaults: flag("no_email_faults", "no mail for FAULT"),
  snmpSocket: setting(
    "snmp_socket",
    TEXT,
    "AgentX master",
    '"unix:/var/agentx/master"',
  ),
  enableTraps: flag("enable_traps", "send SNMP traps"),
  enableSnmpVrrp: flag("enable_snmp_vrrp", "keepalived's MIB for VRRP"),
  enableSnmpRfc: flag("enable_snmp_rfc", "both MIBs of the RFCs for VRRP"),
  enableSnmpRfcv2: flag("enable_snmp_rfcv2", "the MIB of RFC 2787"),
  enableSnmpRfcv3: flag("enable_snmp_rfcv3", "the MIB of RFC 6527"),
  enableSnmpChecker: flag(
    "enable_snmp_checker",
    "keepalived's MIB for virtual servers",
  ),
  snmpVsStatsUpdateIntervalNs: setting(
    "snmp_vs_stats_update_interval",
    INTERVAL,
    "how old statistics of virtual servers may be",
    "5",
  ),
  snmpRsStatsUpdateIntervalNs: setting(
    "snmp_rs_stats_update_interval",
    INTERVAL,
    "how old statistics of real servers may be",
    "`snmp_vs_stats_update_interval`",
  ),
  enableDbus: flag("enable_dbus", "offer keepalived's interface on D-Bus"),
  dbusServiceName: setting(
    "dbus_service_name",
    TEXT,
    "name on the bus",
    '"org.keepalived.Vrrp1"',
  ),
  dbusNoInterfaceName: setting(
    "dbus_no_interface_name",
    TEXT,
    "part of the path for instances without an interface",
    '"none"',
  ),
  nftables: setting(
    "nftables",
    TABLE,
    "use nftables for instances, in a table of this name; false: never, so nothing drops packets to virtual addresses, and MLD reports of virtual links leave by themselves",
    "when it is needed",
  ),
  nftablesPriority: setting(
    "nftables_priority",
    PRIORITY,
    "priority of its chains",
    "-1",
  ),
  nftablesIfindex: flag(
    "nftables_ifindex",
    "sets have numbers of interfaces, and not names",
  ),
  nftablesCounters: flag("nftables_counters", "rules count packets"),
  nftablesIpvs: setting(
    "nftables_ipvs",
    TABLE,
    "one virtual server for each group, and nftables rules that mark its packets",
    "one for each address of a group",
  ),
  nftablesIpvsPriority: setting(
    "nftables_ipvs_priority",
    PRIORITY,
    "priority of the chains for that",
    "-1",
  ),
  nftablesIpvsStartFwmark: setting(
    "nftables_ipvs_start_fwmark",
    whole(1, UINT_MAX),
    "first mark for that",
    "1000",
  ),
};

const TIMEOUT = duration(0, 2_678_400e9);

const TIMEOUTS_TABLE: SettingTable<LvsTimeouts> = {
  name: "IPVS timeouts",
  settings: {
    tcpNs: setting("tcp", TIMEOUT, "of connections", "the kernel's"),
    tcpFinNs: setting("tcpfin", TIMEOUT, "after a FIN", "the kernel's"),
    udpNs: setting("udp", TIMEOUT, "of UDP", "the kernel's"),
  },
};

/** `{ tcp = 900, tcpfin = 120, udp = 300 }`. */
const TIMEOUTS: InlineType<LvsTimeouts> = inline(
  { kind: "table", table: tableShape(TIMEOUTS_TABLE) },
  (node, sink) => {
    if (node.kind !== "table") return reportKind(node, "a table", sink);
    const { values } = readSettings(
      TIMEOUTS_TABLE,
      node,
      TIMEOUTS_TABLE.name,
      sink,
    );
    return Object.values(values).some((value) => value !== undefined)
      ? values
      : undefined;
  },
  (value) => inlineTable(TIMEOUTS_TABLE, value),
);

type DaemonFields =
  & { readonly interface: string | undefined }
  & Omit<LvsSyncDaemon, "interface">;

const DAEMON_TABLE: SettingTable<DaemonFields> = {
  name: "an IPVS sync daemon",
  settings: {
    interface: required(
      setting("interface", NAME, "interface to send and hear on"),
    ),
    instance: setting(
      "inst",
      TEXT,
      "`vrrp_instance` whose state says whether to send or to hear",
      "both at once",
    ),
    id: setting("id", whole(0, 255), "number", "the instance's, else 0"),
    maxLength: setting(
      "maxlen",
      whole(1, 65_507),
      "bytes of the longest packet",
      "the kernel's",
    ),
    port: setting("port", PORT, "UDP port", "8848"),
    ttl: setting("ttl", whole(1, 255), "TTL of packets", "1"),
    group: setting("group", group(), "multicast group", '"224.0.0.81"'),
  },
};

/** `"eth0"`, or `{ interface = "eth0", inst = "VI_1", id = 51 }`. */
const SYNC_DAEMON: InlineType<LvsSyncDaemon> = inline(
  {
    kind: "either",
    of: [NAME.shape, { kind: "table", table: tableShape(DAEMON_TABLE) }],
  },
  (node, sink) => {
    if (node.kind === "table") {
      return readWith(DAEMON_TABLE, node, "interface", sink);
    }
    const name = NAME.read(node, sink);
    return name === undefined ? undefined : {
      interface: name,
      instance: undefined,
      id: undefined,
      maxLength: undefined,
      port: undefined,
      ttl: undefined,
      group: undefined,
    };
  },
  (value) => {
    const { interface: name, ...more } = value;
    const isPlain = Object.values(more).every((one) => one === undefined);
    return isPlain ? NAME.text(name) : inlineTable(DAEMON_TABLE, value);
  },
);

const VS_WORD = word(["VS"]);

/** `true` for all, `"VS"` for those of the configuration. */
const FLUSH: InlineType<"all" | "VS"> = inline<"all" | "VS">(
  { kind: "either", of: [BOOLEAN.shape, VS_WORD.shape] },
  (node, sink) => {
    if (node.kind !== "boolean") return VS_WORD.read(node, sink);
    return node.value ? "all" : undefined;
  },
  (value) => value === "all" ? BOOLEAN.text(true) : VS_WORD.text(value),
);

/** Load balancing. */
export const LVS_GLOBAL_SETTINGS: Settings<LvsGlobals> = {
  netNamespaceIpvs: setting(
    "net_namespace_ipvs",
    TEXT_OR_TRUE,
    "network namespace whose IPVS is used, as `ip netns` names it; true: the one that hakeep is started in",
    "that of `net_namespace`",
  ),
  lvsTimeouts: setting(
    "lvs_timeouts",
    TIMEOUTS,
    "how long IPVS remembers; whole seconds",
    "the kernel's",
  ),
  lvsFlush: flag("lvs_flush", "empty the IPVS table at the start"),
  lvsFlushOnStop: setting(
    "lvs_flush_on_stop",
    FLUSH,
    "empty the IPVS table at the end; `VS`: remove the virtual servers with all they have",
    "remove what was added",
  ),
  lvsSyncDaemon: setting(
    "lvs_sync_daemon",
    SYNC_DAEMON,
    "tell the connections of IPVS to another machine",
    "none",
  ),
  lvsNotifyFifo: setting(
    "lvs_notify_fifo",
    FIFO,
    "FIFO that gets a line for every change of a virtual or real server",
  ),
  lvsNotifyFifoScript: setting(
    "lvs_notify_fifo_script",
    SCRIPT,
    "script that reads `lvs_notify_fifo`; the path is its last argument",
  ),
  checkerLogAllFailures: flag(
    "checker_log_all_failures",
    "log every failed check, for checkers that do not say otherwise",
  ),
  smtpAlertChecker: setting(
    "smtp_alert_checker",
    BOOLEAN,
    "mail for virtual and real servers that do not say otherwise",
    "`smtp_alert`",
  ),
  noCheckerEmails: flag(
    "no_checker_emails",
    "mail for a real server as a whole, and not for each checker",
  ),
  rsInitNotifies: flag(
    "rs_init_notifies",
    "scripts and lines also for real servers that are added at the start",
  ),
};
