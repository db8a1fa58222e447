/** Whatever a model says, its print reads back as the same. */
import { BEAT_METHODS } from "../../vrrp/link_watch_config.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  familyOf,
  type IpAddress,
  ipAddressFromBytes,
} from "../../addr/ip_address.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { Encapsulation } from "../../vrrp/encapsulation.ts";
import type { NumberRange } from "../../vrrp/virtual_route.ts";
import type { BfdInstance } from "../bfd_model.ts";
import type { GarpGroup } from "../garp_model.ts";
import type {
  NextHopEntry,
  PrefixEntry,
  RouteEntry,
  RuleEntry,
} from "../route_model.ts";
import { LOG_FACILITIES, LOG_LEVELS } from "../../log/log_level.ts";
import type {
  AddressEntry,
  Config,
  GlobalDefs,
  UnicastPeerEntry,
  VrrpInstance,
} from "../model.ts";
import type {
  SyncGroup,
  TrackEntry,
  TrackFile,
  TrackProcess,
  VrrpScript,
} from "../tracking_model.ts";
import { LVS, LVS_GLOBALS, SERVICE_GLOBALS } from "./lvs_arbitrary.ts";
import { printToml } from "./print.ts";
import { readToml } from "./read.ts";

const NOWHERE: Span = {
  source: { name: "model", text: "", includedFrom: undefined },
  start: 0,
  end: 0,
};
const AT = { self: NOWHERE, of: {} } as const;

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

const MAYBE = maybe(fc.boolean());
const COUNT = maybe(fc.integer({ min: 1, max: 2 ** 32 - 1 }));
const ROUNDS = maybe(fc.integer({ min: 0, max: 2 ** 31 - 1 }));
const VERSION = maybe(fc.constantFrom<2 | 3>(2, 3));

/** Durations as the languages write them: in steps of `stepNs`. */
function duration(minNs: number, maxNs: number, stepNs: number) {
  return maybe(
    fc.integer({ min: minNs / stepNs, max: maxNs / stepNs }).map((steps) =>
      steps * stepNs
    ),
  );
}

const DELAY = duration(0, 4294e9, 1e6);
const INTERVAL = duration(1e3, 4294e9, 1e3);
const REFRESH = duration(0, 4294967295e9, 1e9);

function addressOf(
  family: 4 | 6,
  fix: (bytes: Uint8Array) => void = () => {},
): fc.Arbitrary<IpAddress> {
  const length = family === 4 ? 4 : 16;
  return fc.uint8Array({ minLength: length, maxLength: length }).map(
    (bytes) => {
      fix(bytes);
      return ipAddressFromBytes(bytes, 0, family);
    },
  );
}

const ADDRESS = fc.oneof(addressOf(4), addressOf(6));
const GROUP4 = addressOf(4, (bytes) => bytes[0] = 0xe0 | (bytes[0] ?? 0) % 16);
const GROUP6 = addressOf(6, (bytes) => bytes[0] = 0xff);
const NAME = fc.stringMatching(/^[a-z][a-zA-Z0-9.:_@-]{0,14}$/);
/** Everything that could break out of a quoted text. */
const TEXT = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  fc.string({
    unit: fc.constantFrom('"', "'", "\\", "\n", "\r", "\t", "\u007f", "#", "é"),
  }),
);

const garp = {
  garpMasterDelayNs: DELAY,
  garpMasterRepeat: COUNT,
  garpMasterRefreshNs: REFRESH,
  garpMasterRefreshRepeat: COUNT,
  garpLowerPriorityDelayNs: DELAY,
  garpLowerPriorityRepeat: ROUNDS,
  garpExtraNs: maybe(fc.integer({ min: 0, max: 86_400 }).map((s) => s * 1e9)),
  garpExtraAll: MAYBE,
};

const SCRIPT_USER = maybe(fc.record({ user: TEXT, group: maybe(TEXT) }));
const SCRIPT_LINE = maybe(fc.record({
  command: TEXT,
  user: SCRIPT_USER,
  at: fc.constant(AT),
}));
const FIFO = maybe(fc.record({
  path: TEXT,
  owner: SCRIPT_USER,
  at: fc.constant(AT),
}));

const notifyScripts = {
  notifyMaster: SCRIPT_LINE,
  notifyBackup: SCRIPT_LINE,
  notifyFault: SCRIPT_LINE,
  notifyStop: SCRIPT_LINE,
  notify: SCRIPT_LINE,
  notifyPriorityChanges: MAYBE,
  smtpAlert: MAYBE,
};

