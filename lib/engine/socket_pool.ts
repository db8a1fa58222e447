/**
 * Sockets shared by the routers of one interface: opened with the first, closed with the last.
 *
 * Errors:  opening throws what the kernel refused; a half-taken share is given back.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import { IPPROTO_AH } from "../wire/ah.ts";
import { advertLength, IPPROTO_VRRP } from "../wire/vrrp.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { advertInterface } from "../vrrp/virtual_link.ts";
import type { EngineWorld, SocketHandle } from "../world/engine_world.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** A receiver and the routers that listen there. */
export interface ReceiverShare {
  readonly key: string;
  readonly handle: SocketHandle;
  readonly family: 4 | 6;
  readonly ifIndex: number;
  readonly byVrid: Map<number, RouterRuntime[]>;
  /** Senders whose adverts were accepted without a difference. */
  readonly trusted: Set<IpAddress>;
  /** What was made room for; undefined: as the kernel has it. */
  bufferBytes: number | undefined;
}

export interface SenderShare {
  readonly key: string;
  readonly handle: SocketHandle;
  users: number;
}

export class SocketPool {
  readonly #world: EngineWorld;
  readonly #mtuOf: (ifIndex: number) => number | undefined;
  readonly #receivers = new Map<string, ReceiverShare>();
  readonly #receiversByHandle = new Map<SocketHandle, ReceiverShare>();
  readonly #senders = new Map<string, SenderShare>();

  /** `mtuOf` knows interfaces by their index. */
  constructor(
    world: EngineWorld,
    mtuOf: (ifIndex: number) => number | undefined = () => undefined,
  ) {
    this.#world = world;
    this.#mtuOf = mtuOf;
  }

  receiverOf(handle: SocketHandle): ReceiverShare | undefined {
    return this.#receiversByHandle.get(handle);
  }

  /**
   * Lets `router` hear its group, or its own address `source`. One with authentication headers hears adverts without
   * them too, to tell whose they are.
   */
  takeReceivers(
    router: RouterRuntime,
    ifIndex: number,
    source: IpAddress,
  ): readonly ReceiverShare[] {
    const protocols = router.config.authentication.kind === "ah"
      ? [IPPROTO_AH, IPPROTO_VRRP]
      : [IPPROTO_VRRP];
    const taken: ReceiverShare[] = [];
    try {
      for (const protocol of protocols) {
        taken.push(this.#takeReceiver(router, ifIndex, source, protocol));
      }
      return taken;
    } catch (error) {
      for (const share of taken) {
        if (router.sockets?.receivers.includes(share)) continue;
        this.giveReceiver(share, router);
      }
      throw error;
    }
  }

  #takeReceiver(
    router: RouterRuntime,
    ifIndex: number,
    source: IpAddress,
    protocol: number,
  ): ReceiverShare {
    const { config } = router;
    const isMulticast = config.unicastPeers === undefined;
    const address = isMulticast ? config.multicastGroup : source;
    const key = `${config.family}/${ifIndex}/${address}/${protocol}`;
    let share = this.#receivers.get(key);
    if (share === undefined) {
      const { family } = config;
      const handle = this.#world.openReceiver({
        family,
        protocol,
        interface: advertInterface(config),
        ifIndex,
        address,
        isMulticast,
      });
      share = {
        key,
        handle,
        family,
        ifIndex,
        byVrid: new Map(),
        trusted: new Set(),
        bufferBytes: undefined,
      };
      this.#receivers.set(key, share);
      this.#receiversByHandle.set(handle, share);
    }
    const routers = share.byVrid.get(config.vrid);
    if (routers === undefined) share.byVrid.set(config.vrid, [router]);
    else if (!routers.includes(router)) routers.push(router);
    this.#size(share);
    return share;
  }

  giveReceiver(share: ReceiverShare, router: RouterRuntime): void {
    const { vrid } = router.config;
    const others = (share.byVrid.get(vrid) ?? []).filter((other) =>
      other !== router
    );
    if (others.length > 0) share.byVrid.set(vrid, others);
    else share.byVrid.delete(vrid);
    if (share.byVrid.size > 0) {
      this.#size(share);
      return;
    }
    this.#receivers.delete(share.key);
    this.#receiversByHandle.delete(share.handle);
    this.#world.close(share.handle);
  }

  /** The MTU of an interface may have changed. */
  linkChanged(ifIndex: number): void {
    for (const share of this.#receivers.values()) {
      if (share.ifIndex === ifIndex) this.#size(share);
    }
  }

  /** Makes room for what all routers of a receiver ask for together. */
  #size(share: ReceiverShare): void {
    let bytes = 0;
    for (const routers of share.byVrid.values()) {
      for (const { config } of routers) {
        bytes += receiveBytes(config, this.#mtuOf(share.ifIndex));
      }
    }
    if (bytes === 0 || bytes === share.bufferBytes) return;
    share.bufferBytes = bytes;
    this.#world.sizeReceiver(share.handle, bytes);
  }

  /** Over IPv6 routers share a sender only if they send from the same address. */
  takeSender(
    config: RouterConfig,
    ifIndex: number,
    address: IpAddress,
  ): SenderShare {
    const isMulticast = config.unicastPeers === undefined;
    const source = config.family === 6 ? address : undefined;
    const key = `${config.family}/${ifIndex}/${isMulticast}/${source ?? ""}`;
    let share = this.#senders.get(key);
    if (share === undefined) {
      const { family } = config;
      const handle = this.#world.openSender({
        family,
        interface: advertInterface(config),
        ifIndex,
        source,
        isMulticast,
      });
      share = { key, handle, users: 0 };
      this.#senders.set(key, share);
    }
    share.users++;
    return share;
  }

  giveSender(share: SenderShare): void {
    share.users--;
    if (share.users > 0) return;
    this.#senders.delete(share.key);
    this.#world.close(share.handle);
  }
}

/** IPv4's header without options, or IPv6's. */
const IP_HEADER_LENGTH = { 4: 20, 6: 40 } as const;
const DEFAULT_MTU = 1500;

/** Room that a router asks for; 0 where it asks for none. */
function receiveBytes(
  { receiveBuffer, version, family, virtualAddresses }: RouterConfig,
  mtu = DEFAULT_MTU,
): number {
  switch (receiveBuffer?.kind) {
    case undefined:
      return 0;
    case "bytes":
      return receiveBuffer.bytes;
    case "frames":
      return receiveBuffer.count * mtu;
    case "adverts":
      return receiveBuffer.count * (IP_HEADER_LENGTH[family] +
        advertLength(version, family, virtualAddresses.length));
  }
}
