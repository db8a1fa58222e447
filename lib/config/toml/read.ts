/**
 * The TOML front end: a text to the configuration model.
 *
 * Keys are keepalived's keywords wherever the meaning is the same; blocks are tables, lists are arrays, durations are
 * numbers of seconds or texts such as "300ms". Whatever is unknown, of the wrong kind or out of range is an error.
 * @module
 */
import { familyOf } from "../../addr/ip_address.ts";
import type { Diagnostic, SourceText } from "../../diag/diagnostic.ts";
import { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import { LOG_FACILITIES, LOG_LEVELS } from "../../log/log_level.ts";
import type {
  AddressEntry,
  AddressScope,
  AuthenticationBlock,
  Config,
  GlobalDefs,
  LogConfig,
  UnicastPeerEntry,
  VrrpInstance,
} from "../model.ts";
import {
  LATER_GLOBAL_KEYS,
  LATER_INSTANCE_KEYS,
  LATER_TABLES,
} from "./later_keys.ts";
import { TableReader } from "./table_reader.ts";
import { parseToml, type TomlNode, type TomlTable } from "./tree.ts";
import {
  readAddress,
  readBoolean,
  readDuration,
  readGroup,
  readLabel,
  readList,
  readName,
  readPrefixed,
  readText,
  readWhole,
  readWord,
  reportKind,
  type ValueReader,
} from "./value_readers.ts";

export interface TomlReading {
  /** Undefined when the text is not TOML. */
  readonly config: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** keepalived's ranges, so that everything it takes can be imported. */
const COUNT_MAX = 2 ** 32 - 1;
const GARP_DELAY_NS_MAX = 4294e9;
const GARP_REFRESH_NS_MAX = COUNT_MAX * 1e9;
/** keepalived's range of `advert_int`; what a version can carry of it is checked with the version. */
const readInterval = readDuration(10e6, 255e9);
const readVersion: ValueReader<2 | 3> = (node, sink) => {
  const version = readWhole(2, 3)(node, sink);
  return version === undefined ? undefined : version === 2 ? 2 : 3;
};
const readRepeat = readWhole(1, COUNT_MAX);

/** Reads a whole configuration. */
export function readToml(source: SourceText): TomlReading {
  const parsed = parseToml(source);
  if (parsed.kind === "wrong") {
    return { config: undefined, diagnostics: [parsed.diagnostic] };
  }
  const sink = new DiagnosticSink();
  const root = new TableReader<"globals" | "log" | "instances">(
    parsed.table,
    "the file",
    sink,
    LATER_TABLES,
  );
  const nowhere: TomlTable = {
    kind: "table",
    span: { source, start: 0, end: 0 },
    entries: new Map(),
  };
  const globals = readGlobals(
    tableOr(root.node("global_defs", "globals"), nowhere, sink),
    sink,
  );
  const log = readLog(tableOr(root.node("log", "log"), nowhere, sink), sink);
  const instances = tableOr(
    root.node("vrrp_instance", "instances"),
    nowhere,
    sink,
  );
  const config: Config = {
    globals,
    log,
    instances: [...instances.entries].flatMap(([name, { node }]) =>
      node.kind === "table"
        ? [readInstance(name, node, sink)]
        : reportKind(node, `a table \`[vrrp_instance.${name}]\``, sink) ?? []
    ),
  };
  root.finish();
  return { config, diagnostics: sink.diagnostics };
}

function tableOr(
  node: TomlNode | undefined,
  otherwise: TomlTable,
  sink: DiagnosticSink,
): TomlTable {
  if (node === undefined) return otherwise;
  if (node.kind === "table") return node;
  reportKind(node, "a table", sink);
  return otherwise;
}

function readGlobals(table: TomlTable, sink: DiagnosticSink): GlobalDefs {
  const reader = new TableReader<keyof GlobalDefs & string>(
    table,
    "[global_defs]",
    sink,
    LATER_GLOBAL_KEYS,
  );
  return {
    routerId: reader.read("router_id", "routerId", readText),
    vrrpVersion: reader.read("vrrp_version", "vrrpVersion", readVersion),
    multicastGroup4: reader.read(
      "vrrp_mcast_group4",
      "multicastGroup4",
      readGroup(4),
    ),
    multicastGroup6: reader.read(
      "vrrp_mcast_group6",
      "multicastGroup6",
      readGroup(6),
    ),
    skipCheckAdvertAddresses: reader.read(
      "vrrp_skip_check_adv_addr",
      "skipCheckAdvertAddresses",
      readBoolean,
    ),
    garpMasterDelayNs: reader.read(
      "vrrp_garp_master_delay",
      "garpMasterDelayNs",
      readDuration(0, GARP_DELAY_NS_MAX),
    ),
    garpMasterRepeat: reader.read(
      "vrrp_garp_master_repeat",
      "garpMasterRepeat",
      readRepeat,
    ),
    garpMasterRefreshNs: reader.read(
      "vrrp_garp_master_refresh",
      "garpMasterRefreshNs",
      readDuration(0, GARP_REFRESH_NS_MAX),
    ),
    garpMasterRefreshRepeat: reader.read(
      "vrrp_garp_master_refresh_repeat",
      "garpMasterRefreshRepeat",
      readRepeat,
    ),
    garpLowerPriorityDelayNs: reader.read(
      "vrrp_garp_lower_prio_delay",
      "garpLowerPriorityDelayNs",
      readDuration(0, GARP_DELAY_NS_MAX),
    ),
    garpLowerPriorityRepeat: reader.read(
      "vrrp_garp_lower_prio_repeat",
      "garpLowerPriorityRepeat",
      readWhole(0, 2 ** 31 - 1),
    ),
    lowerPriorityNoAdvert: reader.read(
      "vrrp_lower_prio_no_advert",
      "lowerPriorityNoAdvert",
      readBoolean,
    ),
    higherPrioritySendAdvert: reader.read(
      "vrrp_higher_prio_send_advert",
      "higherPrioritySendAdvert",
      readBoolean,
    ),
    downTimerAdverts: reader.read(
      "vrrp_down_timer_adverts",
      "downTimerAdverts",
      readWhole(1, 100),
    ),
    v3ChecksumAsV2: reader.read(
      "v3_checksum_as_v2",
      "v3ChecksumAsV2",
      readBoolean,
    ),
    at: reader.finish(),
  };
}

function readLog(table: TomlTable, sink: DiagnosticSink): LogConfig {
  const reader = new TableReader<keyof LogConfig & string>(
    table,
    "[log]",
    sink,
  );
  return {
    target: reader.read(
      "target",
      "target",
      readWord(["journal", "syslog", "stderr"]),
    ),
    facility: reader.read("facility", "facility", readWord(LOG_FACILITIES)),
    level: reader.read("level", "level", readWord(LOG_LEVELS)),
    at: reader.finish(),
  };
}

function readInstance(
  name: string,
  table: TomlTable,
  sink: DiagnosticSink,
): VrrpInstance {
  const reader = new TableReader<keyof VrrpInstance & string>(
    table,
    `[vrrp_instance.${name}]`,
    sink,
    LATER_INSTANCE_KEYS,
  );
  return {
    name,
    state: reader.read("state", "state", readWord(["MASTER", "BACKUP"])),
    interface: reader.read("interface", "interface", readName),
    virtualRouterId: reader.read(
      "virtual_router_id",
      "virtualRouterId",
      readWhole(1, 255),
    ),
    priority: reader.read("priority", "priority", readWhole(1, 255)),
    version: reader.read("version", "version", readVersion),
    nativeIpv6: reader.read("native_ipv6", "nativeIpv6", readBoolean),
    advertIntervalNs: reader.read(
      "advert_int",
      "advertIntervalNs",
      readInterval,
    ),
    downTimerAdverts: reader.read(
      "down_timer_adverts",
      "downTimerAdverts",
      readWhole(1, 100),
    ),
    preempt: readPreempt(reader),
    preemptDelayNs: reader.read(
      "preempt_delay",
      "preemptDelayNs",
      readDuration(0, 1000e9),
    ),
    authentication: readAuthentication(
      reader.node("authentication", "authentication"),
      sink,
    ),
    unicastSourceIp: reader.read(
      "unicast_src_ip",
      "unicastSourceIp",
      readAddress,
    ),
    multicastSourceIp: reader.read(
      "mcast_src_ip",
      "multicastSourceIp",
      readAddress,
    ),
    multicastDestinationIp: reader.read(
      "mcast_dst_ip",
      "multicastDestinationIp",
      readGroup(),
    ),
    unicastPeers: reader.read(
      "unicast_peer",
      "unicastPeers",
      readList(readPeer),
    ),
    unicastTtl: reader.read("unicast_ttl", "unicastTtl", readWhole(0, 255)),
    checkUnicastSource: reader.read(
      "check_unicast_src",
      "checkUnicastSource",
      readBoolean,
    ),
    skipCheckAdvertAddresses: reader.read(
      "skip_check_adv_addr",
      "skipCheckAdvertAddresses",
      readBoolean,
    ),
    lowerPriorityNoAdvert: reader.read(
      "lower_prio_no_advert",
      "lowerPriorityNoAdvert",
      readBoolean,
    ),
    higherPrioritySendAdvert: reader.read(
      "higher_prio_send_advert",
      "higherPrioritySendAdvert",
      readBoolean,
    ),
    ownerIgnoreAdverts: reader.read(
      "owner_ignore_adverts",
      "ownerIgnoreAdverts",
      readBoolean,
    ),
    dontTrackPrimary: reader.read(
      "dont_track_primary",
      "dontTrackPrimary",
      readBoolean,
    ),
    v3ChecksumAsV2: reader.read(
      "v3_checksum_as_v2",
      "v3ChecksumAsV2",
      readBoolean,
    ),
    ...readInstanceGarp(reader),
    virtualAddresses: reader.read(
      "virtual_ipaddress",
      "virtualAddresses",
      readList(readAddressEntry),
    ) ?? [],
    excludedAddresses: reader.read(
      "virtual_ipaddress_excluded",
      "excludedAddresses",
      readList(readAddressEntry),
    ) ?? [],
    at: reader.finish(),
  };
}

/** `preempt = false` and keepalived's `nopreempt = true` say the same. */
function readPreempt(
  reader: TableReader<keyof VrrpInstance & string>,
): boolean | undefined {
  const negated: ValueReader<boolean> = (node, sink) => {
    const value = readBoolean(node, sink);
    return value === undefined ? undefined : !value;
  };
  const nopreempt = reader.read("nopreempt", "preempt", negated);
  return reader.read("preempt", "preempt", (node, sink) => {
    const preempt = readBoolean(node, sink);
    if (nopreempt !== undefined) {
      sink.error("HK0110", node.span, "`preempt` and `nopreempt` both", {
        help: "keep one of them",
      });
    }
    return preempt;
  }) ?? nopreempt;
}

function readInstanceGarp(reader: TableReader<keyof VrrpInstance & string>) {
  return {
    garpMasterDelayNs: reader.read(
      "garp_master_delay",
      "garpMasterDelayNs",
      readDuration(0, GARP_DELAY_NS_MAX),
    ),
    garpMasterRepeat: reader.read(
      "garp_master_repeat",
      "garpMasterRepeat",
      readRepeat,
    ),
    garpMasterRefreshNs: reader.read(
      "garp_master_refresh",
      "garpMasterRefreshNs",
      readDuration(0, GARP_REFRESH_NS_MAX),
    ),
    garpMasterRefreshRepeat: reader.read(
      "garp_master_refresh_repeat",
      "garpMasterRefreshRepeat",
      readRepeat,
    ),
    garpLowerPriorityDelayNs: reader.read(
      "garp_lower_prio_delay",
      "garpLowerPriorityDelayNs",
      readDuration(0, GARP_DELAY_NS_MAX),
    ),
    garpLowerPriorityRepeat: reader.read(
      "garp_lower_prio_repeat",
      "garpLowerPriorityRepeat",
      readWhole(0, 2 ** 31 - 1),
    ),
  };
}

function readAuthentication(
  node: TomlNode | undefined,
  sink: DiagnosticSink,
): AuthenticationBlock | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== "table") return reportKind(node, "a table", sink);
  const reader = new TableReader<keyof AuthenticationBlock & string>(
    node,
    "`authentication`",
    sink,
  );
  return {
    type: reader.read("auth_type", "type", readWord(["PASS", "AH"])),
    password: reader.read("auth_pass", "password", readText),
    at: reader.finish(),
  };
}