const TTL = maybe(fc.integer({ min: 0, max: 255 }));

const PEER: fc.Arbitrary<UnicastPeerEntry> = fc.record({
  address: ADDRESS,
  ttlMin: TTL,
  ttlMax: TTL,
  at: fc.constant(AT),
});

const UINT32 = maybe(fc.integer({ min: 0, max: 2 ** 32 - 1 }));

const ENTRY: fc.Arbitrary<AddressEntry> = ADDRESS.chain((address) => {
  const family = familyOf(address);
  const length = fc.integer({ min: 0, max: family === 4 ? 32 : 128 });
  return fc.record({
    address: fc.constant(address),
    family: fc.constant(family),
    prefixLength: maybe(length),
    interface: maybe(NAME),
    label: maybe(NAME),
    scope: maybe(fc.oneof(
      fc.constantFrom("global" as const, "site" as const, "link" as const),
      fc.constantFrom("host" as const),
      fc.integer({ min: 0, max: 255 }),
    )),
    broadcast: maybe(fc.oneof(
      fc.constantFrom("+" as const, "-" as const),
      addressOf(4),
    )),
    peer: maybe(fc.record({ address: ADDRESS, prefixLength: fc.nat(32) })),
    noTrack: fc.boolean(),
    noPrefixRoute: fc.boolean(),
    home: MAYBE,
    detectsDuplicates: MAYBE,
    managesTemporary: MAYBE,
    autojoin: MAYBE,
    preferredSeconds: UINT32,
    useVmac: fc.boolean(),
    at: fc.constant(AT),
  });
});

function prefixOf(family: 4 | 6): fc.Arbitrary<PrefixEntry> {
  return fc.record({
    address: addressOf(family),
    prefixLength: maybe(fc.nat(family === 4 ? 32 : 128)),
  });
}
const BYTE = maybe(fc.nat(255));
const BIT = maybe(fc.nat(1));

const REALMS = maybe(fc.record({ from: fc.nat(65_535), to: fc.nat(65_535) }));

