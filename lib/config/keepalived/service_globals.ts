/**
 * `global_defs`: mail, SNMP, D-Bus, nftables, and what is about load balancing.
 * @module
 */
import type { LvsGlobals, LvsSyncDaemon, LvsTimeouts } from "../lvs_model.ts";
import type { EmailEntry, ServiceGlobals } from "../services_model.ts";
import { anyMulticastGroup } from "./addresses.ts";
import {
  type Argument,
  flag,
  may,
  missing,
  needs,
  oneOf,
  optionalBoolean,
  stop,
  textUpTo,
  wants,
  wantsScript,
  word,
} from "./argument.ts";
import {
  adviseExtraWords,
  custom,
  EntryBlock,
  modelled,
  type Row,
  setting,
  valueSpan,
} from "./block.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import { fifoLine, first, script } from "./notify_keywords.ts";
import { seconds, whole, wholeSeconds } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";
import { firstCounts } from "./repeated.ts";
import { laterInterface, onlyWord } from "./server_words.ts";

const UINT_MAX = 4_294_967_295;
const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;
const NS_PER_SECOND = 1e9;
const TABLE_BYTES_MAX = 30;

type ServiceDraft = Draft<ServiceGlobals & { readonly at: unknown }>;
type LvsGlobalDraft = Draft<LvsGlobals & { readonly at: unknown }>;

const interval = needs(seconds(0.001, 30));

const mail: Readonly<Record<string, Row<ServiceDraft>>> = {
  notification_email: {
    status: "active",
    read: (draft, line, context) => {
      adviseExtraWords(line, 1, context);
      draft.mark("notificationEmail", line.wordSpan(0));
      return new EntryBlock(
        line,
        (entry) => addEmails(draft, entry),
        "nobody gets mail",
      );
    },
  },
  notification_email_from: setting("notificationEmailFrom", wants(word)),
  smtp_server: custom(readSmtpServer),
  smtp_helo_name: setting("smtpHeloName", may(undefined, word)),
  smtp_connect_timeout: setting(
    "smtpConnectTimeoutNs",
    (line, context) => {
      const found = needs(whole(1, 4294, { below: 1 }))(line, context);
      return found === undefined ? undefined : found * NS_PER_SECOND;
    },
  ),
  smtp_alert: setting("smtpAlert", optionalBoolean),
  smtp_alert_vrrp: setting("smtpAlertVrrp", optionalBoolean),
  no_email_faults: setting("noEmailFaults", flag),
};

function addEmails(draft: ServiceDraft, line: LogicalLine) {
  const found: EmailEntry[] = [...draft.get("notificationEmail") ?? []];
  for (let index = 0; index < line.count; index++) {
    const at = { self: line.wordSpan(index), of: {} };
    found.push({ address: line.word(index), at });
  }
  const place = draft.spanOf("notificationEmail") ?? line.span();
  draft.set("notificationEmail", found, place);
}

function readSmtpServer(
  draft: ServiceDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    needs(word)(line, context);
    return;
  }
  const host = line.word(1);
  if (line.count < 3) {
    draft.set("smtpServer", { host, port: undefined }, line.wordSpan(1));
    return;
  }
  const port = whole(1, 65_535)(line, 2, context);
  if (port === undefined) draft.clear("smtpServer");
  else draft.set("smtpServer", { host, port }, line.wordsSpan(1, 2));
}

const snmpVrrp: Row<ServiceDraft> = setting("enableSnmpVrrp", flag);

const monitoring: Readonly<Record<string, Row<ServiceDraft>>> = {
  snmp_socket: firstCounts("snmpSocket", setting("snmpSocket", onlyWord)),
  enable_traps: setting("enableTraps", flag),
  enable_snmp_vrrp: snmpVrrp,
  enable_snmp_keepalived: { ...snmpVrrp, tomlKey: "enable_snmp_vrrp" },
  enable_snmp_rfc: setting("enableSnmpRfc", flag),
  enable_snmp_rfcv2: setting("enableSnmpRfcv2", flag),
  enable_snmp_rfcv3: setting("enableSnmpRfcv3", flag),
  enable_snmp_checker: setting("enableSnmpChecker", flag),
  snmp_vs_stats_update_interval: setting(
    "snmpVsStatsUpdateIntervalNs",
    interval,
  ),
  snmp_rs_stats_update_interval: setting(
    "snmpRsStatsUpdateIntervalNs",
    interval,
  ),
  enable_dbus: setting("enableDbus", flag),
  dbus_service_name: setting("dbusServiceName", wants(word)),
  dbus_no_interface_name: setting("dbusNoInterfaceName", wants(word)),
};