/** `"10.0.0.2"`, or a table with `address`, `min_ttl` and `max_ttl`. */
const readPeer: ValueReader<UnicastPeerEntry> = (node, sink) => {
  if (node.kind !== "table") {
    const address = readAddress(node, sink);
    if (address === undefined) return undefined;
    return {
      address,
      ttlMin: undefined,
      ttlMax: undefined,
      at: { self: node.span, of: {} },
    };
  }
  const reader = new TableReader<keyof UnicastPeerEntry & string>(
    node,
    "a unicast peer",
    sink,
  );
  const address = reader.read("address", "address", readAddress);
  const ttlMin = reader.read("min_ttl", "ttlMin", readWhole(0, 255));
  const ttlMax = reader.read("max_ttl", "ttlMax", readWhole(0, 255));
  const at = reader.finish();
  if (address === undefined) {
    return reportMissingAddress(node, at.of.address !== undefined, sink);
  }
  return { address, ttlMin, ttlMax, at };
};

function reportMissingAddress(
  node: TomlTable,
  isThere: boolean,
  sink: DiagnosticSink,
): undefined {
  if (!isThere) sink.error("HK0108", node.span, "`address` is missing", {});
}

const readScope: ValueReader<AddressScope> = (node, sink) =>
  node.kind === "number"
    ? readWhole(0, 255)(node, sink)
    : readWord(["global", "site", "link", "host"])(node, sink);

