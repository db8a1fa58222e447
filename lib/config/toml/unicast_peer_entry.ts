/**
 * One entry of `unicast_peer`: `"10.0.0.2"`, or a table with `address`, `min_ttl` and `max_ttl`.
 * @module
 */
import type { IpAddress } from "../../addr/ip_address.ts";
import type { UnicastPeerEntry } from "../model.ts";
import type { PrintedEntry } from "./printed_item.ts";
import {
  printSettings,
  readSettings,
  required,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { ADDRESS, type EntryType, whole } from "./value_type.ts";
import type { ValueReader } from "./value_readers.ts";

type PeerTable =
  & { readonly address: IpAddress | undefined }
  & Omit<UnicastPeerEntry, "address" | "at">;

const TTL = whole(0, 255);

const TABLE: SettingTable<PeerTable> = {
  name: "a unicast peer",
  settings: {
    address: required(setting("address", ADDRESS, "the peer")),
    ttlMin: setting(
      "min_ttl",
      TTL,
      "lowest TTL or hop limit that is accepted from it",
      "none",
    ),
    ttlMax: setting(
      "max_ttl",
      TTL,
      "highest TTL or hop limit that is accepted from it",
      "none",
    ),
  },
};

const read: ValueReader<UnicastPeerEntry> = (node, sink) => {
  if (node.kind !== "table") {
    const address = ADDRESS.read(node, sink);
    return address === undefined ? undefined : {
      address,
      ttlMin: undefined,
      ttlMax: undefined,
      at: { self: node.span, of: {} },
    };
  }
  const { values, at } = readSettings(TABLE, node, TABLE.name, sink);
  const { address } = values;
  if (address !== undefined) return { ...values, address, at };
  if (at.of.address === undefined) {
    sink.error("HK0108", node.span, "`address` is missing", {});
  }
  return undefined;
};

function entry(peer: UnicastPeerEntry): PrintedEntry {
  const { address, at } = peer;
  const lines = printSettings(TABLE, peer, at)
    .flatMap((item) => item.kind === "line" ? [item.text] : []);
  return {
    at: at.self,
    text: lines.length === 1
      ? ADDRESS.text(address)
      : `{ ${lines.join(", ")} }`,
  };
}

/** An entry of `unicast_peer`. */
export const UNICAST_PEER_ENTRY: EntryType<UnicastPeerEntry> = {
  shape: {
    kind: "either",
    of: [ADDRESS.shape, { kind: "table", table: tableShape(TABLE) }],
  },
  read,
  entry,
};
