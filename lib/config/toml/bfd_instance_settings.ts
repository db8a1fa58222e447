/**
 * The keys of `[bfd_instance.NAME]`: keepalived's keywords.
 * @module
 */
import type { BfdInstance } from "../bfd_model.ts";
import { required, setting, type SettingTable } from "./setting.ts";
import { ADDRESS, BOOLEAN, duration, whole } from "./value_type.ts";

const INTERVAL_MAX_NS = 4_294_967e6;

export const BFD_INSTANCE_TABLE: SettingTable<
  Omit<BfdInstance, "name" | "at">
> = {
  name: "[bfd_instance.NAME]",
  settings: {
    neighborIp: required(setting(
      "neighbor_ip",
      ADDRESS,
      "address of the other end",
    )),
    sourceIp: setting(
      "source_ip",
      ADDRESS,
      "our address, of the same family",
      "the kernel chooses",
    ),
    minRxNs: setting(
      "min_rx",
      duration(1e6, INTERVAL_MAX_NS),
      "shortest interval at which packets are taken",
      '"10ms"',
    ),
    minTxNs: setting(
      "min_tx",
      duration(1e6, INTERVAL_MAX_NS),
      "interval between our packets while the session is up, unless the neighbour takes fewer",
      '"10ms"',
    ),
    idleTxNs: setting(
      "idle_tx",
      duration(1e9, INTERVAL_MAX_NS),
      "interval between our packets while the session is not up",
      "1",
    ),
    multiplier: setting(
      "multiplier",
      whole(1, 255),
      "packets of ours that the neighbour must miss to call the session down",
      "5",
    ),
    passive: setting(
      "passive",
      BOOLEAN,
      "send nothing until the neighbour has",
      "false",
    ),
    hopLimit: {
      ...setting(
        "ttl",
        whole(1, 255),
        "TTL or hop limit of our packets",
        "255",
      ),
      other: {
        key: "hoplimit",
        type: whole(1, 255),
        isFor: () => false,
      },
    },
    hopsMax: setting(
      "max_hops",
      whole(-1, 255),
      "packets are dropped whose TTL or hop limit is lower than `ttl` by more; -1: none is. Without `ttl`, hop limits over IPv6 count from 64",
      "0",
    ),
    multihop: setting(
      "multihop",
      BOOLEAN,
      "speak with port 4784 (RFC 5883), there are routers between the two",
      "false",
    ),
    weight: setting(
      "weight",
      whole(-253, 253),
      "for those who follow it and give none; 0 makes a session that is not up FAULT",
      "0",
    ),
    reverse: setting(
      "reverse",
      BOOLEAN,
      "up and down change places, for those who follow it and do not say so",
      "false",
    ),
    vrrp: setting(
      "vrrp",
      BOOLEAN,
      "instances and groups may track it",
      "true unless `checker` is",
    ),
    checker: setting(
      "checker",
      BOOLEAN,
      "`BFD_CHECK` may follow it",
      "true unless `vrrp` is",
    ),
  },
};
