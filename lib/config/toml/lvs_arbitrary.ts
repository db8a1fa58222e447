/**
 * Any model of load balancing, for tests of what must hold of all.
 * @module
 */
import fc from "fast-check";
import {
  compareIpAddresses,
  type IpAddress,
  ipAddressFromBytes,
} from "../../addr/ip_address.ts";
import type { Span } from "../../diag/diagnostic.ts";
import {
  type CheckConnection,
  type Checkers,
  type CheckTiming,
  DNS_TYPES,
  HTTP_PROTOCOLS,
  type HttpCheck,
  REGEX_OPTIONS,
} from "../checker_model.ts";
import {
  FORWARDING_METHODS,
  type ForwardingMethod,
  type GroupEntry,
  LVS_PROTOCOLS,
  type LvsConfig,
  type LvsGlobals,
  type RealServer,
  SCHEDULERS,
  type ServerSettings,
  type SslSettings,
  TUNNEL_CHECKSUMS,
  TUNNEL_TYPES,
  type VirtualServer,
  type VirtualServerGroup,
} from "../lvs_model.ts";
import type { ScriptLine } from "../notify_model.ts";
import type { ServiceGlobals } from "../services_model.ts";
import type { ScriptUser } from "../tracking_model.ts";

const NOWHERE: Span = {
  source: { name: "model", text: "", includedFrom: undefined },
  start: 0,
  end: 0,
};
const AT = fc.constant({ self: NOWHERE, of: {} } as const);

type Model<T> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> };

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 2 });
}

function whole(min: number, max: number): fc.Arbitrary<number | undefined> {
  return maybe(fc.integer({ min, max }));
}

function micros(min: number, max: number): fc.Arbitrary<number | undefined> {
  return maybe(fc.integer({ min, max }).map((count) => count * 1000));
}

function addressOf(family: 4 | 6): fc.Arbitrary<IpAddress> {
  const length = family === 4 ? 4 : 16;
  return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) =>
    ipAddressFromBytes(bytes, 0, family)
  );
}

const ADDRESS = fc.oneof(addressOf(4), addressOf(6));
const BOOLEAN = maybe(fc.boolean());
const UINT = whole(0, 2 ** 32 - 1);
const PORT = whole(1, 65_535);
const TEXT = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    maxLength: 6,
    unit: fc.constantFrom('"', "'", "\\", "\n", "\t", "#", "é"),
  }),
);
const NAME = fc.stringMatching(/^[a-z][a-zA-Z0-9.:_@-]{0,14}$/);
const DELAY = micros(0, 10 ** 9);
const LOOP = micros(1, 10 ** 9);

const USER: fc.Arbitrary<ScriptUser> = fc.record({
  user: TEXT,
  group: maybe(TEXT),
});

const SCRIPT: fc.Arbitrary<ScriptLine> = fc.record({
  command: TEXT,
  user: maybe(USER),
  at: AT,
});

const METHOD: fc.Arbitrary<ForwardingMethod> = fc.record({
  kind: fc.constantFrom(...FORWARDING_METHODS),
  tunnel: maybe(fc.record({
    type: fc.constantFrom(...TUNNEL_TYPES),
    port: PORT,
    checksum: maybe(fc.constantFrom(...TUNNEL_CHECKSUMS)),
  })),
});

const timing: Model<CheckTiming> = {
  retry: UINT,
  delayBeforeRetryNs: DELAY,
  warmupNs: DELAY,
  delayLoopNs: LOOP,
  alpha: BOOLEAN,
  logAllFailures: BOOLEAN,
};

const connection: Model<CheckConnection> = {
  ...timing,
  connectIp: maybe(ADDRESS),
  connectPort: PORT,
  bindTo: maybe(ADDRESS),
  bindPort: PORT,
  bindInterface: maybe(NAME),
  connectTimeoutNs: LOOP,
  firewallMark: UINT,
};

const HTTP: fc.Arbitrary<HttpCheck> = fc.record({
  ...connection,
  virtualHost: maybe(TEXT),
  httpProtocol: maybe(fc.constantFrom(...HTTP_PROTOCOLS)),
  enableSni: BOOLEAN,
  sniName: maybe(TEXT),
  fastRecovery: BOOLEAN,
  tlsCompliant: BOOLEAN,
  urls: fc.array(
    fc.record({
      path: maybe(TEXT),
      digest: maybe(fc.stringMatching(/^[0-9a-f]{32}$/)),
      statusCodes: maybe(fc.array(
        fc.tuple(fc.integer({ min: 100, max: 599 }), fc.nat(599)).map((
          [first, last],
        ) => ({ first, last: Math.max(first, last) })),
        { minLength: 1, maxLength: 3 },
      )),
      virtualHost: maybe(TEXT),
      regex: maybe(TEXT),
      regexNoMatch: BOOLEAN,
      regexOptions: maybe(fc.subarray([...REGEX_OPTIONS], { minLength: 1 })),
      regexMinOffset: UINT,
      regexMaxOffset: UINT,
      regexStack: maybe(fc.record({
        start: fc.nat(1000),
        max: fc.integer({ min: 1000, max: 2 ** 40 }),
      })),
      tlsCompliant: BOOLEAN,
      at: AT,
    }),
    { maxLength: 3 },
  ),
  at: AT,
});

