/**
 * What an instance needs to receive: room, and somebody to hear.
 *
 * Says:    keepalived's `kernel_rx_buf_size`, before which `vrrp_rx_bufs_policy` does not count, and
 *          `unicast_fault_no_peer`.
 * @module
 */
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { GlobalDefs, VrrpInstance } from "./model.ts";

const DEFAULT_MULTIPLIER = 3;

/** `peers` is how many the instance has. */
export function resolveReceiving(
  { receiveBufferBytes, faultWithoutPeers, unicastPeers }: VrrpInstance,
  { receiveBufferPolicy, receiveBufferMultiplier }: GlobalDefs,
  peers: number,
): Pick<RouterConfig, "lacksPeers" | "receiveBuffer"> {
  const lacksPeers = faultWithoutPeers === true && unicastPeers !== undefined &&
    peers === 0;
  const count = receiveBufferMultiplier ?? DEFAULT_MULTIPLIER;
  const bytes = receiveBufferBytes ??
    (typeof receiveBufferPolicy === "number" ? receiveBufferPolicy : undefined);
  const receiveBuffer: RouterConfig["receiveBuffer"] = bytes !== undefined
    ? { kind: "bytes", bytes }
    : receiveBufferPolicy === "MTU"
    ? { kind: "frames", count }
    : receiveBufferPolicy === "ADVERT"
    ? { kind: "adverts", count }
    : undefined;
  return {
    ...(lacksPeers ? { lacksPeers } : {}),
    ...(receiveBuffer === undefined ? {} : { receiveBuffer }),
  };
}
