/**
 * Values of virtual and real servers: addresses with ports, forwarding methods.
 * @module
 */
import type { IpAddress } from "../../addr/ip_address.ts";
import {
  FORWARDING_METHODS,
  type ForwardingMethod,
  type ServerAddress,
  type Tunnel,
  TUNNEL_CHECKSUMS,
  TUNNEL_TYPES,
} from "../lvs_model.ts";
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import {
  inlineTable,
  readSettings,
  required,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import type { TomlTable } from "./tree.ts";
import { ADDRESS, inline, type InlineType, whole, word } from "./value_type.ts";

/** A port that is there. */
export const PORT = whole(1, 65_535);

/** Reads a table; undefined without the setting `key`, which is reported. */
export function readWith<M extends object, K extends keyof M & string>(
  table: SettingTable<M>,
  node: TomlTable,
  key: K,
  sink: DiagnosticSink,
): M & { readonly [P in K]: NonNullable<M[P]> } | undefined {
  const { values, at } = readSettings(table, node, table.name, sink);
  const value = values[key];
  if (value !== undefined && value !== null) return { ...values, [key]: value };
  if (!Object.hasOwn(at.of, key)) {
    const missing = table.settings[key].key;
    sink.error("HK0108", node.span, `\`${missing}\` is missing`, {});
  }
  return undefined;
}

interface AddressFields {
  readonly address: IpAddress | undefined;
  readonly port: number | undefined;
}

const ADDRESS_TABLE: SettingTable<AddressFields> = {
  name: "a server",
  settings: {
    address: required(setting("address", ADDRESS, "its address")),
    port: setting("port", PORT, "its port", "the virtual server's"),
  },
};

/** `"10.0.0.9"` or `{ address = "10.0.0.9", port = 80 }`. */
export const SERVER_ADDRESS: InlineType<ServerAddress> = inline(
  {
    kind: "either",
    of: [ADDRESS.shape, { kind: "table", table: tableShape(ADDRESS_TABLE) }],
  },
  (node, sink) => {
    if (node.kind === "table") {
      return readWith(ADDRESS_TABLE, node, "address", sink);
    }
    const address = ADDRESS.read(node, sink);
    return address === undefined ? undefined : { address, port: undefined };
  },
  (value) =>
    value.port === undefined
      ? ADDRESS.text(value.address)
      : inlineTable(ADDRESS_TABLE, value),
);

type MethodFields =
  & { readonly kind: ForwardingMethod["kind"] | undefined }
  & {
    readonly [K in keyof Tunnel]: Tunnel[K] | undefined;
  };

const METHOD = word(FORWARDING_METHODS);

const METHOD_TABLE: SettingTable<MethodFields> = {
  name: "a forwarding method",
  settings: {
    kind: required(setting("method", METHOD, "how packets get there")),
    type: setting("type", word(TUNNEL_TYPES), "kind of tunnel", '"ipip"'),
    port: setting("port", PORT, "UDP port of a gue tunnel", "none"),
    checksum: setting(
      "checksum",
      word(TUNNEL_CHECKSUMS),
      "checksum of a gue or gre tunnel; `remcsum` (gue) leaves it to the far end",
      '"nocsum"',
    ),
  },
};

/** `"DR"`, or `{ method = "TUN", type = "gue", port = 6080 }`. */
export const FORWARDING_METHOD: InlineType<ForwardingMethod> = inline(
  {
    kind: "either",
    of: [METHOD.shape, { kind: "table", table: tableShape(METHOD_TABLE) }],
  },
  (node, sink) => {
    if (node.kind !== "table") {
      const kind = METHOD.read(node, sink);
      return kind === undefined ? undefined : { kind, tunnel: undefined };
    }
    const found = readWith(METHOD_TABLE, node, "kind", sink);
    if (found === undefined) return undefined;
    const { kind, type, port, checksum } = found;
    const hasTunnel = type !== undefined || port !== undefined ||
      checksum !== undefined;
    return {
      kind,
      tunnel: hasTunnel ? { type: type ?? "ipip", port, checksum } : undefined,
    };
  },
  ({ kind, tunnel }) =>
    tunnel === undefined
      ? METHOD.text(kind)
      : inlineTable(METHOD_TABLE, { kind, ...tunnel }),
);