function some<T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[] | undefined> {
  return fc.option(fc.array(one, { minLength: 1, maxLength: 3 }), {
    nil: undefined,
    freq: 1,
  });
}

const checkers: Model<Checkers> = {
  tcpChecks: some(fc.record({ ...connection, at: AT })),
  pingChecks: some(fc.record({ ...connection, at: AT })),
  httpChecks: some(HTTP),
  sslChecks: some(HTTP),
  smtpChecks: some(
    fc.record({ ...connection, heloName: maybe(TEXT), at: AT }),
  ),
  dnsChecks: some(fc.record({
    ...connection,
    type: maybe(fc.constantFrom(...DNS_TYPES)),
    name: maybe(TEXT),
    at: AT,
  })),
  udpChecks: some(fc.record({
    ...connection,
    payload: maybe(fc.stringMatching(/^([0-9a-f]{2}){0,4}$/)),
    requireReply: maybe(fc.stringMatching(/^([0-9a-fx]{2}){0,4}$/)),
    minReplyLength: whole(0, 65_535),
    maxReplyLength: whole(0, 65_535),
    at: AT,
  })),
  miscChecks: some(fc.record({
    ...timing,
    command: maybe(TEXT),
    timeoutNs: micros(0, 10 ** 9),
    isDynamic: BOOLEAN,
    user: maybe(USER),
    at: AT,
  })),
  fileChecks: some(fc.record({
    trackFile: maybe(TEXT),
    weight: whole(-(2 ** 31) + 1, 2 ** 31 - 1),
    reverse: BOOLEAN,
    at: AT,
  })),
  bfdChecks: some(fc.record({ name: maybe(NAME), alpha: BOOLEAN, at: AT })),
};

const settings: Model<ServerSettings> = {
  retry: whole(1, 2 ** 32 - 1),
  delayBeforeRetryNs: DELAY,
  warmupNs: DELAY,
  connectTimeoutNs: LOOP,
  delayLoopNs: LOOP,
  weight: whole(1, 2 ** 31 - 1),
  method: maybe(METHOD),
  inhibitOnFailure: BOOLEAN,
  alpha: BOOLEAN,
  smtpAlert: BOOLEAN,
  virtualHost: maybe(TEXT),
  snmpName: maybe(TEXT),
};

const REAL_SERVER: fc.Arbitrary<RealServer> = fc.record({
  ...settings,
  ...checkers,
  address: maybe(ADDRESS),
  port: PORT,
  upperThreshold: UINT,
  lowerThreshold: UINT,
  notifyUp: maybe(SCRIPT),
  notifyDown: maybe(SCRIPT),
  at: AT,
});

const VIRTUAL_SERVER: fc.Arbitrary<VirtualServer> = fc.record({
  ...settings,
  address: maybe(ADDRESS),
  port: PORT,
  firewallMark: UINT,
  group: maybe(TEXT),
  ipFamily: maybe(fc.constantFrom<4 | 6>(4, 6)),
  protocol: maybe(fc.constantFrom(...LVS_PROTOCOLS)),
  scheduler: maybe(fc.constantFrom(...SCHEDULERS)),
  flag1: BOOLEAN,
  flag2: BOOLEAN,
  flag3: BOOLEAN,
  shPort: BOOLEAN,
  shFallback: BOOLEAN,
  mhPort: BOOLEAN,
  mhFallback: BOOLEAN,
  onePacket: BOOLEAN,
  persistenceTimeoutNs: micros(10 ** 6, 10 ** 9),
  persistenceGranularity: maybe(
    fc.oneof(addressOf(4), fc.integer({ min: 1, max: 128 })),
  ),
  persistenceEngine: maybe(NAME),
  haSuspend: BOOLEAN,
  omega: BOOLEAN,
  quorum: whole(1, 2 ** 32 - 1),
  hysteresis: UINT,
  quorumUp: maybe(SCRIPT),
  quorumDown: maybe(SCRIPT),
  sorryServer: maybe(fc.record({ address: ADDRESS, port: PORT })),
  sorryServerInhibit: BOOLEAN,
  sorryServerMethod: maybe(METHOD),
  realServers: fc.array(REAL_SERVER, { maxLength: 3 }),
  at: AT,
});

