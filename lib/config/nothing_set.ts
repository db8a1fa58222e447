/**
 * Parts of the model in which nothing is set, for readers to lay what they found over.
 * @module
 */
import type {
  BfdCheck,
  CheckConnection,
  CheckedUrl,
  Checkers,
  CheckTiming,
  DnsCheck,
  FileCheck,
  HttpCheck,
  MiscCheck,
  PingCheck,
  SmtpCheck,
  TcpCheck,
  UdpCheck,
} from "./checker_model.ts";
import type {
  LvsGlobals,
  RealServer,
  ServerSettings,
  SslSettings,
  VirtualServer,
} from "./lvs_model.ts";
import type { ProcessGlobals } from "./process_model.ts";
import type { ServiceGlobals } from "./services_model.ts";

type Unplaced<T> = Omit<T, "at">;

const NO_TIMING: CheckTiming = {
  retry: undefined,
  delayBeforeRetryNs: undefined,
  warmupNs: undefined,
  delayLoopNs: undefined,
  alpha: undefined,
  logAllFailures: undefined,
};

const NO_CONNECTION: CheckConnection = {
  ...NO_TIMING,
  connectIp: undefined,
  connectPort: undefined,
  bindTo: undefined,
  bindPort: undefined,
  bindInterface: undefined,
  connectTimeoutNs: undefined,
  firewallMark: undefined,
};

export const NO_TCP_CHECK: Unplaced<TcpCheck> = NO_CONNECTION;

export const NO_PING_CHECK: Unplaced<PingCheck> = NO_CONNECTION;

export const NO_UDP_CHECK: Unplaced<UdpCheck> = {
  ...NO_CONNECTION,
  payload: undefined,
  requireReply: undefined,
  minReplyLength: undefined,
  maxReplyLength: undefined,
};

export const NO_DNS_CHECK: Unplaced<DnsCheck> = {
  ...NO_CONNECTION,
  type: undefined,
  name: undefined,
};

export const NO_SMTP_CHECK: Unplaced<SmtpCheck> = {
  ...NO_CONNECTION,
  heloName: undefined,
};

export const NO_HTTP_CHECK: Unplaced<HttpCheck> = {
  ...NO_CONNECTION,
  virtualHost: undefined,
  httpProtocol: undefined,
  enableSni: undefined,
  sniName: undefined,
  fastRecovery: undefined,
  tlsCompliant: undefined,
  urls: [],
};

export const NO_URL: Unplaced<CheckedUrl> = {
  path: undefined,
  digest: undefined,
  statusCodes: undefined,
  virtualHost: undefined,
  regex: undefined,
  regexNoMatch: undefined,
  regexOptions: undefined,
  regexMinOffset: undefined,
  regexMaxOffset: undefined,
  regexStack: undefined,
  tlsCompliant: undefined,
};

export const NO_MISC_CHECK: Unplaced<MiscCheck> = {
  ...NO_TIMING,
  command: undefined,
  timeoutNs: undefined,
  isDynamic: undefined,
  user: undefined,
};

export const NO_FILE_CHECK: Unplaced<FileCheck> = {
  trackFile: undefined,
  weight: undefined,
  reverse: undefined,
};

export const NO_BFD_CHECK: Unplaced<BfdCheck> = {
  name: undefined,
  alpha: undefined,
};

const NO_CHECKERS: Checkers = {
  tcpChecks: undefined,
  httpChecks: undefined,
  sslChecks: undefined,
  smtpChecks: undefined,
  dnsChecks: undefined,
  udpChecks: undefined,
  pingChecks: undefined,
  miscChecks: undefined,
  fileChecks: undefined,
  bfdChecks: undefined,
};

const NO_SERVER_SETTINGS: ServerSettings = {
  retry: undefined,
  delayBeforeRetryNs: undefined,
  warmupNs: undefined,
  connectTimeoutNs: undefined,
  delayLoopNs: undefined,
  weight: undefined,
  method: undefined,
  inhibitOnFailure: undefined,
  alpha: undefined,
  smtpAlert: undefined,
  virtualHost: undefined,
  snmpName: undefined,
};

export const NO_REAL_SERVER: Unplaced<RealServer> = {
  address: undefined,
  port: undefined,
  ...NO_SERVER_SETTINGS,
  upperThreshold: undefined,
  lowerThreshold: undefined,
  notifyUp: undefined,
  notifyDown: undefined,
  ...NO_CHECKERS,
};

export const NO_VIRTUAL_SERVER: Unplaced<VirtualServer> = {
  address: undefined,
  port: undefined,
  firewallMark: undefined,
  group: undefined,
  ...NO_SERVER_SETTINGS,
  ipFamily: undefined,
  protocol: undefined,
  scheduler: undefined,
  flag1: undefined,
  flag2: undefined,
  flag3: undefined,
  shPort: undefined,
  shFallback: undefined,
  mhPort: undefined,
  mhFallback: undefined,
  onePacket: undefined,
  persistenceTimeoutNs: undefined,
  persistenceGranularity: undefined,
  persistenceEngine: undefined,
  haSuspend: undefined,
  omega: undefined,
  quorum: undefined,
  hysteresis: undefined,
  quorumUp: undefined,
  quorumDown: undefined,
  sorryServer: undefined,
  sorryServerInhibit: undefined,
  sorryServerMethod: undefined,
  realServers: [],
};

export const NO_SSL_SETTINGS: Unplaced<SslSettings> = {
  password: undefined,
  ca: undefined,
  certificate: undefined,
  key: undefined,
};

export const NO_LVS_GLOBALS: LvsGlobals = {
  netNamespaceIpvs: undefined,
  lvsTimeouts: undefined,
  lvsFlush: undefined,
  lvsFlushOnStop: undefined,
  lvsSyncDaemon: undefined,
  lvsNotifyFifo: undefined,
  lvsNotifyFifoScript: undefined,
  checkerLogAllFailures: undefined,
  smtpAlertChecker: undefined,
  noCheckerEmails: undefined,
  rsInitNotifies: undefined,
};

export const NO_PROCESS_GLOBALS: ProcessGlobals = {
  netNamespace: undefined,
  startupScript: undefined,
  startupScriptTimeoutNs: undefined,
  shutdownScript: undefined,
  shutdownScriptTimeoutNs: undefined,
  setSupplementaryGroups: undefined,
  reloadFile: undefined,
  reloadTimeFile: undefined,
  reloadRepeat: undefined,
};

export const NO_SERVICE_GLOBALS: ServiceGlobals = {
  notificationEmail: undefined,
  notificationEmailFrom: undefined,
  smtpServer: undefined,
  smtpHeloName: undefined,
  smtpConnectTimeoutNs: undefined,
  smtpAlert: undefined,
  smtpAlertVrrp: undefined,
  noEmailFaults: undefined,
  snmpSocket: undefined,
  enableTraps: undefined,
  enableSnmpVrrp: undefined,
  enableSnmpRfc: undefined,
  enableSnmpRfcv2: undefined,
  enableSnmpRfcv3: undefined,
  enableSnmpChecker: undefined,
  snmpVsStatsUpdateIntervalNs: undefined,
  snmpRsStatsUpdateIntervalNs: undefined,
  enableDbus: undefined,
  dbusServiceName: undefined,
  dbusNoInterfaceName: undefined,
  nftables: undefined,
  nftablesPriority: undefined,
  nftablesIfindex: undefined,
  nftablesCounters: undefined,
  nftablesIpvs: undefined,
  nftablesIpvsPriority: undefined,
  nftablesIpvsStartFwmark: undefined,
};
