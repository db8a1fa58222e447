/**
 * An address that somebody took from a router that holds it, until it is back.
 * @module
 */
import {
  addressPlace,
  LINK_UP,
  type ObservedLink,
} from "../route/observed_link.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** `index` is its place among the router's addresses; -1 for none. */
export interface LostAddress {
  readonly router: RouterRuntime;
  readonly index: number;
}

/** The same address of the router that replaces the one that lost it; index -1 where it has none. */
export function inherit(
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

/**
 * What was taken from `router` while nobody could tell: after an inventory. Of an address of `no_track` the router takes
 * note that it is to be left alone.
 */
export function takenUnseen(
  router: RouterRuntime,
  linkNamed: (name: string) => ObservedLink | undefined,
): readonly LostAddress[] {
  if (!router.isHolding) return [];
  return router.addresses.flatMap((held, index) => {
    const link = linkNamed(held.interface);
    const heldOn = router.heldOn.get(held);
    // What was not ordered yet is not lost, and a link that is down loses addresses by itself.
    if (link === undefined || heldOn === undefined) return [];
    const place = addressPlace(
      held.address,
      held.peer?.prefixLength ?? held.prefixLength,
    );
    if ((link.flags & LINK_UP) === 0 || link.addresses.has(place)) return [];
    if (!held.noTrack) return [{ router, index }];
    if (heldOn === link.index) router.leftAlone.set(held, link.index);
    return [];
  });
}
