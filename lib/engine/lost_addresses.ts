/**
 * Addresses that somebody took from routers that hold them, until they are ordered again.
 * @module
 */
import {
  addressPlace,
  LINK_UP,
  type ObservedLink,
} from "../route/observed_link.ts";
import type { VirtualAddress } from "../vrrp/router_config.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** `index` is its place among the router's addresses; -1 for none. */
interface LostAddress {
  readonly router: RouterRuntime;
  readonly index: number;
}

export class LostAddresses {
  #lost: LostAddress[] = [];

  /** The `index`-th address of `router` was taken. */
  add(router: RouterRuntime, index: number): void {
    this.#lost.push({ router, index });
  }

  /**
   * What was taken from `router` while nobody could tell: after an inventory. Of an address of `no_track` the router
   * takes note that it is to be left alone.
   */
  addUnseen(
    router: RouterRuntime,
    linkNamed: (name: string) => ObservedLink | undefined,
  ): void {
    if (!router.isHolding) return;
    for (const [index, held] of router.addresses.entries()) {
      const link = linkNamed(held.interface);
      const heldOn = router.heldOn.get(held);
      // What was not ordered yet is not lost, and a link that is down loses addresses by itself.
      if (link === undefined || heldOn === undefined) continue;
      const place = addressPlace(
        held.address,
        held.peer?.prefixLength ?? held.prefixLength,
      );
      if ((link.flags & LINK_UP) === 0 || link.addresses.has(place)) continue;
      if (!held.noTrack) this.add(router, index);
      else if (heldOn === link.index) router.leftAlone.set(held, link.index);
    }
  }

  /** `heir` replaces `router`, and has lost what both have. */
  handOver(router: RouterRuntime, heir: RouterRuntime): void {
    this.#lost = this.#lost.map((lost) =>
      lost.router === router ? inherit(lost, heir) : lost
    );
  }

  /** Those that are to come back, once. */
  take(): readonly {
    readonly router: RouterRuntime;
    readonly address: VirtualAddress;
  }[] {
    if (this.#lost.length === 0) return [];
    const lost = this.#lost;
    this.#lost = [];
    return lost.flatMap(({ router, index }) => {
      const address = router.addresses[index];
      return router.isHolding && address !== undefined
        ? [{ router, address }]
        : [];
    });
  }
}

/** The same address of the router that replaces the one that lost it; index -1 where it has none. */
function inherit(
  { router, index }: LostAddress,
  heir: RouterRuntime,
): LostAddress {
  const lost = router.addresses[index];
  return {
    router: heir,
    index: heir.addresses.findIndex((one) =>
      one.address === lost?.address && one.interface === lost.interface
    ),
  };
}
