/**
 * From virtual servers as a configuration says them to those that are run: every default is applied here, and only here.
 *
 * Says:    keepalived's defaults: a checker's own setting counts, then the real server's, then the virtual server's.
 *          The model was checked before; what is impossible in it is left out here, never guessed.
 * Units:   nanoseconds.
 * @module
 */
import { familyOf } from "../addr/ip_address.ts";
import type { IpFamily } from "../vrrp/router_config.ts";
import type {
  ForwardingMethod,
  RealServer,
  VirtualServer,
} from "./lvs_model.ts";

const NAT: ForwardingMethod = { kind: "NAT", tunnel: undefined };

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
