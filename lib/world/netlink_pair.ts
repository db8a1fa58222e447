/**
 * Two sockets of rtnetlink: one that orders and hears the answers, one that hears what anybody changes.
 *
 * Errors:  {@linkcode SysError}; a pair that failed half-way is closed.
 * @module
 */
import { NetlinkSocket } from "../../ffi/netlink_socket.ts";
import { NETLINK_ROUTE } from "../wire/rtnetlink.ts";

/** The kernel builds dump answers of up to 32 KiB. */
export const RECEIVE_BYTES = 65536;
/** Orders of one flush. */
export const BATCH_BYTES = 32768;
const MONITOR_BUFFER_BYTES = 4 << 20;
const ORDER_BUFFER_BYTES = 1 << 20;

export class NetlinkPair {
  readonly orders: NetlinkSocket;
  readonly monitor: NetlinkSocket;

  /** `groups` (RTNLGRP_*) are what the monitor hears. */
  constructor(libnlPath: string, groups: readonly number[]) {
    this.orders = new NetlinkSocket({
      libnlPath,
      protocol: NETLINK_ROUTE,
      groups: [],
      receiveBufferBytes: ORDER_BUFFER_BYTES,
    });
    try {
      this.monitor = new NetlinkSocket({
        libnlPath,
        protocol: NETLINK_ROUTE,
        groups,
        receiveBufferBytes: MONITOR_BUFFER_BYTES,
      });
    } catch (error) {
      this.orders.close();
      throw error;
    }
  }

  close(): void {
    this.orders.close();
    this.monitor.close();
  }
}