/** The name of a table; alone the keyword means the usual one. */
const tableName: Argument<string | boolean> = may<string | boolean>(
  true,
  textUpTo(TABLE_BYTES_MAX),
);

const nftables: Readonly<Record<string, Row<ServiceDraft>>> = {
  // What stood above it is as if it had not been said.
  nftables: firstCounts(
    "nftables",
    custom((draft, line, context) => {
      const found = tableName(line, context);
      if (found === undefined) return;
      draft.set("nftables", found, valueSpan(line));
      draft.clear("nftablesPriority");
    }),
  ),
  nftables_priority: setting(
    "nftablesPriority",
    needs(whole(INT_MIN, INT_MAX)),
  ),
  nftables_ifindex: setting("nftablesIfindex", flag),
  nftables_counters: setting("nftablesCounters", flag),
  nftables_ipvs: firstCounts(
    "nftablesIpvs",
    custom((draft, line, context) => {
      const found = tableName(line, context);
      if (found === undefined) return;
      draft.set("nftablesIpvs", found, valueSpan(line));
      draft.clear("nftablesIpvsPriority");
      draft.clear("nftablesIpvsStartFwmark");
    }),
  ),
  nftables_ipvs_priority: setting(
    "nftablesIpvsPriority",
    needs(whole(INT_MIN, INT_MAX)),
  ),
  nftables_ipvs_start_fwmark: setting(
    "nftablesIpvsStartFwmark",
    needs(whole(1, UINT_MAX)),
  ),
};

const flushOnStop: Row<LvsGlobalDraft> = custom((draft, line, context) => {
  if (line.count < 2) {
    draft.set("lvsFlushOnStop", "all", line.wordSpan(0));
    return;
  }
  const found = oneOf(["VS"])(line, 1, context);
  if (found !== undefined) draft.set("lvsFlushOnStop", found, line.wordSpan(1));
});

const ipvs: Readonly<Record<string, Row<LvsGlobalDraft>>> = {
  lvs_timeouts: custom(readTimeouts),
  lvs_flush: setting("lvsFlush", flag),
  lvs_flush_on_stop: flushOnStop,
  lvs_flush_onstop: { ...flushOnStop, tomlKey: "lvs_flush_on_stop" },
  lvs_sync_daemon: firstCounts(
    "lvsSyncDaemon",
    custom((draft, line, context) => {
      const found = readSyncDaemon(line, context);
      if (found === undefined) return;
      draft.set("lvsSyncDaemon", found, line.wordsSpan(1, line.count - 1));
    }),
  ),
  lvs_notify_fifo: first("lvsNotifyFifo", fifoLine),
  lvs_notify_fifo_script: first("lvsNotifyFifoScript", script(wantsScript)),
  checker_log_all_failures: setting("checkerLogAllFailures", optionalBoolean),
  smtp_alert_checker: setting("smtpAlertChecker", optionalBoolean),
  no_checker_emails: setting("noCheckerEmails", optionalBoolean),
  rs_init_notifies: setting("rsInitNotifies", optionalBoolean),
};

/** Outside of blocks; its key in TOML is one of `[global_defs]`. Without a name it is the namespace of the start. */
export const netNamespaceIpvs: Row<LvsGlobalDraft> = modelled(
  first("netNamespaceIpvs", may<string | boolean>(true, word)),
);

const TIMEOUT_KEYS = {
  tcp: "tcpNs",
  tcpfin: "tcpFinNs",
  udp: "udpNs",
} as const;

