/**
 * One entry of `virtual_ipaddress`: `"10.0.0.100/24"`, or a table with keepalived's options.
 * @module
 */
import { familyOf, type IpAddress } from "../../addr/ip_address.ts";
import type { AddressEntry } from "../model.ts";
import { type PrintedEntry, quoted } from "./printed_item.ts";
import {
  printSettings,
  readSettings,
  required,
  type Setting,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { LIFETIME_FOREVER } from "../../wire/rtnetlink.ts";
import { SCOPE } from "./scope_value.ts";
import {
  ADDRESS,
  BOOLEAN,
  type EntryType,
  inline,
  type InlineType,
  LABEL,
  NAME,
  PREFIXED,
  whole,
  word,
} from "./value_type.ts";
import {
  type PrefixedAddress,
  readPrefixed,
  type ValueReader,
} from "./value_readers.ts";

/** The fields that have a key of their own; the others come out of `address`. */
type AddressTable =
  & { readonly address: PrefixedAddress | undefined }
  & Omit<AddressEntry, "address" | "family" | "prefixLength" | "at">;

const BROADCAST: InlineType<IpAddress | "+" | "-"> = {
  shape: {
    kind: "either",
    of: [{ kind: "address" }, { kind: "word", words: ["+", "-"] }],
  },
  read: (node, sink) =>
    node.kind === "string" && (node.value === "+" || node.value === "-")
      ? node.value
      : ADDRESS.read(node, sink),
  text: quoted,
  print: (key, value, at) => [
    { kind: "line", at, text: `${key} = ${quoted(value)}` },
  ],
};

const FOREVER = word(["forever"]);
const SECONDS = whole(0, LIFETIME_FOREVER);

/** Seconds, or `"forever"`. */
const PREFERRED: InlineType<number> = inline(
  { kind: "either", of: [SECONDS.shape, FOREVER.shape] },
  (node, sink) =>
    node.kind === "string"
      ? FOREVER.read(node, sink) && LIFETIME_FOREVER
      : SECONDS.read(node, sink),
  (value) => value === LIFETIME_FOREVER ? quoted("forever") : String(value),
);

/** The far end of a point-to-point address; a host unless it has a prefix. */
const PEER: InlineType<NonNullable<AddressEntry["peer"]>> = {
  shape: PREFIXED.shape,
  read: (node, sink) => {
    const peer = PREFIXED.read(node, sink);
    if (peer === undefined) return undefined;
    const { address, prefixLength = hostLength(address) } = peer;
    return { address, prefixLength };
  },
  text: PREFIXED.text,
  print: PREFIXED.print,
};

function hostLength(address: IpAddress): number {
  return familyOf(address) === 4 ? 32 : 128;
}

/** A row for what is there or not. */
function flag(key: string, about: string): Setting<boolean> {
  return {
    key,
    type: BOOLEAN,
    absent: false,
    other: undefined,
    about,
    fallback: "false",
  };
}

const TABLE: SettingTable<AddressTable> = {
  name: "a virtual address",
  settings: {
    address: required(setting(
      "address",
      PREFIXED,
      "the address with its prefix length",
      "/32 or /128 where no prefix length is given",
    )),
    interface: setting(
      "dev",
      NAME,
      "interface that carries the address",
      "the instance's `interface`",
    ),
    label: setting("label", LABEL, "label of an IPv4 address, for old tools"),
    scope: setting("scope", SCOPE, "scope of an IPv4 address", '"global"'),
    broadcast: setting(
      "brd",
      BROADCAST,
      "broadcast address; `+` sets all host bits, `-` clears them",
      "none",
    ),
    peer: setting(
      "peer",
      PEER,
      "the far end of a point-to-point address",
      "none",
    ),
    noTrack: flag(
      "no_track",
      "whether `dev` is up, and the address still there, is no matter to the instance",
    ),
    noPrefixRoute: flag(
      "noprefixroute",
      "the kernel adds no route to the address's network",
    ),
    home: setting(
      "home",
      BOOLEAN,
      "an IPv6 address is the home address of a mobile node",
      "false",
    ),
    detectsDuplicates: setting(
      "dad",
      BOOLEAN,
      "duplicate address detection of an IPv6 address; keepalived's `-nodad`",
      "false",
    ),
    managesTemporary: setting(
      "mngtmpaddr",
      BOOLEAN,
      "the kernel makes temporary IPv6 addresses beside it",
      "false",
    ),
    autojoin: setting(
      "autojoin",
      BOOLEAN,
      "the kernel joins the multicast group that the address is",
      "false",
    ),
    preferredSeconds: setting(
      "preferred_lft",
      PREFERRED,
      "preferred lifetime in whole seconds; with 0 the host's own connections do not start from the address",
      '0 for an IPv6 address with /128, else "forever"',
    ),
    useVmac: flag(
      "use_vmac",
      "on a link beside `dev` that has the virtual hardware address",
    ),
  },
};

const PLAIN = {
  interface: undefined,
  label: undefined,
  scope: undefined,
  broadcast: undefined,
  peer: undefined,
  noTrack: false,
  noPrefixRoute: false,
  home: undefined,
  detectsDuplicates: undefined,
  managesTemporary: undefined,
  autojoin: undefined,
  preferredSeconds: undefined,
  useVmac: false,
} as const;

const read: ValueReader<AddressEntry> = (node, sink) => {
  if (node.kind !== "table") {
    const prefixed = readPrefixed(node, sink);
    return prefixed === undefined ? undefined : {
      ...prefixed,
      family: familyOf(prefixed.address),
      ...PLAIN,
      at: { self: node.span, of: {} },
    };
  }
  const { values, at } = readSettings(TABLE, node, TABLE.name, sink);
  const { address: prefixed, ...options } = values;
  if (prefixed === undefined) {
    if (at.of.address === undefined) {
      sink.error("HK0108", node.span, "`address` is missing", {});
    }
    return undefined;
  }
  return { ...prefixed, family: familyOf(prefixed.address), ...options, at };
};

function entry(value: AddressEntry): PrintedEntry {
  const { address, prefixLength, at } = value;
  const [first, ...options] = printSettings(
    TABLE,
    { ...value, address: { address, prefixLength } },
    at,
  ).flatMap((item) => item.kind === "line" ? [item.text] : []);
  return {
    at: at.self,
    text: options.length === 0
      ? PREFIXED.text({ address, prefixLength })
      : `{ ${[first, ...options].join(", ")} }`,
  };
}

/** An entry of `virtual_ipaddress` and `virtual_ipaddress_excluded`. */
export const ADDRESS_ENTRY: EntryType<AddressEntry> = {
  shape: {
    kind: "either",
    of: [PREFIXED.shape, { kind: "table", table: tableShape(TABLE) }],
  },
  read,
  entry,
};