const ENCAPSULATION: fc.Arbitrary<Encapsulation | undefined> = maybe(fc.oneof(
  fc.record({
    kind: fc.constant("ip" as const),
    id: maybe(fc.nat(Number.MAX_SAFE_INTEGER)),
    destination: addressOf(4),
    source: maybe(addressOf(4)),
    hopLimit: BYTE,
    trafficClass: BYTE,
    flags: maybe(fc.nat(65_535)),
  }),
  fc.record({
    kind: fc.constant("mpls" as const),
    labels: fc.array(fc.nat(2 ** 20 - 1), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant("ila" as const),
    locator: fc.array(fc.nat(65_535), { minLength: 4, maxLength: 4 }),
  }),
));

const nextHopOf = (family: 4 | 6): fc.Arbitrary<NextHopEntry> =>
  fc.record({
    gateway: maybe(addressOf(family)),
    interface: maybe(NAME),
    weight: maybe(fc.integer({ min: 1, max: 256 })),
    onlink: fc.boolean(),
    encapsulation: ENCAPSULATION,
    realms: family === 4 ? REALMS : fc.constant(undefined),
    at: fc.constant(AT),
  });

const LATENCY = duration(200e6, 120e9, 1e3);

const routeOf = (family: 4 | 6): fc.Arbitrary<RouteEntry> =>
  fc.record({
    destination: prefixOf(family),
    type: maybe(fc.constantFrom("unicast" as const, "blackhole" as const)),
    gateway: maybe(addressOf(family)),
    interface: maybe(NAME),
    source: maybe(addressOf(family)),
    from: family === 4 ? fc.constant(undefined) : maybe(prefixOf(6)),
    scope: maybe(fc.oneof(fc.constantFrom("site" as const), fc.nat(255))),
    table: UINT32,
    vrf: maybe(NAME),
    priority: UINT32,
    protocol: BYTE,
    tos: BYTE,
    onlink: fc.boolean(),
    mtu: UINT32,
    rtt: LATENCY,
    rttvar: LATENCY,
    rto_min: LATENCY,
    locks: fc.subarray(["mtu" as const, "rtt" as const, "congctl" as const]),
    features: maybe(fc.constant("ecn" as const)),
    congctl: maybe(NAME),
    realms: family === 4 ? REALMS : fc.constant(undefined),
    expiresSeconds: family === 6 ? UINT32 : fc.constant(undefined),
    encapsulation: ENCAPSULATION,
    advmss: UINT32,
    hoplimit: BYTE,
    window: UINT32,
    ssthresh: UINT32,
    cwnd: UINT32,
    reordering: UINT32,
    initcwnd: UINT32,
    initrwnd: UINT32,
    quickack: BIT,
    fastopen_no_cookie: BIT,
    routerPreference: family === 4
      ? fc.constant(undefined)
      : maybe(fc.constantFrom("low" as const, "high" as const)),
    mode: maybe(fc.constantFrom("add" as const, "append" as const)),
    noTrack: fc.boolean(),
    nextHops: fc.array(nextHopOf(family), { maxLength: 2 }),
    at: fc.constant(AT),
    // A route has one table.
  }).map((route) =>
    route.vrf === undefined ? route : { ...route, table: undefined }
  );

function rangeTo(max: number): fc.Arbitrary<NumberRange | undefined> {
  return maybe(fc.record({ first: fc.nat(max), last: fc.nat(max) }));
}

const ruleOf = (family: 4 | 6): fc.Arbitrary<RuleEntry> =>
  fc.record({
    from: maybe(prefixOf(family)),
    to: maybe(prefixOf(family)),
    // A rule does one thing.
    table: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    action: fc.constant(undefined),
    gotoPriority: fc.constant(undefined),
    isForVrf: fc.constant(false),
    priority: UINT32,
    isInverted: fc.boolean(),
    inputInterface: maybe(NAME),
    outputInterface: maybe(NAME),
    firewallMark: UINT32,
    firewallMask: UINT32,
    tos: BYTE,
    suppressPrefixLength: maybe(fc.nat(128)),
    suppressInterfaceGroup: UINT32,
    tunnelId: maybe(fc.nat(Number.MAX_SAFE_INTEGER)),
    userIds: rangeTo(2 ** 31),
    ipProtocol: BYTE,
    sourcePorts: rangeTo(65535),
    destinationPorts: rangeTo(65535),
    protocol: BYTE,
    realms: family === 4 ? REALMS : fc.constant(undefined),
    family: maybe(fc.constant(family)),
    noTrack: fc.boolean(),
    at: fc.constant(AT),
  });

const ROUTE = fc.oneof(routeOf(4), routeOf(6));
const RULE = fc.oneof(ruleOf(4), ruleOf(6));

const BLOCK_NAME = fc.oneof(NAME, TEXT);

function entriesOf(
  weightMax: number,
  name: fc.Arbitrary<string>,
): fc.Arbitrary<TrackEntry[]> {
  return fc.array(
    fc.record({
      name,
      weight: maybe(fc.integer({ min: -weightMax, max: weightMax })),
      reverse: MAYBE,
      at: fc.constant(AT),
    }),
    { maxLength: 3 },
  );
}

const tracking = {
  trackInterfaces: entriesOf(253, NAME),
  trackScripts: entriesOf(253, BLOCK_NAME),
  trackFiles: entriesOf(254, BLOCK_NAME),
  trackProcesses: entriesOf(254, BLOCK_NAME),
  trackBfds: entriesOf(253, BLOCK_NAME),
};

const BFD_INTERVAL = duration(1e6, 4_294_967e6, 1e3);

const BFD: fc.Arbitrary<BfdInstance> = fc.record({
  name: BLOCK_NAME,
  neighborIp: maybe(ADDRESS),
  sourceIp: maybe(ADDRESS),
  minRxNs: BFD_INTERVAL,
  minTxNs: BFD_INTERVAL,
  idleTxNs: duration(1e9, 4_294_967e6, 1e3),
  multiplier: maybe(fc.integer({ min: 1, max: 255 })),
  passive: MAYBE,
  hopLimit: maybe(fc.integer({ min: 1, max: 255 })),
  hopsMax: maybe(fc.integer({ min: -1, max: 255 })),
  multihop: MAYBE,
  weight: maybe(fc.integer({ min: -253, max: 253 })),
  reverse: MAYBE,
  vrrp: MAYBE,
  checker: MAYBE,
  at: fc.constant(AT),
});

const SCRIPT: fc.Arbitrary<VrrpScript> = fc.record({
  name: BLOCK_NAME,
  script: maybe(TEXT),
  intervalNs: duration(1e6, 4294e9, 1e6),
  timeoutNs: duration(1e6, 4294e9, 1e6),
  weight: maybe(fc.integer({ min: -253, max: 253 })),
  reverse: MAYBE,
  rise: maybe(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  fall: maybe(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
  initFail: MAYBE,
  user: maybe(fc.record({ user: TEXT, group: maybe(TEXT) })),
  at: fc.constant(AT),
});

const FILE: fc.Arbitrary<TrackFile> = fc.record({
  name: BLOCK_NAME,
  file: maybe(TEXT),
  weight: maybe(fc.integer({ min: -254, max: 254 })),
  reverse: MAYBE,
  initFile: maybe(fc.record({
    value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    overwrite: fc.boolean(),
  })),
  at: fc.constant(AT),
});

const PROCESS: fc.Arbitrary<TrackProcess> = fc.record({
  name: BLOCK_NAME,
  process: maybe(fc.array(TEXT, { minLength: 1, maxLength: 3 })),
  parameterMatch: maybe(
    fc.constantFrom("exact" as const, "initial" as const, "partial" as const),
  ),
  fullCommand: MAYBE,
  weight: maybe(fc.integer({ min: -254, max: 254 })),
  reverse: MAYBE,
  quorum: maybe(fc.integer({ min: 1, max: 65_535 })),
  quorumMax: maybe(fc.nat(65_535)),
  delayNs: duration(1e3, 3600e9, 1e3),
  terminateDelayNs: duration(1e3, 3600e9, 1e3),
  forkDelayNs: duration(1e3, 3600e9, 1e3),
  at: fc.constant(AT),
});

const SYNC_GROUP: fc.Arbitrary<SyncGroup> = fc.record({
  name: BLOCK_NAME,
  members: fc.array(
    BLOCK_NAME.map((name) => ({ name, at: AT })),
    { minLength: 1, maxLength: 3 },
  ),
  trackingWeight: MAYBE,
  ...tracking,
  ...notifyScripts,
  at: fc.constant(AT),
});

/** Blocks of different names. */
function named<T extends { readonly name: string }>(
  block: fc.Arbitrary<T>,
): fc.Arbitrary<T[]> {
  return fc.uniqueArray(block, { maxLength: 3, selector: ({ name }) => name });
}

const GARP_GROUP: fc.Arbitrary<GarpGroup> = fc.record({
  garpIntervalNs: INTERVAL,
  gnaIntervalNs: INTERVAL,
  interfaces: fc.array(
    NAME.map((name) => ({ name, at: AT })),
    { minLength: 1, maxLength: 3 },
  ),
  at: fc.constant(AT),
});

const INSTANCE: fc.Arbitrary<VrrpInstance> = fc.record({
  name: fc.oneof(NAME, TEXT),
  state: maybe(fc.constantFrom("MASTER" as const, "BACKUP" as const)),
  interface: maybe(NAME),
  vrf: maybe(NAME),
  virtualRouterId: maybe(fc.integer({ min: 1, max: 255 })),
  useVmac: MAYBE,
  vmacName: maybe(NAME),
  vmacAddress: maybe(fc.constantFrom("02:00:00:00:01", "02:00:00:00:01:33")),
  vmacTransmitBase: MAYBE,
  vmacGroup: UINT32,
  useVmacAddress: MAYBE,
  useIpvlan: MAYBE,
  ipvlanName: maybe(NAME),
  ipvlanAddress: maybe(prefixOf(4)),
  ipvlanFlag: maybe(
    fc.constantFrom("bridge" as const, "private" as const, "vepa" as const),
  ),
  ipvlanGroup: UINT32,
  priority: maybe(fc.integer({ min: 1, max: 255 })),
  version: VERSION,
  nativeIpv6: MAYBE,
  advertIntervalNs: duration(10e6, 255e9, 10e6),
  downTimerAdverts: maybe(fc.integer({ min: 1, max: 100 })),
  preempt: MAYBE,
  preemptDelayNs: duration(0, 1000e9, 1e3),
  authentication: maybe(fc.record({
    type: maybe(fc.constantFrom("PASS" as const, "AH" as const)),
    password: maybe(TEXT),
    at: fc.constant(AT),
  })).map((one) =>
    // An empty block has no line to print.
    one?.type === undefined && one?.password === undefined ? undefined : one
  ),
  authHmac: maybe(fc.record({
    keys: fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 255 }),
        value: TEXT,
        at: fc.constant(AT),
      }),
      { maxLength: 2 },
    ),
    activeKey: fc.integer({ min: 1, max: 255 }),
    timeWindowNs: duration(1e9, 300e9, 1e9),
    antiReplay: maybe(
      fc.constantFrom("time" as const, "monotonic" as const),
    ),
    mode: maybe(fc.constantFrom(
      "enforce" as const,
      "permissive" as const,
      "receive-only" as const,
    )),
    at: fc.constant(AT),
  })),
  unicastSourceIp: maybe(ADDRESS),
  multicastSourceIp: maybe(ADDRESS),
  multicastDestinationIp: maybe(fc.oneof(GROUP4, GROUP6)),
  unicastPeers: maybe(fc.array(PEER, { minLength: 1, maxLength: 3 })),
  unicastTtl: TTL,
  checkUnicastSource: MAYBE,
  skipCheckAdvertAddresses: MAYBE,
  lowerPriorityNoAdvert: MAYBE,
  higherPrioritySendAdvert: MAYBE,
  ownerIgnoreAdverts: MAYBE,
  linkbeatUsePolling: MAYBE,
  faultWithoutPeers: MAYBE,
  receiveBufferBytes: maybe(fc.nat()),
  dontTrackPrimary: MAYBE,
  promoteSecondaries: MAYBE,
  strictMode: MAYBE,
  accept: MAYBE,
  noVirtualAddresses: MAYBE,
  oldUnicastChecksum: maybe(
    fc.constantFrom(true as const, "never" as const),
  ),
  timerExpiredBackup: maybe(fc.integer({ min: 1, max: 254 })),
  v3ChecksumAsV2: MAYBE,
  ...garp,
  virtualAddresses: fc.array(ENTRY, { maxLength: 4 }),
  excludedAddresses: fc.array(ENTRY, { maxLength: 2 }),
  virtualRoutes: fc.array(ROUTE, { maxLength: 2 }),
  virtualRules: fc.array(RULE, { maxLength: 2 }),
  ...tracking,
  ...notifyScripts,
  notifyDeleted: fc.oneof(MAYBE, SCRIPT_LINE),
  notifyMasterRxLowerPriority: SCRIPT_LINE,
  at: fc.constant(AT),
});