/** Pairs of a name and seconds; a pair that is wrong is skipped. */
function readTimeouts(
  draft: LvsGlobalDraft,
  line: LogicalLine,
  context: ReadContext,
) {
  if (line.count < 2) {
    missing(line, context);
    return;
  }
  let found: LvsTimeouts = draft.get("lvsTimeouts") ??
    { tcpNs: undefined, tcpFinNs: undefined, udpNs: undefined };
  for (let index = 1; index < line.count; index++) {
    const name = oneOf(["tcp", "tcpfin", "udp"])(line, index, context);
    if (name === undefined) continue;
    if (index + 1 >= line.count) {
      lacksValue(line, index, context);
      break;
    }
    index++;
    const value = wholeSeconds(0, 2_678_400)(line, index, context);
    if (value !== undefined) found = { ...found, [TIMEOUT_KEYS[name]]: value };
  }
  const isSet = Object.values(found).some((value) => value !== undefined);
  if (isSet) {
    draft.set("lvsTimeouts", found, line.wordsSpan(1, line.count - 1));
  }
}

function lacksValue(line: LogicalLine, index: number, context: ReadContext) {
  context.warn(
    "HK0424",
    line,
    line.wordSpan(index),
    `\`${line.word(index)}\` lacks its value`,
    { label: "ignored" },
  );
}

/** `IFNAME [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group IP]`, and the old `IFNAME INSTANCE [N]`. */
const readSyncDaemon: Argument<LvsSyncDaemon> = (line, context) => {
  if (line.count < 2) return missing(line, context);
  const name = laterInterface(line, 1, context);
  if (name === undefined) return undefined;
  const found: { -readonly [K in keyof LvsSyncDaemon]: LvsSyncDaemon[K] } = {
    interface: name,
    instance: undefined,
    id: undefined,
    maxLength: undefined,
    port: undefined,
    ttl: undefined,
    group: undefined,
  };
  let index = 2;
  const isPositional = index < line.count &&
    !SYNC_WORDS.some((one) => one === line.word(index));
  if (isPositional) {
    found.instance = line.word(index++);
    if (
      index < line.count && !SYNC_WORDS.some((one) => one === line.word(index))
    ) {
      context.warn(
        "HK0426",
        line,
        line.wordSpan(index),
        "a number of `lvs_sync_daemon` without its keyword",
        { label: "keepalived still takes it", help: "write `id` before it" },
      );
      found.id = whole(0, 255)(line, index++, context);
    }
  }
  while (index < line.count) {
    const option = oneOf(SYNC_WORDS)(line, index, context);
    if (option === undefined) {
      index++;
      continue;
    }
    if (index + 1 >= line.count) {
      if (option === "inst") stop(line, context);
      else lacksValue(line, index, context);
      break;
    }
    readSyncOption(option, found, line, index + 1, context);
    index += 2;
  }
  return found;
};

const SYNC_WORDS = ["inst", "id", "maxlen", "port", "ttl", "group"] as const;

function readSyncOption(
  option: typeof SYNC_WORDS[number],
  found: { -readonly [K in keyof LvsSyncDaemon]: LvsSyncDaemon[K] },
  line: LogicalLine,
  index: number,
  context: ReadContext,
) {
  if (option === "inst") found.instance = line.word(index);
  else if (option === "group") {
    found.group = anyMulticastGroup(line, index, context) ?? found.group;
  } else if (option === "id") {
    found.id = whole(0, 255)(line, index, context) ?? found.id;
  } else if (option === "maxlen") {
    found.maxLength = whole(1, 65_507)(line, index, context) ??
      found.maxLength;
  } else if (option === "port") {
    found.port = whole(1, 65_535)(line, index, context) ?? found.port;
  } else found.ttl = whole(1, 255)(line, index, context) ?? found.ttl;
}

/** What accept mode goes by. */
const ACTIVE: ReadonlySet<string> = new Set([
  "nftables",
  "nftables_priority",
  "nftables_counters",
]);

/** The rows, most of which are not acted on. */
export const serviceRows: Readonly<
  Record<string, Row<ServiceDraft & LvsGlobalDraft>>
> = Object.fromEntries(
  Object.entries<Row<ServiceDraft & LvsGlobalDraft>>({
    ...mail,
    ...monitoring,
    ...nftables,
    ...ipvs,
  }).map(([keyword, row]) => [
    keyword,
    ACTIVE.has(keyword) ? row : modelled(row),
  ]),
);
