/**
 * From virtual servers as a configuration says them to those that are run: every default is applied here, and only here.
 *
 * Says:    keepalived's defaults: a checker's own setting counts, then the real server's, then the virtual server's.
 *          The model was checked before; what is impossible in it is left out here, never guessed.
 * Units:   nanoseconds; weights are IPVS weights; flags are those of `IP_VS_SVC_F_…` (linux/ip_vs.h).
 * @module
 */
import { familyOf, type IpAddress } from "../addr/ip_address.ts";
import type { IpFamily } from "../vrrp/router_config.ts";
import type {
  ForwardingMethod,
  GroupEntry,
  LvsProtocol,
  RealServer,
  Scheduler,
  ServerAddress,
  VirtualServer,
} from "./lvs_model.ts";
import type { Config, GlobalDefs } from "./model.ts";
import type { ScriptLine } from "./notify_model.ts";
import { type CheckerPlan, resolveCheckers } from "./resolve_checkers.ts";

const NAT: ForwardingMethod = { kind: "NAT", tunnel: undefined };
const PERSISTENCE_NS = 360e9;
const NS_PER_SECOND = 1e9;
/** `IP_VS_SVC_F_SCHED1` to `…3`. */
const SCHEDULER_FLAGS = [0x08, 0x10, 0x20] as const;

/** How packets get to a real server. */
export function serverMethod(
  server: RealServer,
  service: VirtualServer,
): ForwardingMethod {
  return server.method ?? service.method ?? NAT;
}

/** The IPVS weight of a real server. */
export function serverWeight(
  server: RealServer,
  service: VirtualServer,
): number {
  return server.weight ?? service.weight ?? 1;
}

/**
 * The family of a virtual server: that of its address; of a mark or a group the one it names, else that of the first
 * server that is no tunnel's end. undefined: all are, and they may be of either.
 */
export function serviceFamily(service: VirtualServer): IpFamily | undefined {
  if (service.address !== undefined) return familyOf(service.address);
  if (service.ipFamily !== undefined) return service.ipFamily;
  const first = service.realServers.find((server) =>
    serverMethod(server, service).kind !== "TUN"
  )?.address;
  return first === undefined ? undefined : familyOf(first);
}

/** What clients use. */
export type ServiceSelector =
  /** Port 0 is every port. */
  | {
    readonly kind: "address";
    readonly address: IpAddress;
    readonly port: number;
  }
  | { readonly kind: "firewallMark"; readonly firewallMark: number }
  | {
    readonly kind: "group";
    readonly name: string;
    readonly entries: readonly GroupEntry[];
  };

/** A client stays with its server. */
export interface Persistence {
  /** Whole seconds. */
  readonly timeoutNs: number;
  /** An IPv4 netmask or the length of an IPv6 prefix; undefined: each client by itself. */
  readonly granularity: IpAddress | number | undefined;
  readonly engine: string | undefined;
}

/** One virtual server to run. */
export interface VirtualService {
  readonly selector: ServiceSelector;
  readonly family: IpFamily;
  /** undefined for a firewall mark. */
  readonly protocol: LvsProtocol | undefined;
  readonly scheduler: Scheduler;
  /** `IP_VS_SVC_F_SCHED1|2|3`. */
  readonly schedulerFlags: number;
  readonly onePacket: boolean;
  readonly persistence: Persistence | undefined;
  readonly haSuspend: boolean;
  readonly omega: boolean;
  /** In weights, at most what the real servers weigh together. */
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp: ScriptLine | undefined;
  readonly quorumDown: ScriptLine | undefined;
  readonly smtpAlert: boolean;
  readonly snmpName: string | undefined;
  readonly sorryServer: SorryService | undefined;
  readonly realServers: readonly RealService[];
}

/** The server that is used without a quorum. */
export interface SorryService {
  readonly address: IpAddress;
  readonly port: number;
  readonly method: ForwardingMethod;
  readonly inhibit: boolean;
}

