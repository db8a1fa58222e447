/**
 * Addresses as words of a line.
 * @module
 */
import {
  familyOf,
  type IpAddress,
  isMulticast,
  parseIpAddress,
} from "../../addr/ip_address.ts";
import type { WordReader } from "./argument.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";
import { referenceHelp } from "./unreplaced.ts";

/** An IPv4 or IPv6 address; keepalived drops a `/mask` or `-range` behind it without a word. */
export const address: WordReader<IpAddress> = (line, index, context) => {
  const text = line.word(index);
  const tail = text.search(/[/-]/);
  const parsed = parseIpAddress(tail < 0 ? text : text.slice(0, tail));
  if (parsed === undefined) {
    notAnAddress(line, index, context, "the line is ignored");
  } else if (tail >= 0) {
    context.advise(
      "HK0407",
      line,
      line.wordSpan(index),
      `\`${line.word(0)}\` takes an address alone`,
      { label: `\`${text.slice(tail)}\` is ignored` },
    );
  }
  return parsed;
};

/** A multicast group of one family. */
export function multicastGroup(family: 4 | 6): WordReader<IpAddress> {
  return (line, index, context) => {
    const parsed = address(line, index, context);
    if (parsed === undefined) return undefined;
    if (familyOf(parsed) === family && isMulticast(parsed)) return parsed;
    context.warn(
      "HK0219",
      line,
      line.wordSpan(index),
      `\`${parsed}\` is not an IPv${family} multicast group`,
      {
        label: family === 4
          ? "must be in 224.0.0.0/4; the line is ignored"
          : "must be in ff00::/8; the line is ignored",
      },
    );
    return undefined;
  };
}

/** A multicast group of any family. */
export const anyMulticastGroup: WordReader<IpAddress> = (
  line,
  index,
  context,
) => {
  const parsed = parseIpAddress(line.word(index).replace(/[/-].*$/, ""));
  const family = parsed === undefined ? 4 : familyOf(parsed);
  return multicastGroup(family)(line, index, context);
};

/** An address with or without a prefix length. */
export interface AddressWithPrefix {
  readonly address: IpAddress;
  readonly prefixLength: number | undefined;
}

/** `ADDRESS[/PREFIX]`. A prefix length that cannot be is reported and left out. */
export function addressWithPrefix(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): AddressWithPrefix | undefined {
  const text = line.word(index);
  const slash = text.indexOf("/");
  const parsed = parseIpAddress(slash < 0 ? text : text.slice(0, slash));
  if (parsed === undefined) {
    notAnAddress(line, index, context, "the line is ignored");
    return undefined;
  }
  if (slash < 0) return { address: parsed, prefixLength: undefined };
  const prefix = text.slice(slash + 1);
  const max = familyOf(parsed) === 4 ? 32 : 128;
  const length = Number(prefix);
  if (/^[0-9]+$/.test(prefix) && length <= max) {
    return { address: parsed, prefixLength: length };
  }
  context.warn(
    "HK0104",
    line,
    line.wordSpan(index),
    `\`/${prefix}\` is not a prefix length`,
    { label: `must be 0 to ${max}; ${max} is used` },
  );
  return { address: parsed, prefixLength: undefined };
}

/** Reports that a word is no address. */
export function notAnAddress(
  line: LogicalLine,
  index: number,
  context: ReadContext,
  label: string,
) {
  const text = line.word(index);
  context.warn(
    "HK0105",
    line,
    line.wordSpan(index),
    `\`${text}\` is not an IP address`,
    {
      label,
      help: text.includes("$")
        ? referenceHelp(text, context.definitions)
        : text.includes("%")
        ? "leave out the zone; `dev` names the interface"
        : undefined,
    },
  );
}