const readBroadcast: ValueReader<AddressEntry["broadcast"]> = (node, sink) => {
  if (node.kind === "string" && (node.value === "+" || node.value === "-")) {
    return node.value;
  }
  return readAddress(node, sink);
};

/** `"10.0.0.100/24"`, or a table with `address` and keepalived's options. */
const readAddressEntry: ValueReader<AddressEntry> = (node, sink) => {
  if (node.kind !== "table") {
    const read = readPrefixed(node, sink);
    return read === undefined ? undefined : {
      ...PLAIN_ADDRESS,
      ...read,
      family: familyOf(read.address),
      at: { self: node.span, of: {} },
    };
  }
  const reader = new TableReader<keyof AddressEntry & string>(
    node,
    "a virtual address",
    sink,
  );
  const read = reader.read("address", "address", readPrefixed);
  const peer = reader.read("peer", "peer", readPrefixed);
  const options = {
    interface: reader.read("dev", "interface", readName),
    label: reader.read("label", "label", readLabel),
    scope: reader.read("scope", "scope", readScope),
    broadcast: reader.read("brd", "broadcast", readBroadcast),
    noTrack: reader.read("no_track", "noTrack", readBoolean) ?? false,
    noPrefixRoute: reader.read("noprefixroute", "noPrefixRoute", readBoolean) ??
      false,
  };
  const at = reader.finish();
  if (read === undefined) {
    return reportMissingAddress(node, at.of.address !== undefined, sink);
  }
  const family = familyOf(read.address);
  const hostLength = family === 4 ? 32 : 128;
  return {
    ...options,
    ...read,
    family,
    peer: peer === undefined ? undefined : {
      address: peer.address,
      prefixLength: peer.prefixLength ?? hostLength,
    },
    at,
  };
};

const PLAIN_ADDRESS = {
  interface: undefined,
  label: undefined,
  scope: undefined,
  broadcast: undefined,
  peer: undefined,
  noTrack: false,
  noPrefixRoute: false,
} as const;