/** One real server. */
export interface RealService {
  readonly address: IpAddress;
  /** 0: that of the packet. */
  readonly port: number;
  readonly method: ForwardingMethod;
  readonly weight: number;
  /** 0: no limit. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly inhibitOnFailure: boolean;
  readonly notifyUp: ScriptLine | undefined;
  readonly notifyDown: ScriptLine | undefined;
  readonly smtpAlert: boolean;
  readonly snmpName: string | undefined;
  readonly checkers: readonly CheckerPlan[];
}

/** The virtual servers to run, in the order of the file. */
export function resolveVirtualServers(
  { lvs, globals }: Config,
): readonly VirtualService[] {
  const groups = new Map(lvs.groups.map((group) => [group.name, group]));
  return lvs.virtualServers.flatMap((server) => {
    const entries = groups.get(server.group ?? "")?.entries;
    const selector = resolveSelector(server, entries);
    return selector === undefined
      ? []
      : [resolveService(server, selector, globals)];
  });
}

function resolveSelector(
  { address, port = 0, firewallMark, group }: VirtualServer,
  entries: readonly GroupEntry[] | undefined,
): ServiceSelector | undefined {
  if (address !== undefined) return { kind: "address", address, port };
  if (firewallMark !== undefined) return { kind: "firewallMark", firewallMark };
  if (group === undefined || entries === undefined) return undefined;
  return { kind: "group", name: group, entries };
}

function resolveService(
  server: VirtualServer,
  selector: ServiceSelector,
  globals: GlobalDefs,
): VirtualService {
  const realServers = server.realServers.flatMap((one) =>
    resolveRealServer(one, server, selector, globals) ?? []
  );
  const sum = realServers.reduce((all, { weight }) => all + weight, 0);
  const quorum = Math.min(server.quorum ?? 1, sum);
  return {
    selector,
    family: serviceFamily(server) ?? commonFamily(realServers),
    protocol: server.protocol,
    scheduler: server.scheduler ?? "wlc",
    schedulerFlags: schedulerFlags(server),
    onePacket: server.onePacket ?? false,
    persistence: resolvePersistence(server),
    haSuspend: server.haSuspend ?? false,
    omega: server.omega ?? false,
    quorum,
    // Without any weight there is no quorum, and it cannot be lost.
    hysteresis: quorum === 0 ? 0 : Math.min(server.hysteresis ?? 0, quorum - 1),
    quorumUp: server.quorumUp,
    quorumDown: server.quorumDown,
    smtpAlert: server.smtpAlert ?? globals.smtpAlertChecker ??
      globals.smtpAlert ?? false,
    snmpName: server.snmpName,
    sorryServer: resolveSorryServer(server, selector),
    realServers,
  };
}

/** The family that all have; IPv4 where they differ. */
function commonFamily(servers: readonly RealService[]): IpFamily {
  return servers.length > 0 &&
      servers.every(({ address }) => familyOf(address) === 6)
    ? 6
    : 4;
}

/** The flags of sh and mh are the first two under other names. */
function schedulerFlags(server: VirtualServer): number {
  const [first, second, third] = SCHEDULER_FLAGS;
  const hasFallback = server.shFallback === true || server.mhFallback === true;
  const hasPort = server.shPort === true || server.mhPort === true;
  return (server.flag1 === true || hasFallback ? first : 0) |
    (server.flag2 === true || hasPort ? second : 0) |
    (server.flag3 === true ? third : 0);
}

function resolvePersistence(
  { persistenceTimeoutNs, persistenceGranularity, persistenceEngine }:
    VirtualServer,
): Persistence | undefined {
  if (
    persistenceTimeoutNs === undefined && persistenceGranularity === undefined
  ) return undefined;
  const seconds = (persistenceTimeoutNs ?? PERSISTENCE_NS) / NS_PER_SECOND;
  return {
    timeoutNs: Math.max(1, Math.round(seconds)) * NS_PER_SECOND,
    granularity: persistenceGranularity,
    engine: persistenceEngine,
  };
}

/** With NAT a server has a port of its own if it names one; else packets keep theirs. */
function portOf(
  own: number | undefined,
  selector: ServiceSelector,
  method: ForwardingMethod,
): number {
  if (method.kind === "NAT" && own !== undefined) return own;
  return selector.kind === "address" ? selector.port : 0;
}

function resolveSorryServer(
  server: VirtualServer,
  selector: ServiceSelector,
): SorryService | undefined {
  const { sorryServer, sorryServerMethod } = server;
  if (sorryServer === undefined) return undefined;
  const { address, port }: ServerAddress = sorryServer;
  const method = sorryServerMethod ?? server.method ?? NAT;
  return {
    address,
    port: portOf(port, selector, method),
    method,
    inhibit: server.sorryServerInhibit ?? false,
  };
}

function resolveRealServer(
  server: RealServer,
  service: VirtualServer,
  selector: ServiceSelector,
  globals: GlobalDefs,
): RealService | undefined {
  const { address } = server;
  if (address === undefined) return undefined;
  const method = serverMethod(server, service);
  const port = portOf(server.port, selector, method);
  return {
    address,
    port,
    method,
    weight: serverWeight(server, service),
    upperThreshold: server.upperThreshold ?? 0,
    lowerThreshold: server.lowerThreshold ?? 0,
    inhibitOnFailure: server.inhibitOnFailure ?? service.inhibitOnFailure ??
      false,
    notifyUp: server.notifyUp,
    notifyDown: server.notifyDown,
    smtpAlert: server.smtpAlert ?? globals.smtpAlertChecker ??
      globals.smtpAlert ?? true,
    snmpName: server.snmpName,
    checkers: resolveCheckers(server, service, { address, port }, globals),
  };
}
