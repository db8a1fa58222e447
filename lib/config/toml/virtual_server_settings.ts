/**
 * The keys of `[[virtual_server]]`, `[[virtual_server.real_server]]` and `[SSL]`: keepalived's keywords.
 * @module
 */
import type { IpAddress } from "../../addr/ip_address.ts";
import { familyOf } from "../../addr/ip_address.ts";
import type { Checkers } from "../checker_model.ts";
import {
  LVS_PROTOCOLS,
  type RealServer,
  SCHEDULERS,
  type ServerSettings,
  type SslSettings,
  type VirtualServer,
} from "../lvs_model.ts";
import {
  BFD_TABLE,
  DELAY,
  DNS_TABLE,
  FILE_TABLE,
  httpTable,
  LOOP,
  MISC_TABLE,
  PING_TABLE,
  SMTP_TABLE,
  TCP_TABLE,
  TIMEOUT,
  UDP_TABLE,
} from "./checker_settings.ts";
import { SCRIPT } from "./script_entry.ts";
import { FORWARDING_METHOD, PORT, SERVER_ADDRESS } from "./server_values.ts";
import {
  oneOrMore,
  required,
  type Setting,
  setting,
  type Settings,
  type SettingTable,
  tableList,
  tableType,
} from "./setting.ts";
import {
  ADDRESS,
  BOOLEAN,
  duration,
  inline,
  type InlineType,
  TEXT,
  textUpTo,
  whole,
  word,
} from "./value_type.ts";
import { FAMILY } from "./virtual_server_group_settings.ts";

const UINT_MAX = 4_294_967_295;
const WEIGHT_MAX = 2_147_483_647;

/** Rows of what both kinds of server know; `of` is whose setting counts otherwise. */
function common(
  of: "service" | "server",
): Omit<Settings<ServerSettings>, "weight" | "method"> {
  const otherwise = (last: string) =>
    of === "service" ? last : "the virtual server's";
  return {
    delayLoopNs: setting(
      "delay_loop",
      LOOP,
      "time between two runs of a checker",
      otherwise("60"),
    ),
    retry: setting(
      "retry",
      whole(1, UINT_MAX),
      "failed attempts that checkers tolerate",
      otherwise("each checker's own"),
    ),
    delayBeforeRetryNs: setting(
      "delay_before_retry",
      DELAY,
      "wait of a checker before another attempt",
      otherwise("each checker's own"),
    ),
    warmupNs: setting(
      "warmup",
      DELAY,
      "upper bound of the random delay before a checker's first run",
      otherwise("`delay_loop`"),
    ),
    connectTimeoutNs: setting(
      "connect_timeout",
      TIMEOUT,
      "how long a checker's connection may take",
      otherwise("5"),
    ),
    alpha: setting(
      "alpha",
      BOOLEAN,
      "servers count as down until a checker's first success",
      otherwise("false"),
    ),
    inhibitOnFailure: setting(
      "inhibit_on_failure",
      BOOLEAN,
      "a server that fails gets weight 0 and is not removed",
      otherwise("false"),
    ),
    virtualHost: setting(
      "virtualhost",
      TEXT,
      "Host header of HTTP_GET and SSL_GET",
      otherwise("the address"),
    ),
    smtpAlert: setting(
      "smtp_alert",
      BOOLEAN,
      of === "service"
        ? "mail when the quorum is lost or gained"
        : "mail when the server is removed or added",
      of === "service"
        ? "`smtp_alert_checker`, else false"
        : "`smtp_alert_checker`, else true",
    ),
    snmpName: setting("snmp_name", TEXT, "name that SNMP shows", "none"),
  };
}