const GLOBALS: fc.Arbitrary<GlobalDefs> = fc.record({
  routerId: maybe(TEXT),
  disableLocalIgmp: MAYBE,
  vmacPrefix: maybe(NAME),
  vmacAddressPrefix: maybe(NAME),
  vrrpVersion: VERSION,
  multicastGroup4: maybe(GROUP4),
  multicastGroup6: maybe(GROUP6),
  skipCheckAdvertAddresses: MAYBE,
  ...garp,
  garpIntervalNs: INTERVAL,
  gnaIntervalNs: INTERVAL,
  startupDelayNs: duration(1e6, 4294e9, 1e6),
  delayAfterBootNs: duration(1e6, 4294e9, 1e6),
  checkUnicastSource: MAYBE,
  strict: MAYBE,
  ownerIgnoreAdverts: MAYBE,
  defaultInterface: maybe(NAME),
  linkbeatUsePolling: MAYBE,
  logUnknownVrids: MAYBE,
  receiveBufferPolicy: maybe(fc.oneof(
    fc.nat(),
    fc.constantFrom("MTU" as const, "ADVERT" as const),
  )),
  receiveBufferMultiplier: maybe(fc.integer({ min: 1, max: 2 ** 32 - 1 })),
  linkbeatInterfaces: maybe(fc.array(
    fc.record({
      interface: NAME,
      method: maybe(fc.constantFrom(...BEAT_METHODS)),
      at: fc.constant(AT),
    }),
    { maxLength: 2 },
  )),
  interfaceDelays: maybe(fc.array(
    fc.record({
      interface: NAME,
      downNs: fc.integer({ min: 0, max: 255_000 }).map((ms) => ms * 1e6),
      upNs: duration(0, 255e9, 1e6),
      at: fc.constant(AT),
    }),
    { maxLength: 2 },
  )),
  staticAddresses: fc.array(ENTRY, { maxLength: 2 }),
  staticRoutes: fc.array(ROUTE, { maxLength: 2 }),
  staticRules: fc.array(RULE, { maxLength: 2 }),
  vrrpRealtimePriority: maybe(fc.integer({ min: 1, max: 99 })),
  vrrpCpus: maybe(fc.array(fc.nat(4095), { minLength: 1, maxLength: 3 })),
  lowerPriorityNoAdvert: MAYBE,
  higherPrioritySendAdvert: MAYBE,
  downTimerAdverts: maybe(fc.integer({ min: 1, max: 100 })),
  v3ChecksumAsV2: MAYBE,
  scriptUser: SCRIPT_USER,
  enableScriptSecurity: MAYBE,
  notifyFifo: FIFO,
  notifyFifoScript: SCRIPT_LINE,
  vrrpNotifyFifo: FIFO,
  vrrpNotifyFifoScript: SCRIPT_LINE,
  notifyPriorityChanges: MAYBE,
  fifoWriteStatesOnReload: MAYBE,
  netNamespace: maybe(NAME),
  startupScript: SCRIPT_LINE,
  startupScriptTimeoutNs: duration(1e9, 1000e9, 1e9),
  shutdownScript: SCRIPT_LINE,
  shutdownScriptTimeoutNs: duration(1e9, 1000e9, 1e9),
  setSupplementaryGroups: MAYBE,
  reloadFile: fc.oneof(MAYBE, TEXT),
  reloadTimeFile: maybe(TEXT),
  reloadRepeat: MAYBE,
  ...LVS_GLOBALS,
  ...SERVICE_GLOBALS,
  at: fc.constant(AT),
});

