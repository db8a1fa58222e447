/**
 * Words of virtual and real servers: addresses with ports, forwarding methods, scripts, hexadecimal texts.
 * @module
 */
import {
  FORWARDING_METHODS,
  type ForwardingMethod,
  type ServerAddress,
  type Tunnel,
  TUNNEL_CHECKSUMS,
  TUNNEL_TYPES,
} from "../lvs_model.ts";
import { tunnelProblem } from "../tunnel.ts";
import { address } from "./addresses.ts";
import {
  type Argument,
  missing,
  needs,
  oneOf,
  word,
  type WordReader,
} from "./argument.ts";
import type { LogicalLine } from "./logical_line.ts";
import { whole } from "./numbers.ts";
import type { ReadContext } from "./read_context.ts";

const portOrZero = whole(0, 65_535, { takesLeadingDigits: false });
const port = whole(1, 65_535, { takesLeadingDigits: false });
/** Linux's limit for names of interfaces. */
const INTERFACE_BYTES_MAX = 15;

/** `IP [PORT]` from word `index` on; undefined when it cannot be used. What keepalived drops behind the address is dropped. */
export function readServerAddress(
  line: LogicalLine,
  index: number,
  context: ReadContext,
): ServerAddress | undefined {
  if (index >= line.count) return undefined;
  const found = address(line, index, context);
  if (found === undefined) return undefined;
  if (index + 1 >= line.count) return { address: found, port: undefined };
  const number = portOrZero(line, index + 1, context);
  if (number === undefined) return undefined;
  return { address: found, port: number === 0 ? undefined : number };
}

/** `NAT|DR|TUN [type TYPE] [port N] [nocsum|csum|remcsum]`. A wrong tunnel word leaves the method and drops the rest. */
export const forwardingMethod: Argument<ForwardingMethod> = (line, context) => {
  if (line.count < 2) {
    needs(word)(line, context);
    return undefined;
  }
  const kind = oneOf(FORWARDING_METHODS)(line, 1, context);
  if (kind === undefined) return undefined;
  return { kind, tunnel: readTunnel(line, context) };
};

function readTunnel(
  line: LogicalLine,
  context: ReadContext,
): Tunnel | undefined {
  if (line.count < 3) return undefined;
  let type: Tunnel["type"] = "ipip";
  let gue: number | undefined;
  let checksum: Tunnel["checksum"];
  for (let index = 2; index < line.count; index++) {
    const option = line.word(index);
    const isSum = TUNNEL_CHECKSUMS.find((one) => one === option);
    if (isSum !== undefined) {
      checksum = isSum;
      continue;
    }
    if (option !== "type" && option !== "port") {
      oneOf(["type", "port", ...TUNNEL_CHECKSUMS])(line, index, context);
      return undefined;
    }
    index++;
    if (index >= line.count) {
      context.warn(
        "HK0424",
        line,
        line.wordSpan(index - 1),
        `\`${option}\` lacks its value`,
        { label: "the words about the tunnel are ignored" },
      );
      return undefined;
    }
    if (option === "type") {
      const found = oneOf(TUNNEL_TYPES)(line, index, context);
      if (found === undefined) return undefined;
      type = found;
    } else {
      gue = port(line, index, context);
      if (gue === undefined) return undefined;
    }
  }
  const tunnel = { type, port: gue, checksum };
  const problem = tunnelProblem(tunnel);
  if (problem === undefined) return tunnel;
  context.warn("HK0611", line, line.wordsSpan(2, line.count - 1), problem, {
    label: "the words about the tunnel are ignored",
  });
  return undefined;
}

/** An interface's name; what keepalived would look for in vain is ignored with an advice, what is too long with a message. */
export const laterInterface: WordReader<string> = (line, index, context) => {
  const text = line.word(index);
  const details = { label: "the line is ignored" };
  if (new TextEncoder().encode(text).length > INTERFACE_BYTES_MAX) {
    context.warn(
      "HK0422",
      line,
      line.wordSpan(index),
      `\`${text}\` is longer than ${INTERFACE_BYTES_MAX} bytes`,
      details,
    );
  } else if (text === "" || /[\s/]/.test(text)) {
    context.advise(
      "HK0109",
      line,
      line.wordSpan(index),
      `no interface can be called \`${text}\``,
      details,
    );
  } else return text;
  return undefined;
};

/**
 * Bytes in hexadecimal digits, blanks between them allowed; a digit that stands alone is a byte of its own. `wild` is
 * what a digit may be besides. undefined when it cannot be read, which is reported.
 */
export function readHex(
  line: LogicalLine,
  context: ReadContext,
  wild: string,
): string | undefined {
  const allowed = new RegExp(`^[0-9a-fA-F${wild}]*$`);
  let digits = "";
  for (let index = 1; index < line.count; index++) {
    const text = line.word(index);
    if (!allowed.test(text)) {
      context.warn(
        "HK0103",
        line,
        line.wordSpan(index),
        `\`${text}\` is not hexadecimal`,
        { label: "ignored, with all bytes of the line" },
      );
      return undefined;
    }
    digits += text.length % 2 === 0
      ? text
      : `${text.slice(0, -1)}0${text.slice(-1)}`;
  }
  return digits.toLowerCase();
}

/** Exactly one word. */
export function onlyWord(
  line: LogicalLine,
  context: ReadContext,
): string | undefined {
  if (line.count === 2) return line.word(1);
  if (line.count < 2) return missing(line, context);
  context.warn(
    "HK0407",
    line,
    line.wordsSpan(2, line.count - 1),
    `\`${line.word(0)}\` takes one value`,
    { label: "the line is ignored", help: "put the name in double quotes" },
  );
  return undefined;
}