const CHECKERS: Settings<Checkers> = {
  tcpChecks: setting("TCP_CHECK", oneOrMore(TCP_TABLE), "opens a connection"),
  httpChecks: setting(
    "HTTP_GET",
    oneOrMore(httpTable("HTTP_GET")),
    "asks for urls over HTTP",
  ),
  sslChecks: setting(
    "SSL_GET",
    oneOrMore(httpTable("SSL_GET")),
    "asks for urls over TLS",
  ),
  smtpChecks: setting("SMTP_CHECK", oneOrMore(SMTP_TABLE), "speaks SMTP"),
  dnsChecks: setting("DNS_CHECK", oneOrMore(DNS_TABLE), "asks for a record"),
  udpChecks: setting("UDP_CHECK", oneOrMore(UDP_TABLE), "sends a datagram"),
  pingChecks: setting("PING_CHECK", oneOrMore(PING_TABLE), "sends an echo"),
  miscChecks: setting("MISC_CHECK", oneOrMore(MISC_TABLE), "runs a command"),
  fileChecks: setting(
    "FILE_CHECK",
    oneOrMore(FILE_TABLE),
    "takes the weight from a `track_file`",
  ),
  bfdChecks: setting(
    "BFD_CHECK",
    oneOrMore(BFD_TABLE),
    "follows a BFD session",
  ),
};

const REAL_SERVER_TABLE: SettingTable<Omit<RealServer, "at">> = {
  name: "[[virtual_server.real_server]]",
  settings: {
    address: required(setting("address", ADDRESS, "its address")),
    port: setting(
      "port",
      PORT,
      "its port; only with NAT another one than the virtual server's",
      "the virtual server's",
    ),
    weight: setting(
      "weight",
      whole(0, WEIGHT_MAX),
      "its share of the clients; 0 gets no new ones",
      "the virtual server's",
    ),
    method: setting(
      "lvs_method",
      FORWARDING_METHOD,
      "how packets get there",
      "`lb_kind`",
    ),
    upperThreshold: setting(
      "uthreshold",
      whole(0, UINT_MAX),
      "connections above which it gets no new ones; 0 is no limit",
      "0",
    ),
    lowerThreshold: setting(
      "lthreshold",
      whole(0, UINT_MAX),
      "connections below which it gets new ones again",
      "0",
    ),
    notifyUp: setting("notify_up", SCRIPT, "runs when it is added", "none"),
    notifyDown: setting(
      "notify_down",
      SCRIPT,
      "runs when it is removed",
      "none",
    ),
    ...common("server"),
    ...CHECKERS,
  },
};

const PREFIX_LENGTH = whole(1, 128);

/** `"255.255.255.0"` for IPv4, `64` for IPv6. */
const GRANULARITY: InlineType<IpAddress | number> = inline<IpAddress | number>(
  { kind: "either", of: [ADDRESS.shape, PREFIX_LENGTH.shape] },
  (node, sink) => {
    if (node.kind === "number") return PREFIX_LENGTH.read(node, sink);
    const mask = ADDRESS.read(node, sink);
    if (mask === undefined || familyOf(mask) === 4) return mask;
    sink.error("HK0105", node.span, `\`${mask}\` is not an IPv4 netmask`, {});
    return undefined;
  },
  (value) =>
    typeof value === "number" ? PREFIX_LENGTH.text(value) : ADDRESS.text(value),
);

function flag(key: string, about: string): Setting<boolean | undefined> {
  return setting(key, BOOLEAN, about, "false");
}