const CONFIG: fc.Arbitrary<Config> = fc.record({
  globals: GLOBALS,
  log: fc.record({
    target: maybe(
      fc.constantFrom("journal" as const, "syslog" as const, "stderr" as const),
    ),
    facility: maybe(fc.constantFrom(...LOG_FACILITIES)),
    level: maybe(fc.constantFrom(...LOG_LEVELS)),
    at: fc.constant(AT),
  }),
  scripts: named(SCRIPT),
  files: named(FILE),
  processes: named(PROCESS),
  bfdInstances: named(BFD),
  groups: named(SYNC_GROUP),
  garpGroups: fc.array(GARP_GROUP, { maxLength: 2 }),
  instances: named(INSTANCE),
  lvs: LVS,
});

/** A model as plain data without its places. */
function plain(config: Config | undefined): unknown {
  return JSON.parse(
    JSON.stringify(
      config ?? null,
      (key, value) => key === "at" ? undefined : value,
    ),
  );
}

function read(text: string) {
  return readToml({ name: "print", text, includedFrom: undefined });
}

Deno.test("printToml() prints what readToml() reads back as the same", () => {
  fc.assert(
    fc.property(CONFIG, (config) => {
      const text = printToml(config);
      const { config: back, diagnostics } = read(text);
      assertEquals(diagnostics.map(({ message }) => message), [], text);
      assertEquals(plain(back), plain(config), text);
    }),
    { numRuns: 300 },
  );
});

