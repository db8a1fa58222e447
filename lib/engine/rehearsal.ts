/**
 * Plays take-overs in memory before the first real one, so that no code is compiled while an address is missing.
 *
 * A backup may wait for months and then has to act within a millisecond. The engine's own code runs here on a world
 * that keeps everything to itself: same routers, same packets, same frames, nothing sent.
 *
 * Cost:    {@linkcode CYCLES} take-overs of a few routers, some tens of milliseconds once at start.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  parseIpAddress,
} from "../addr/ip_address.ts";
import { parseMacAddress } from "../addr/mac_address.ts";
import { BugError, defined } from "../assert.ts";
import {
  LINK_MULTICAST,
  LINK_RUNNING,
  LINK_UP,
  type ObservedAddress,
} from "../route/observed_link.ts";
import { AUTH_TYPE, intervalOnWire, passwordBytes } from "../vrrp/receive.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { encodeIpv4Header, IPV4_HEADER_LENGTH } from "../wire/ip_header.ts";
import { advertLength, encodeAdvert } from "../wire/vrrp.ts";
import type {
  AddressRequest,
  Datagram,
  EngineSink,
  EngineWorld,
  OutgoingFrame,
  OutgoingPacket,
  ReceiverSpec,
  SocketHandle,
} from "../world/engine_world.ts";
import { Engine } from "./engine.ts";

/** Enough for the engine's optimising compilers to have seen each path. */
const CYCLES = 40;
const ROUTERS_MAX = 6;
const HOP_LIMIT = 255;
const PEER_PRIORITY = 255;
const MAC = defined(parseMacAddress("02:00:00:00:00:01"), "a hardware address");
const OURS = { 4: ip("192.0.2.1"), 6: ip("fe80::1") } as const;
const PEER = { 4: ip("192.0.2.2"), 6: ip("fe80::2") } as const;

function ip(text: string): IpAddress {
  return defined(parseIpAddress(text), text);
}

/** What of the real world's sending can be practised: encoding an order, filling a batch. */
export interface Practice {
  readonly encodeAddress: (request: AddressRequest) => void;
  readonly fillBatch: (bytes: Uint8Array) => void;
}

/** Lets up to six of `routers` take over and yield in memory. */
export function rehearse(
  routers: readonly RouterConfig[],
  practice: Practice,
): void {
  const cast = routers.filter(({ priority }) => priority < PEER_PRIORITY).slice(
    0,
    ROUTERS_MAX,
  );
  if (cast.length === 0) return;
  const world = new RehearsalWorld(cast, practice);
  const engine = new Engine(world, { routers: cast });
  engine.start();
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    // A few turns reach the take-over of all; then the peers' adverts end it.
    for (let turn = 0; turn <= cast.length + 2; turn++) engine.turn();
    world.hearPeers = true;
    engine.turn();
  }
}

class RehearsalWorld implements EngineWorld {
  readonly #routers: readonly RouterConfig[];
  readonly #practice: Practice;
  readonly #interfaces: readonly string[];
  readonly #receivers = new Map<SocketHandle, ReceiverSpec>();
  #nowNs = 1e12;
  #changed: AddressRequest[] = [];
  /** The next wait brings an advert of a higher priority for every router. */
  hearPeers = false;