export const VIRTUAL_SERVER_TABLE: SettingTable<Omit<VirtualServer, "at">> = {
  name: "[[virtual_server]]",
  settings: {
    address: setting(
      "address",
      ADDRESS,
      "address that clients use; one of `address`, `fwmark` and `group` must be given",
    ),
    port: setting(
      "port",
      PORT,
      "port of the address",
      "all ports, with persistence",
    ),
    firewallMark: setting(
      "fwmark",
      whole(0, UINT_MAX),
      "packets with this firewall mark, in place of an address",
    ),
    group: setting(
      "group",
      TEXT,
      "the addresses and marks of this `virtual_server_group`, in place of an address",
    ),
    ipFamily: setting(
      "ip_family",
      FAMILY,
      "family of packets with a mark",
      "that of the real servers",
    ),
    protocol: setting(
      "protocol",
      word(LVS_PROTOCOLS),
      "must be given for addresses",
    ),
    scheduler: setting(
      "lb_algo",
      word(SCHEDULERS),
      "how clients are shared out",
      '"wlc"',
    ),
    method: setting(
      "lb_kind",
      FORWARDING_METHOD,
      "how packets get to real servers",
      '"NAT"',
    ),
    weight: setting(
      "weight",
      whole(1, WEIGHT_MAX),
      "weight of real servers that have none",
      "1",
    ),
    flag1: flag("flag-1", "IPVS's first flag of schedulers"),
    flag2: flag("flag-2", "IPVS's second flag of schedulers"),
    flag3: flag("flag-3", "IPVS's third flag of schedulers"),
    shPort: flag("sh-port", "with `sh`: the port counts too"),
    shFallback: flag(
      "sh-fallback",
      "with `sh`: another server when the one that was found cannot be used",
    ),
    mhPort: flag("mh-port", "with `mh`: the port counts too"),
    mhFallback: flag(
      "mh-fallback",
      "with `mh`: another server when the one that was found cannot be used",
    ),
    onePacket: flag("ops", "schedule each packet by itself; UDP only"),
    persistenceTimeoutNs: setting(
      "persistence_timeout",
      duration(1e9, 2_678_400e9),
      "how long a client stays with its server; whole seconds",
      "off; 360 with `persistence_granularity` and for all ports",
    ),
    persistenceGranularity: setting(
      "persistence_granularity",
      GRANULARITY,
      "clients that count as one: an IPv4 netmask, or the length of an IPv6 prefix",
      "each client by itself",
    ),
    persistenceEngine: setting(
      "persistence_engine",
      textUpTo(16),
      "IPVS's persistence engine, such as `sip`",
      "none",
    ),
    haSuspend: flag(
      "ha_suspend",
      "checkers run only while this machine has the address",
    ),
    omega: flag(
      "omega",
      "scripts for what goes down run when the daemon stops",
    ),
    quorum: setting(
      "quorum",
      whole(1, UINT_MAX),
      "weights that must be up together, or the sorry server takes over",
      "1",
    ),
    hysteresis: setting(
      "hysteresis",
      whole(0, UINT_MAX),
      "how far above and below `quorum` it is gained and lost; below `quorum`",
      "0",
    ),
    quorumUp: setting("quorum_up", SCRIPT, "runs when it is gained", "none"),
    quorumDown: setting("quorum_down", SCRIPT, "runs when it is lost", "none"),
    sorryServer: setting(
      "sorry_server",
      SERVER_ADDRESS,
      "server that is used without a quorum",
      "none",
    ),
    sorryServerInhibit: flag(
      "sorry_server_inhibit",
      "the sorry server stays in the table, with weight 0",
    ),
    sorryServerMethod: setting(
      "sorry_server_lvs_method",
      FORWARDING_METHOD,
      "how packets get to the sorry server",
      "`lb_kind`",
    ),
    ...common("service"),
    realServers: {
      ...required(setting(
        "real_server",
        tableList(REAL_SERVER_TABLE),
        "the servers, at least one",
      )),
      absent: [],
    },
  },
};

/** All virtual servers of a file. */
export const VIRTUAL_SERVERS = tableList(VIRTUAL_SERVER_TABLE);

export const SSL_TABLE: SettingTable<Omit<SslSettings, "at">> = {
  name: "[SSL]",
  settings: {
    certificate: setting(
      "certificate",
      TEXT,
      "file of the certificate that SSL_GET shows",
      "none",
    ),
    key: setting("key", TEXT, "file of its key", "none"),
    password: setting("password", TEXT, "pass phrase of the key", "none"),
    ca: setting("ca", TEXT, "file of authorities", "none"),
  },
};

export const SSL = tableType(SSL_TABLE);
