/**
 * `encap` of a route or next hop: `{ type = "ip", id = 5, dst = "192.0.2.1" }`.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import { type Encapsulation, parseLocator } from "../../vrrp/encapsulation.ts";
import { quoted } from "./printed_item.ts";
import {
  inlineTable,
  readSettings,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { reportKind } from "./value_readers.ts";
import {
  ADDRESS,
  inline,
  type InlineType,
  shortList,
  whole,
  word,
} from "./value_type.ts";

/** All that a tunnel of any kind may have. */
interface EncapsulationTable {
  readonly type: Encapsulation["kind"] | undefined;
  readonly id: number | undefined;
  readonly destination: IpAddress | undefined;
  readonly source: IpAddress | undefined;
  readonly hopLimit: number | undefined;
  readonly trafficClass: number | undefined;
  readonly flags: number | undefined;
  readonly labels: readonly number[] | undefined;
  readonly locator: readonly number[] | undefined;
}

const NOTHING: EncapsulationTable = {
  type: undefined,
  id: undefined,
  destination: undefined,
  source: undefined,
  hopLimit: undefined,
  trafficClass: undefined,
  flags: undefined,
  labels: undefined,
  locator: undefined,
};

/** Four numbers of 16 bits, hexadecimal. */
const LOCATOR: InlineType<readonly number[]> = inline(
  {
    kind: "pattern",
    pattern: "^([0-9a-fA-F]{1,4}:){3}[0-9a-fA-F]{1,4}$",
    what: 'a locator such as "1:2:3:4"',
  },
  (node, sink) => {
    if (node.kind !== "string") {
      return reportKind(node, "a text in quotes", sink);
    }
    const locator = parseLocator(node.value);
    if (locator === undefined) {
      sink.error("HK0107", node.span, `\`${node.value}\` is no locator`, {
        label: 'must be four hexadecimal numbers such as "1:2:3:4"',
      });
    }
    return locator;
  },
  (locator) => quoted(locator.map((part) => part.toString(16)).join(":")),
);

const BYTE = whole(0, 255);

const TABLE: SettingTable<EncapsulationTable> = {
  name: "an encapsulation",
  settings: {
    type: setting(
      "type",
      word(["ip", "ip6", "mpls", "ila"]),
      "kind of tunnel; it must be given",
    ),
    id: setting("id", whole(0, Number.MAX_SAFE_INTEGER), "tunnel id", "0"),
    destination: setting("dst", ADDRESS, "the tunnel's other end", "none"),
    source: setting(
      "src",
      ADDRESS,
      "the tunnel's own end",
      "chosen by the kernel",
    ),
    hopLimit: setting("ttl", BYTE, "outer TTL or hop limit", "the kernel's"),
    trafficClass: setting(
      "tos",
      BYTE,
      "outer type of service or traffic class",
      "0",
    ),
    flags: setting("flags", whole(0, 65_535), "flags of the tunnel", "0"),
    labels: setting(
      "labels",
      shortList(whole(0, 2 ** 20 - 1)),
      'MPLS labels, the outermost first; of `"mpls"`',
    ),
    locator: setting("locator", LOCATOR, 'locator; of `"ila"`'),
  },
};

function encapsulationOf(
  table: EncapsulationTable,
): Encapsulation | string {
  const { type: kind, labels, locator, ...tunnel } = table;
  const hasTunnel = Object.values(tunnel).some((one) => one !== undefined);
  switch (kind) {
    case undefined:
      return "`type` is missing";
    case "mpls":
      if (labels === undefined || labels.length === 0) {
        return "`labels` is missing";
      }
      return hasTunnel || locator !== undefined
        ? '`"mpls"` has `labels` alone'
        : { kind, labels };
    case "ila":
      if (locator === undefined) return "`locator` is missing";
      return hasTunnel || labels !== undefined
        ? '`"ila"` has a `locator` alone'
        : { kind, locator };
    case "ip":
    case "ip6": {
      if (labels !== undefined || locator !== undefined) {
        return `\`"${kind}"\` has no \`labels\` and no \`locator\``;
      }
      const { id, destination, source } = tunnel;
      if (id === undefined && destination === undefined) {
        return "`id` or `dst` is missing";
      }
      const family = kind === "ip" ? 4 : 6;
      return [destination, source].some((one) =>
          one !== undefined && familyOf(one) !== family
        )
        ? `\`"${kind}"\` needs addresses of IPv${family}`
        : { kind, ...tunnel };
    }
  }
}

function tableOf(value: Encapsulation): EncapsulationTable {
  const { kind: type, ...rest } = value;
  return { ...NOTHING, ...rest, type };
}

export const ENCAPSULATION: InlineType<Encapsulation> = inline(
  { kind: "table", table: tableShape(TABLE) },
  (node, sink) => {
    if (node.kind !== "table") return reportKind(node, "a table", sink);
    const { values } = readSettings(TABLE, node, TABLE.name, sink);
    const read = encapsulationOf(values);
    if (typeof read !== "string") return read;
    sink.error("HK0110", node.span, read, {});
    return undefined;
  },
  (value) => inlineTable(TABLE, tableOf(value)),
);
