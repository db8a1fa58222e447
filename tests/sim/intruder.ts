/**
 * Adverts of somebody who has a vrid of ours and is none of us.
 * @module
 */
import { type IpAddress, ipAddressBytes } from "../../lib/addr/ip_address.ts";
import { exampleIp } from "../../lib/vrrp/example_router.ts";
import { intervalOnWire } from "../../lib/vrrp/receive.ts";
import type { RouterConfig } from "../../lib/vrrp/router_config.ts";
import {
  encodeIpv4Header,
  IPV4_HEADER_LENGTH,
} from "../../lib/wire/ip_header.ts";
import { encodeAdvert } from "../../lib/wire/vrrp.ts";
import type { Datagram } from "../../lib/world/engine_world.ts";
import type { Host } from "./host.ts";
import type { Random } from "./random.ts";

const HEADER_ROOM = 40;

/** One advert, to whomever it is for. */
export interface IntruderAdvert {
  readonly what: string;
  readonly datagrams: readonly Datagram[];
}

/** An advert with the vrid of `config`: of the same version or another, with another password and other addresses. */
export function intruderAdvert(
  random: Random,
  config: RouterConfig,
  hosts: readonly Host[],
  version = chooseVersion(random, config),
): IntruderAdvert {
  const { family, vrid } = config;
  const hasPassword = version === 2 && random.chance(0.5);
  const priority = random.pick([0, 50, 100, 200, 255]);
  const source = exampleIp(family === 4 ? "192.0.2.250" : "fe80::250");
  const addresses = ipAddressBytes(
    exampleIp(family === 4 ? "203.0.113.1" : "fe80::203:1"),
  );
  const destinations = config.unicastPeers === undefined
    ? [config.multicastGroup]
    : hosts.flatMap(({ ports }) =>
      ports.filter(({ link }) => link === config.interface)
        .map(({ address }) => exampleIp(address.split("/")[0] ?? ""))
    );
  const fields = {
    version,
    family,
    vrid,
    priority,
    addresses,
    authType: hasPassword ? 1 : 0,
    authentication: new Uint8Array(8).fill(hasPassword ? 0x78 : 0),
    interval: version === config.version ? intervalOnWire(config) : 1,
    isSumWithoutPseudoHeader: random.chance(0.2),
  } as const;
  return {
    what: `${vrid}/${priority} of version ${version}`,
    datagrams: destinations.map((destination) =>
      write(fields, source, destination)
    ),
  };
}

function chooseVersion(random: Random, config: RouterConfig): 2 | 3 {
  const isForeign = config.family === 4 && random.chance(0.3);
  return isForeign ? config.version === 2 ? 3 : 2 : config.version;
}

function write(
  fields: Parameters<typeof encodeAdvert>[0],
  source: IpAddress,
  destination: IpAddress,
): Datagram {
  const isIpv4 = fields.family === 4;
  const at = isIpv4 ? IPV4_HEADER_LENGTH : HEADER_ROOM;
  const room = new Uint8Array(256);
  const from = ipAddressBytes(source);
  const to = ipAddressBytes(destination);
  const length = encodeAdvert(fields, from, to, room, at);
  if (isIpv4) encodeIpv4Header(from, to, 255, length, room);
  const start = isIpv4 ? 0 : at;
  return {
    bytes: room.slice(0, at + length),
    start,
    length: at + length - start,
    source,
    destination,
    hopLimit: 255,
    isTruncated: false,
  };
}
