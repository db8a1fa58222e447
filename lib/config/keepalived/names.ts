/**
 * Names of interfaces.
 * @module
 */
import type { WordReader } from "./argument.ts";

/** Linux's limit for interface names, in bytes. */
export const INTERFACE_BYTES_MAX = 15;

/** An interface's name; one that Linux could not have is reported and ignored. */
export const interfaceName: WordReader<string> = (line, index, context) => {
  const name = line.word(index);
  const bytes = new TextEncoder().encode(name).length;
  const isPossible = bytes > 0 && bytes <= INTERFACE_BYTES_MAX &&
    !/[\s/]/.test(name);
  if (isPossible) return name;
  context.warn(
    "HK0109",
    line,
    line.wordSpan(index),
    bytes === 0
      ? "an interface name is empty"
      : bytes > INTERFACE_BYTES_MAX
      ? `interface name \`${name}\` is longer than ${INTERFACE_BYTES_MAX} bytes`
      : `no interface can be called \`${name}\``,
    { label: "the line is ignored" },
  );
  return undefined;
};
