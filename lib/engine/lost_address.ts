/**
 * An address that somebody took from a router that holds it, until it is back.
 * @module
 */
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
