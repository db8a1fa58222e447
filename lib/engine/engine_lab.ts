/**
 * What the engine's tests share: hosts in memory, time that passes, adverts that arrive, and what happened as lines.
 * @module
 */
import { assertEquals } from "@std/assert";
import { type IpAddress, ipAddressBytes } from "../addr/ip_address.ts";
import { assert, defined } from "../assert.ts";
import { exampleIp } from "../vrrp/example_router.ts";
import {
  intervalOnWire,
  passwordBytes,
  prepareReceive,
} from "../vrrp/receive.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { encodeIpv4Header, IPV4_HEADER_LENGTH } from "../wire/ip_header.ts";
import { encodeAdvert } from "../wire/vrrp.ts";
import type { Datagram } from "../world/engine_world.ts";
import { Engine } from "./engine.ts";
import { MemoryWorld } from "./memory_world.ts";
import type { EngineNotice, RouterSnapshot } from "./port.ts";

export const SECOND_NS = 1e9;
export const OUR_ADDRESS = "192.0.2.10/24";
/** Where {@linkcode advertOf} says an advert comes from. */
export const PEER = exampleIp("192.0.2.20");

/** A host whose eth0 is up and has 192.0.2.10/24. */
export function readyHost(): MemoryWorld {
  const world = new MemoryWorld();
  world.kernel.addLink("eth0");
  world.kernel.addAddress("eth0", OUR_ADDRESS);
  return world;
}

export function startEngine(
  world: MemoryWorld,
  ...routers: RouterConfig[]
): Engine {
  const engine = new Engine(world, { routers });
  engine.start();
  return engine;
}

/** Turns until nothing is left to do before `endNs`. */
export function runUntil(
  world: MemoryWorld,
  engine: Engine,
  endNs: number,
): void {
  // A deadline of the test's own: whoever waits past it wakes at it.
  const wake = world.wait.bind(world);
  world.wait = (deadlineNs, sink) => wake(Math.min(deadlineNs, endNs), sink);
  while (world.clockNs < endNs) engine.turn();
  world.wait = wake;
}

/** An engine whose routers have all become MASTER undisturbed, and nothing recorded. */
export function startMasters(
  world: MemoryWorld,
  ...routers: RouterConfig[]
): Engine {
  const engine = startEngine(world, ...routers);
  runUntil(world, engine, world.clockNs + 20 * SECOND_NS);
  for (const { state } of snapshots(world, engine)) {
    assertEquals(state, "MASTER");
  }
  world.takeTrace();
  world.takeNotices();
  return engine;
}

export function snapshots(
  world: MemoryWorld,
  engine: Engine,
): readonly RouterSnapshot[] {
  const kept = world.takeNotices();
  world.command({ kind: "snapshot", id: 7 });
  engine.turn();
  const notices = world.takeNotices();
  for (const notice of [...kept, ...notices]) {
    if (notice.kind === "snapshot") {
      assertEquals(notice.id, 7);
    } else world.post(notice);
  }
  const answer = notices.find((notice) => notice.kind === "snapshot");
  assert(answer?.kind === "snapshot", "a command is answered in its turn");
  return answer.routers;
}

export function snapshot(world: MemoryWorld, engine: Engine): RouterSnapshot {
  return defined(snapshots(world, engine)[0], "the first router");
}

/** State changes and gates as one line each. */
export function story(notices: readonly EngineNotice[]): string[] {
  return notices.flatMap((notice) => {
    if (notice.kind === "transition") {
      const { router, from, to, cause } = notice.transition;
      return [`${router} ${from} -> ${to}: ${cause}`];
    }
    if (notice.kind !== "gate") return [];
    const kinds = notice.reasons.map(({ kind }) => kind);
    return [
      `${notice.router} ${kinds.length === 0 ? "opens" : kinds.join(" ")}`,
    ];
  });
}

export interface AdvertOptions {
  readonly source?: IpAddress;
  readonly destination?: IpAddress;
  readonly priority?: number;
  readonly hopLimit?: number;
}

/** What a peer configured as `config` sends. */
export function advertOf(
  config: RouterConfig,
  options: AdvertOptions = {},
): Datagram {
  const source = options.source ?? PEER;
  const destination = options.destination ?? config.multicastGroup;
  const hopLimit = options.hopLimit ?? 255;
  const { authentication, family } = config;
  const start = family === 4 ? IPV4_HEADER_LENGTH : 0;
  const bytes = new Uint8Array(2000);
  const payload = encodeAdvert(
    {
      version: config.version,
      family,
      vrid: config.vrid,
      priority: options.priority ?? config.priority,
      addresses: prepareReceive(config).addresses,
      authType: authentication.kind === "pass" ? 1 : 0,
      authentication: passwordBytes(
        authentication.kind === "pass" ? authentication.password : "",
      ),
      interval: intervalOnWire(config),
      isSumWithoutPseudoHeader: config.v3ChecksumAsV2,
    },
    ipAddressBytes(source),
    ipAddressBytes(destination),
    bytes,
    start,
  );
  if (family === 4) {
    encodeIpv4Header(
      ipAddressBytes(source),
      ipAddressBytes(destination),
      hopLimit,
      payload,
      bytes,
    );
  }
  return {
    bytes,
    start: 0,
    length: start + payload,
    source,
    destination,
    hopLimit,
    isTruncated: false,
  };
}