  constructor(routers: readonly RouterConfig[], practice: Practice) {
    this.#routers = routers;
    this.#practice = practice;
    this.#interfaces = [
      ...new Set(
        routers.flatMap((router) => [
          router.interface,
          ...[...router.virtualAddresses, ...router.excludedAddresses].map((
            address,
          ) => address.interface),
        ]),
      ),
    ];
  }

  nowNs(): number {
    return this.#nowNs;
  }

  utcNs(): number {
    return this.#nowNs;
  }

  drain(): void {}

  /** Rehearsed plans have no BFD sessions. */
  openBfd(): SocketHandle {
    throw new BugError("a rehearsal without BFD");
  }

  sendBfd(): undefined {}

  random(): number {
    return 0;
  }

  wait(deadlineNs: number, sink: EngineSink): void {
    for (const { present, ifIndex, address } of this.#changed) {
      const observed = observe(
        address.address,
        address.peer?.prefixLength ?? address.prefixLength,
      );
      if (present) sink.addressSeen(ifIndex, observed);
      else sink.addressGone(ifIndex, observed, true);
    }
    this.#changed = [];
    if (this.hearPeers) {
      this.hearPeers = false;
      for (const router of this.#routers) this.#hearPeer(router, sink);
    } else {
      this.#nowNs = Math.max(
        this.#nowNs,
        deadlineNs === Infinity ? this.#nowNs : deadlineNs,
      );
    }
  }

  takeInventory(sink: EngineSink): void {
    sink.inventoryBegan();
    this.#interfaces.forEach((name, i) => {
      sink.linkSeen({
        index: i + 1,
        name,
        flags: LINK_UP | LINK_RUNNING | LINK_MULTICAST,
        mac: MAC,
        mtu: 1500,
      });
      for (const address of new Set(this.#sources())) {
        sink.addressSeen(i + 1, observe(address, 24));
      }
    });
    sink.inventoryEnded();
  }

  openReceiver(spec: ReceiverSpec): SocketHandle {
    const handle: SocketHandle = { purpose: "receiver" };
    this.#receivers.set(handle, spec);
    return handle;
  }

  sizeReceiver(): void {}

  openSender(): SocketHandle {
    return { purpose: "sender" };
  }

  senderMac(): undefined {
    return undefined;
  }

  trustSender(): void {}

  close(handle: SocketHandle): void {
    this.#receivers.delete(handle);
  }

  isIpv6Router(): boolean {
    return false;
  }

  makePacket(size: number): OutgoingPacket {
    return { bytes: new Uint8Array(size), length: 0, isQueued: false };
  }

  makeFrame(size: number): OutgoingFrame {
    return { bytes: new Uint8Array(size) };
  }

  queuePacket(_sender: SocketHandle, packet: OutgoingPacket): void {
    this.#practice.fillBatch(packet.bytes);
  }

  claimLink(): undefined {}
  releaseLink(): void {}
  makeLink(): undefined {}

  setUpLink(): undefined {}

  removeLink(): undefined {}

  restoreHost(): void {}

  promoteSecondaries(): void {}

  prepareAddress(): void {}

  preparePolicy(): void {}

  queuePolicy(): void {}

  queueAddress(request: AddressRequest): void {
    this.#practice.encodeAddress(request);
    this.#changed.push(request);
  }

  queueFrame(frame: OutgoingFrame): void {
    this.#practice.fillBatch(frame.bytes);
  }

  flush(): void {}

  schedule(): void {}

  post(): void {}

  dispose(): void {}

  #sources(): readonly IpAddress[] {
    return [
      OURS[4],
      OURS[6],
      ...this.#routers.flatMap(({ sourceAddress }) => sourceAddress ?? []),
    ];
  }

  #hearPeer(router: RouterConfig, sink: EngineSink): void {
    for (const [handle, spec] of this.#receivers) {
      if (
        spec.interface !== router.interface || spec.family !== router.family
      ) continue;
      sink.datagramReceived(handle, advertOfPeer(router, spec));
    }
  }
}

function observe(address: IpAddress, prefixLength: number): ObservedAddress {
  return {
    address,
    family: familyOf(address),
    prefixLength,
    scope: 0,
    flags: 0,
  };
}

/** What a peer of higher priority would send to `router`. */
function advertOfPeer(router: RouterConfig, spec: ReceiverSpec): Datagram {
  const { family, version, authentication } = router;
  const source = router.unicastPeers?.[0]?.address ?? PEER[family];
  const size = family === 4 ? 4 : 16;
  const addresses = new Uint8Array(size * router.virtualAddresses.length);
  router.virtualAddresses.forEach(({ address }, i) =>
    addresses.set(ipAddressBytes(address), i * size)
  );
  const start = family === 4 ? IPV4_HEADER_LENGTH : 0;
  const bytes = new Uint8Array(
    start + advertLength(version, family, router.virtualAddresses.length),
  );
  const from = ipAddressBytes(source);
  const to = ipAddressBytes(spec.address);
  const payload = encodeAdvert(
    {
      version,
      family,
      vrid: router.vrid,
      priority: PEER_PRIORITY,
      addresses,
      authType: AUTH_TYPE[authentication.kind],
      authentication: passwordBytes(
        authentication.kind === "pass" ? authentication.password : "",
      ),
      interval: intervalOnWire(router),
      isSumWithoutPseudoHeader: router.v3ChecksumAsV2,
    },
    from,
    to,
    bytes,
    start,
  );
  if (family === 4) encodeIpv4Header(from, to, HOP_LIMIT, payload, bytes);
  return {
    bytes,
    start: 0,
    length: bytes.length,
    source,
    destination: spec.address,
    hopLimit: HOP_LIMIT,
    isTruncated: false,
  };
}
