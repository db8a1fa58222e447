/**
 * Readers of single TOML values: each returns the typed value, or reports what is wrong and returns undefined.
 *
 * Units:   durations become nanoseconds.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  isMulticast,
  parseIpAddress,
} from "../../addr/ip_address.ts";
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import { didYouMean } from "../../diag/suggest.ts";
import { isVmacAddress } from "../vmac_address.ts";
import type { TomlNode } from "./tree.ts";

export type ValueReader<T> = (
  node: TomlNode,
  sink: DiagnosticSink,
) => T | undefined;

const KIND_WORDS: Readonly<Record<TomlNode["kind"], string>> = {
  table: "a table",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  date: "a date",
};

const NAME_BYTES_MAX = 15;
/** A longer value is not written again. */
const REMEDY_LENGTH_MAX = 60;
/** Nanoseconds in each unit that a duration's text may have. */
const UNIT_NS: Readonly<Record<string, number>> = {
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Reports that another kind of value is needed. */
export function reportKind(
  node: TomlNode,
  wanted: string,
  sink: DiagnosticSink,
): undefined {
  const remedy = remedyFor(node, wanted);
  sink.error("HK0103", node.span, `expected ${wanted}`, {
    label: `this is ${KIND_WORDS[node.kind]}`,
    help: remedy === undefined ? undefined : `write \`${remedy}\``,
  });
}

const TRUTHS: Readonly<Record<string, boolean>> = {
  "1": true,
  on: true,
  true: true,
  yes: true,
  "0": false,
  false: false,
  no: false,
  off: false,
};

/** How the value would be written, if what was meant is plain. */
function remedyFor(node: TomlNode, wanted: string): string | undefined {
  const { source, start, end } = node.span;
  const written = source.text.slice(start, end);
  if (written.length > REMEDY_LENGTH_MAX || written.includes("\n")) {
    return undefined;
  }
  const value = node.kind === "string" ? node.value : written;
  if (wanted === "a whole number") {
    return /^-?[0-9]{1,10}$/.test(value) ? value : undefined;
  }
  if (wanted === "true or false") {
    return TRUTHS[value.toLowerCase()]?.toString();
  }
  if (wanted === "a list in [ ]") {
    return node.kind === "table" ? undefined : `[${written}]`;
  }
  return wanted === "a text in quotes" && node.kind === "number"
    ? `"${written}"`
    : undefined;
}

export const readBoolean: ValueReader<boolean> = (node, sink) =>
  node.kind === "boolean"
    ? node.value
    : reportKind(node, "true or false", sink);

export const readText: ValueReader<string> = (node, sink) =>
  node.kind === "string"
    ? node.value
    : reportKind(node, "a text in quotes", sink);

/** A whole number from `min` to `max`. */
export function readWhole(min: number, max: number): ValueReader<number> {
  return (node, sink) => {
    if (node.kind !== "number") return reportKind(node, "a whole number", sink);
    if (!node.isInteger) {
      sink.error("HK0103", node.span, "expected a whole number", {
        label: "this has decimals",
      });
      return undefined;
    }
    if (node.value >= min && node.value <= max) return node.value;
    sink.error("HK0104", node.span, `${node.value} is out of range`, {
      label: `must be ${min} ${max === min + 1 ? "or" : "to"} ${max}`,
    });
    return undefined;
  };
}

/** One of `words`, exactly. */
export function readWord<T extends string>(
  words: readonly T[],
): ValueReader<T> {
  return (node, sink) => {
    if (node.kind !== "string") {
      return reportKind(node, "a text in quotes", sink);
    }
    const found = words.find((word) => word === node.value);
    if (found !== undefined) return found;
    const help = didYouMean(node.value, words);
    sink.error(
      "HK0107",
      node.span,
      `\`${node.value}\` is not one of ${words.join(", ")}`,
      { help },
    );
    return undefined;
  };
}

/** Seconds as a number, or a text such as "300ms"; from `minNs` to `maxNs`. */
export function readDuration(
  minNs: number,
  maxNs: number,
): ValueReader<number> {
  return (node, sink) => {
    const ns = node.kind === "number"
      ? Math.round(node.value * 1e9)
      : node.kind === "string"
      ? parseDuration(node.value)
      : undefined;
    if (ns === undefined) {
      sink.error("HK0106", node.span, "not a duration", {
        help: 'write seconds (1, 0.3) or a text such as "300ms"',
      });
      return undefined;
    }
    if (ns >= minNs && ns <= maxNs) return ns;
    sink.error("HK0104", node.span, "the duration is out of range", {
      label: `must be ${minNs / 1e9} to ${maxNs / 1e9} seconds`,
    });
    return undefined;
  };
}

function parseDuration(text: string): number | undefined {
  const match = /^([0-9]+(?:\.[0-9]+)?) ?(us|ms|s|m|h)$/.exec(text);
  const unit = UNIT_NS[match?.[2] ?? ""];
  return match === null || unit === undefined
    ? undefined
    : Math.round(Number(match[1]) * unit);
}

export const readAddress: ValueReader<IpAddress> = (node, sink) => {
  if (node.kind !== "string") {
    return reportKind(node, "an IP address in quotes", sink);
  }
  const address = parseIpAddress(node.value);
  if (address !== undefined) return address;
  sink.error("HK0105", node.span, `\`${node.value}\` is not an IP address`, {});
  return undefined;
};

/** A multicast group, of one family if `family` is given. */
export function readGroup(family?: 4 | 6): ValueReader<IpAddress> {
  return (node, sink) => {
    const address = readAddress(node, sink);
    if (address === undefined) return undefined;
    const isOfFamily = family === undefined || familyOf(address) === family;
    if (isOfFamily && isMulticast(address)) return address;
    const kind = family === undefined
      ? "a multicast group"
      : `an IPv${family} multicast group`;
    sink.error("HK0219", node.span, `\`${address}\` is not ${kind}`, {
      label: family === 4
        ? "must be in 224.0.0.0/4"
        : family === 6
        ? "must be in ff00::/8"
        : "must be in 224.0.0.0/4 or ff00::/8",
    });
    return undefined;
  };
}

/** An address's label: any text that Linux has room for. */
export const readLabel: ValueReader<string> = (node, sink) => {
  if (node.kind !== "string") {
    return reportKind(node, "a label in quotes", sink);
  }
  const length = new TextEncoder().encode(node.value).length;
  if (length >= 1 && length <= NAME_BYTES_MAX) return node.value;
  sink.error("HK0109", node.span, `\`${node.value}\` cannot be a label`, {
    label: `1 to ${NAME_BYTES_MAX} bytes`,
  });
  return undefined;
};

/** An interface's name. */
export const readName: ValueReader<string> = (node, sink) => {
  if (node.kind !== "string") return reportKind(node, "a name in quotes", sink);
  const { value } = node;
  const length = new TextEncoder().encode(value).length;
  if (length >= 1 && length <= NAME_BYTES_MAX && !/[\s/]/.test(value)) {
    return value;
  }
  sink.error("HK0109", node.span, `\`${value}\` cannot be a name`, {
    label: `1 to ${NAME_BYTES_MAX} bytes without blanks and slashes`,
  });
  return undefined;
};

/** The hardware address of a virtual router: six octets, or five. */
export const readVmacAddress: ValueReader<string> = (node, sink) => {
  if (node.kind !== "string") {
    return reportKind(node, "a hardware address in quotes", sink);
  }
  const text = node.value.toLowerCase();
  if (isVmacAddress(text)) return text;
  sink.error(
    "HK0109",
    node.span,
    `\`${node.value}\` cannot be the hardware address of a virtual router`,
    { label: 'five or six octets, such as "02:00:00:00:01:33"' },
  );
  return undefined;
};

/** An address with an optional prefix length behind a slash. */
export interface PrefixedAddress {
  readonly address: IpAddress;
  readonly prefixLength: number | undefined;
}

export const readPrefixed: ValueReader<PrefixedAddress> = (node, sink) => {
  if (node.kind !== "string") {
    return reportKind(node, "an address in quotes", sink);
  }
  const [text = "", prefix, ...rest] = node.value.split("/");
  const address = parseIpAddress(text);
  if (address === undefined || rest.length > 0) {
    sink.error("HK0105", node.span, `\`${node.value}\` is not an address`, {
      help: wordsHelp(node.value) ??
        "write an address with a prefix length, such as 10.0.0.100/24",
    });
    return undefined;
  }
  if (prefix === undefined) return { address, prefixLength: undefined };
  const max = address.includes(":") ? 128 : 32;
  const length = /^[0-9]{1,3}$/.test(prefix) ? Number(prefix) : NaN;
  if (length <= max) return { address, prefixLength: length };
  sink.error("HK0104", node.span, `\`/${prefix}\` is no prefix length`, {
    label: `must be 0 to ${max}`,
  });
  return undefined;
};

/** An address with keepalived's words behind it, as TOML has it. */
function wordsHelp(text: string): string | undefined {
  const [address = "", ...words] = text.trim().split(/\s+/);
  const isAddress = parseIpAddress(address.split("/", 1)[0] ?? "");
  if (isAddress === undefined || words.length === 0) return undefined;
  const [key, value] = words;
  const isPair = words.length === 2 && (key === "dev" || key === "label");
  return isPair
    ? `write \`{ address = "${address}", ${key} = "${value}" }\``
    : `write a table: \`{ address = "${address}", … }\``;
}

/** A list of what `reader` reads; what is wrong in it is left out. */
export function readList<T>(reader: ValueReader<T>): ValueReader<readonly T[]> {
  return (node, sink) => {
    if (node.kind !== "array") return reportKind(node, "a list in [ ]", sink);
    return node.items.map((item) => reader(item, sink)).filter((item) =>
      item !== undefined
    );
  };
}
