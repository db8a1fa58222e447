/**
 * For which of several routers of one vrid a datagram is.
 * @module
 */
import type { Datagram } from "../world/engine_world.ts";
import type { RouterRuntime } from "./router_runtime.ts";

/** Unicast routers may share a vrid: the one that follows the sender, else the one that has it as a peer. */
export function addressee(
  routers: readonly RouterRuntime[],
  datagram: Datagram,
): RouterRuntime | undefined {
  return routers.find(({ state }) =>
    state.kind === "backup" && state.master?.address === datagram.source
  ) ??
    routers.find(({ receiveContext }) =>
      receiveContext.peers?.has(datagram.source) === true
    );
}
