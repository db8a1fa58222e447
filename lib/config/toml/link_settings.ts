/**
 * Keys about the host's interfaces and the sockets on them, of `[global_defs]` and of instances.
 * @module
 */
import type {
  ExtraGarp,
  InstanceLinks,
  LinkGlobals,
  ReceiveBufferPolicy,
} from "../link_model.ts";
import { INTERFACE_DELAY, POLLED_INTERFACE } from "./link_entries.ts";
import { setting, type Settings } from "./setting.ts";
import {
  BOOLEAN,
  duration,
  inline,
  list,
  type ValueType,
  whole,
  word,
} from "./value_type.ts";

const UINT_MAX = 2 ** 32 - 1;
const BUFFER_BYTES = whole(0, UINT_MAX);
const BUFFER_WORD = word(["MTU", "ADVERT"]);

const BUFFER_POLICY: ValueType<ReceiveBufferPolicy | number> = inline(
  { kind: "either", of: [BUFFER_WORD.shape, BUFFER_BYTES.shape] },
  (node, sink) =>
    node.kind === "string"
      ? BUFFER_WORD.read(node, sink)
      : BUFFER_BYTES.read(node, sink),
  (value) =>
    typeof value === "number"
      ? BUFFER_BYTES.text(value)
      : BUFFER_WORD.text(value),
);

const EXTRA_GARP = duration(0, 86_400e9);

function extraGarp(
  keyword: string,
  fallback: string,
): Settings<ExtraGarp> {
  return {
    garpExtraNs: setting(
      keyword,
      EXTRA_GARP,
      "period of gratuitous ARP while MASTER by links that have virtual addresses and send no adverts; 0 is off",
      fallback,
    ),
    garpExtraAll: setting(
      `${keyword}_all`,
      BOOLEAN,
      `\`${keyword}\` is for all such links, not only those of virtual MAC addresses`,
      "false",
    ),
  };
}

export const GLOBAL_LINK_SETTINGS: Settings<LinkGlobals> = {
  ...extraGarp("vrrp_garp_extra_if", "0"),
  linkbeatUsePolling: setting(
    "linkbeat_use_polling",
    BOOLEAN,
    "the interfaces of all instances are asked every second whether they have a carrier, for drivers that do not tell",
    "false",
  ),
  linkbeatInterfaces: setting(
    "linkbeat_interfaces",
    list(POLLED_INTERFACE),
    "interfaces that are asked every second whether they have a carrier",
  ),
  interfaceDelays: setting(
    "interface_up_down_delays",
    list(INTERFACE_DELAY),
    "how long interfaces have to be down or up again before instances act on it",
  ),
  logUnknownVrids: setting(
    "log_unknown_vrids",
    BOOLEAN,
    "adverts of virtual routers that no instance has are logged",
    "false",
  ),
  receiveBufferPolicy: setting(
    "vrrp_rx_bufs_policy",
    BUFFER_POLICY,
    "room for adverts in receive buffers: bytes for each instance, or counted by its MTU or the length of its adverts",
    "the system's",
  ),
  receiveBufferMultiplier: setting(
    "vrrp_rx_bufs_multiplier",
    whole(1, UINT_MAX),
    "how many MTUs or adverts of each instance there is room for",
    "3",
  ),
};

export const INSTANCE_LINK_SETTINGS: Settings<InstanceLinks> = {
  ...extraGarp("garp_extra_if", "`vrrp_garp_extra_if`"),
  linkbeatUsePolling: setting(
    "linkbeat_use_polling",
    BOOLEAN,
    "the instance's interface is asked every second whether it has a carrier",
    "`linkbeat_use_polling` of `global_defs`",
  ),
  faultWithoutPeers: setting(
    "unicast_fault_no_peer",
    BOOLEAN,
    "an empty `unicast_peer` is a fault, not multicast",
    "false",
  ),
  receiveBufferBytes: setting(
    "kernel_rx_buf_size",
    whole(0, UINT_MAX),
    "bytes for adverts in the receive buffer; `vrrp_rx_bufs_policy` does not count then",
    "`vrrp_rx_bufs_policy`",
  ),
};