const ENTRY: fc.Arbitrary<GroupEntry> = fc.oneof(
  fc.constantFrom<4 | 6>(4, 6).chain((family) =>
    fc.tuple(addressOf(family), addressOf(family), PORT, AT).map(
      ([one, other, port, at]) => {
        const [first, last] = compareIpAddresses(one, other) < 0
          ? [one, other]
          : [other, one];
        return { kind: "addresses" as const, first, last, port, at };
      },
    )
  ),
  fc.record({
    kind: fc.constant("firewallMark" as const),
    firewallMark: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    family: maybe(fc.constantFrom<4 | 6>(4, 6)),
    at: AT,
  }),
);

const GROUP: fc.Arbitrary<VirtualServerGroup> = fc.record({
  name: fc.oneof(NAME, TEXT),
  entries: fc.array(ENTRY, { maxLength: 4 }),
  at: AT,
});

const SSL: fc.Arbitrary<SslSettings> = fc.record({
  password: maybe(TEXT),
  ca: maybe(TEXT),
  certificate: maybe(TEXT),
  key: maybe(TEXT),
  at: AT,
});

/** Any; what it says need not make sense. */
export const LVS: fc.Arbitrary<LvsConfig> = fc.record({
  ssl: maybe(SSL),
  groups: fc.uniqueArray(GROUP, { maxLength: 3, selector: ({ name }) => name }),
  virtualServers: fc.array(VIRTUAL_SERVER, { maxLength: 3 }),
});

const FIFO = fc.record({ path: TEXT, owner: maybe(USER), at: AT });
const PRIORITY = whole(-(2 ** 31), 2 ** 31 - 1);
const TABLE = maybe(fc.oneof(NAME, fc.boolean()));

/** Seconds that are whole. */
function seconds(min: number, max: number): fc.Arbitrary<number | undefined> {
  return maybe(fc.integer({ min, max }).map((count) => count * 1e9));
}

/** What `global_defs` says of it. */
export const LVS_GLOBALS: Model<LvsGlobals> = {
  netNamespaceIpvs: maybe(fc.oneof(NAME, fc.boolean())),
  lvsTimeouts: maybe(
    fc.record({
      tcpNs: seconds(0, 2_678_400),
      tcpFinNs: seconds(0, 2_678_400),
      udpNs: seconds(0, 2_678_400),
    }).filter((one) => Object.values(one).some((value) => value !== undefined)),
  ),
  lvsFlush: BOOLEAN,
  lvsFlushOnStop: maybe(fc.constantFrom("all" as const, "VS" as const)),
  lvsSyncDaemon: maybe(fc.record({
    interface: NAME,
    instance: maybe(TEXT),
    id: whole(0, 255),
    maxLength: whole(1, 65_507),
    port: PORT,
    ttl: whole(1, 255),
    group: maybe(
      fc.nat(15).map((low) =>
        ipAddressFromBytes(Uint8Array.of(224 + low, 1, 2, 3), 0, 4)
      ),
    ),
  })),
  lvsNotifyFifo: maybe(FIFO),
  lvsNotifyFifoScript: maybe(SCRIPT),
  checkerLogAllFailures: BOOLEAN,
  smtpAlertChecker: BOOLEAN,
  noCheckerEmails: BOOLEAN,
  rsInitNotifies: BOOLEAN,
};

/** What it says of services. */
export const SERVICE_GLOBALS: Model<ServiceGlobals> = {
  notificationEmail: maybe(
    fc.array(fc.record({ address: TEXT, at: AT }), { maxLength: 3 }),
  ),
  notificationEmailFrom: maybe(TEXT),
  smtpServer: maybe(fc.record({ host: TEXT, port: PORT })),
  smtpHeloName: maybe(TEXT),
  smtpConnectTimeoutNs: seconds(1, 4294),
  smtpAlert: BOOLEAN,
  smtpAlertVrrp: BOOLEAN,
  noEmailFaults: BOOLEAN,
  snmpSocket: maybe(TEXT),
  enableTraps: BOOLEAN,
  enableSnmpVrrp: BOOLEAN,
  enableSnmpRfc: BOOLEAN,
  enableSnmpRfcv2: BOOLEAN,
  enableSnmpRfcv3: BOOLEAN,
  enableSnmpChecker: BOOLEAN,
  snmpVsStatsUpdateIntervalNs: micros(1000, 30_000_000),
  snmpRsStatsUpdateIntervalNs: micros(1000, 30_000_000),
  enableDbus: BOOLEAN,
  dbusServiceName: maybe(TEXT),
  dbusNoInterfaceName: maybe(TEXT),
  nftables: TABLE,
  nftablesPriority: PRIORITY,
  nftablesIfindex: BOOLEAN,
  nftablesCounters: BOOLEAN,
  nftablesIpvs: TABLE,
  nftablesIpvsPriority: PRIORITY,
  nftablesIpvsStartFwmark: whole(1, 2 ** 32 - 1),
};