Deno.test("printToml() prints the same again", () => {
  fc.assert(
    fc.property(CONFIG, (config) => {
      const text = printToml(config);
      const again = read(text).config;
      assertEquals(again && printToml(again), text);
    }),
    { numRuns: 300 },
  );
});

Deno.test("printToml() prints nothing of a model that says nothing", () => {
  assertEquals(printToml(emptyConfig()), "");
});

Deno.test("printToml() writes as a person would", () => {
  const text = `[global_defs]
router_id = "pi-1"

[vrrp_script.dns]
script = "/usr/bin/dig @127.0.0.1"
interval = 2

[vrrp_sync_group.short]
group = ["VI_1", "second one"]
track_interface = [{ name = "eth1", weight = -10 }, "eth2"]

[vrrp_sync_group.long]
group = [
  "an instance with a long name",
  "another instance with a long name",
  "a third one",
]

[vrrp_instance.VI_1]
state = "BACKUP"
interface = "eth0"
virtual_router_id = 51
priority = 150
advert_int = 0.3
nopreempt = true
authentication.auth_type = "PASS"
authentication.auth_pass = "s3cret"
unicast_peer = [
  "192.0.2.2",
  { address = "192.0.2.3", min_ttl = 255 },
]
virtual_ipaddress = ["192.0.2.10/24"]

[vrrp_instance."second one"]
virtual_ipaddress = [{ address = "192.0.2.11/24", dev = "eth1", label = "eth1:1", no_track = true }]
`;
  const { config = emptyConfig() } = read(text);
  assertEquals(printToml(config), text);
});

function emptyConfig(): Config {
  const { config } = read("");
  if (config === undefined) throw new Error("an empty text is TOML");
  return config;
}
