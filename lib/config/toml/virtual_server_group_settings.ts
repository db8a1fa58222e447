/**
 * The keys of `[virtual_server_group.NAME]`.
 * @module
 */
import type { IpFamily } from "../../vrrp/router_config.ts";
import {
  type AddressRange,
  addressRangeText,
  parseAddressRange,
} from "../address_range.ts";
import type { GroupEntry, VirtualServerGroup } from "../lvs_model.ts";
import { type PrintedEntry, quoted } from "./printed_item.ts";
import { PORT } from "./server_values.ts";
import {
  inlineTable,
  readSettings,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import {
  type EntryType,
  inline,
  type InlineType,
  list,
  whole,
  word,
} from "./value_type.ts";
import { reportKind, type ValueReader } from "./value_readers.ts";

const RANGE: InlineType<AddressRange> = inline(
  {
    kind: "pattern",
    pattern: "^[0-9A-Fa-f:.]+([/-][0-9A-Fa-f:.]+)?$",
    what:
      "IP address, or several: `10.0.0.1-20`, `10.0.0.1-10.0.1.4`, `10.0.0.0/29`",
  },
  (node, sink) => {
    if (node.kind !== "string") {
      return reportKind(node, "an address in quotes", sink);
    }
    const parsed = parseAddressRange(node.value);
    if (parsed.kind === "range") return parsed.range;
    sink.error("HK0105", node.span, parsed.problem, {});
    return undefined;
  },
  (range) => quoted(addressRangeText(range)),
);

const FAMILY_WORD = word(["inet", "inet6"]);

/** `inet` is IPv4, `inet6` IPv6. */
export const FAMILY: InlineType<IpFamily> = inline(
  FAMILY_WORD.shape,
  (node, sink) => {
    const found = FAMILY_WORD.read(node, sink);
    return found === undefined ? undefined : found === "inet" ? 4 : 6;
  },
  (family) => quoted(family === 4 ? "inet" : "inet6"),
);

interface EntryFields {
  readonly range: AddressRange | undefined;
  readonly port: number | undefined;
  readonly firewallMark: number | undefined;
  readonly family: IpFamily | undefined;
}

const ENTRY_TABLE: SettingTable<EntryFields> = {
  name: "an entry of a group",
  settings: {
    range: setting("address", RANGE, "one address or several"),
    port: setting("port", PORT, "port of the addresses", "all ports"),
    firewallMark: setting(
      "fwmark",
      whole(0, 4_294_967_295),
      "a firewall mark, in place of an address",
    ),
    family: setting(
      "family",
      FAMILY,
      "family of the packets with the mark",
      "that of the real servers",
    ),
  },
};

const read: ValueReader<GroupEntry> = (node, sink) => {
  if (node.kind !== "table") {
    const range = RANGE.read(node, sink);
    if (range === undefined) return undefined;
    const at = { self: node.span, of: {} };
    return { kind: "addresses", ...range, port: undefined, at };
  }
  const { values, at } = readSettings(
    ENTRY_TABLE,
    node,
    ENTRY_TABLE.name,
    sink,
  );
  const { range, port, firewallMark, family } = values;
  const { self } = at;
  const isMark = at.of.firewallMark !== undefined;
  if (isMark === (at.of.range !== undefined)) {
    sink.error("HK0108", node.span, "an entry has an `address` or a `fwmark`", {
      label: isMark ? "this has both" : "this has neither",
    });
    return undefined;
  }
  const misplaced = isMark ? at.of.port : at.of.family;
  if (misplaced !== undefined) {
    sink.error(
      "HK0110",
      misplaced,
      isMark ? "a fwmark has no port" : "an address says its family itself",
      {},
    );
  }
  if (range !== undefined) {
    return { kind: "addresses", ...range, port, at: { self, of: {} } };
  }
  if (firewallMark === undefined) return undefined;
  return { kind: "firewallMark", firewallMark, family, at: { self, of: {} } };
};

function entry(value: GroupEntry): PrintedEntry {
  const { at } = value;
  const fields: EntryFields = value.kind === "addresses"
    ? {
      range: value,
      port: value.port,
      firewallMark: undefined,
      family: undefined,
    }
    : {
      range: undefined,
      port: undefined,
      firewallMark: value.firewallMark,
      family: value.family,
    };
  if (value.kind === "addresses" && value.port === undefined) {
    return { at: at.self, text: RANGE.text(value) };
  }
  return { at: at.self, text: inlineTable(ENTRY_TABLE, fields) };
}

const ENTRY: EntryType<GroupEntry> = {
  shape: {
    kind: "either",
    of: [RANGE.shape, { kind: "table", table: tableShape(ENTRY_TABLE) }],
  },
  read,
  entry,
};

export const GROUP_TABLE: SettingTable<
  Omit<VirtualServerGroup, "name" | "at">
> = {
  name: "[virtual_server_group.NAME]",
  settings: {
    entries: {
      ...setting(
        "entries",
        list(ENTRY),
        "addresses and firewall marks that are one virtual server; at least one",
      ),
      absent: [],
    },
  },
};
