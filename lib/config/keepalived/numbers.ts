/**
 * Numbers as keepalived writes them: plain decimal, without units.
 *
 * Units:   durations are written in seconds (some in milliseconds) and returned in nanoseconds.
 * @module
 */
import type { WordReader } from "./argument.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";
import { referenceHelp } from "./unreplaced.ts";

const NS_PER_SECOND = 1_000_000_000;
const NS_PER_MICROSECOND = 1000;

export interface WholeOptions {
  /** What a value that cannot be used becomes; the earlier value stays unless given. */
  readonly otherwise?: number;
  /** What a number below the lowest becomes. */
  readonly below?: number;
  /** Whether the daemon takes the digits before trailing text (the default). */
  readonly takesLeadingDigits?: boolean;
  /** What messages call the setting, the line's first word unless given. */
  readonly name?: string;
  /** What a value that cannot be used leads to, where it is not `otherwise`. */
  readonly consequence?: string;
}

/** A whole number from `min` to `max`. */
export function whole(
  min: number,
  max: number,
  options: WholeOptions = {},
): WordReader<number> {
  const { otherwise, below, takesLeadingDigits = true } = options;
  return (line, index, context) => {
    const { name = line.word(0), consequence = "the line is ignored" } =
      options;
    // keepalived takes an empty word for 0.
    const text = line.word(index) || "0";
    const match = /^[ \t]*([+-]?[0-9]+)(.*)$/s.exec(text);
    const replacement = otherwise === undefined
      ? consequence
      : `${otherwise} is used`;
    if (match === null) {
      notANumber(line, index, context, replacement);
      return otherwise;
    }
    const value = Number(match[1]);
    if (value < min || value > max) {
      const used = value < min && below !== undefined ? below : otherwise;
      context.warn(
        "HK0104",
        line,
        line.wordSpan(index),
        `\`${name}\` cannot be ${text.trim()}`,
        {
          label: used === undefined ? consequence : `${used} is used`,
          help: `write a number from ${min} to ${max}`,
        },
      );
      return used;
    }
    if (match[2] === "") return value;
    const used = takesLeadingDigits ? `${value} is used` : replacement;
    notANumber(line, index, context, used);
    return takesLeadingDigits ? value : otherwise;
  };
}

/** Whole seconds from `min` to `max`, as nanoseconds. */
export function wholeSeconds(
  min: number,
  max: number,
  options: WholeOptions = {},
): WordReader<number> {
  const read = whole(min, max, options);
  return (line, index, context) => {
    const seconds = read(line, index, context);
    return seconds === undefined ? undefined : seconds * NS_PER_SECOND;
  };
}

export interface DecimalOptions {
  /** What a value that cannot be used becomes; the earlier value stays unless given. */
  readonly otherwise?: number;
  /** Decimals that count, 6 unless given. */
  readonly decimals?: number;
  /** Nanoseconds of the unit, those of a second unless given. */
  readonly unitNs?: number;
}

/** Seconds with decimals from `min` to `max`, as nanoseconds. */
export function seconds(
  min: number,
  max: number,
  options: DecimalOptions = {},
): WordReader<number> {
  const { otherwise, decimals = 6, unitNs = NS_PER_SECOND } = options;
  return (line, index, context) => {
    const text = line.word(index) || "0";
    const replacement = otherwise === undefined
      ? "the line is ignored"
      : `${otherwise} is used`;
    const fallback = otherwise === undefined ? undefined : otherwise * unitNs;
    const match = /^[ \t]*\+?(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))$/.exec(
      text,
    );
    if (match === null) {
      notANumber(line, index, context, replacement);
      return fallback;
    }
    const fraction = match[2] ?? match[3] ?? "";
    if (fraction.length > decimals) {
      context.warn(
        "HK0425",
        line,
        line.wordSpan(index),
        `\`${text}\` has more than ${decimals} decimals`,
        { label: "rounded" },
      );
    }
    const value = Number(text);
    if (value < min || value > max) {
      context.warn(
        "HK0104",
        line,
        line.wordSpan(index),
        `\`${line.word(0)}\` cannot be ${text.trim()}`,
        {
          label: replacement,
          help: `write a number from ${min} to ${max}`,
        },
      );
      return fallback;
    }
    const step = Math.max(NS_PER_MICROSECOND, unitNs / 10 ** decimals);
    return Math.round((value * unitNs) / step) * step;
  };
}

function notANumber(
  line: LogicalLine,
  index: number,
  context: ReadContext,
  used: string,
) {
  const text = line.word(index);
  const unit = /^[0-9.]+(ms|us|s|m|h|sec|min)$/.exec(text);
  const quoted = /^'.*'$/.test(text);
  context.warn(
    "HK0410",
    line,
    line.wordSpan(index),
    `\`${text}\` is not a number`,
    {
      label: used,
      help: /^[0-9.]+[;,]$/.test(text)
        ? `leave out the \`${text.at(-1)}\``
        : unit !== null
        ? "write the number without a unit"
        : quoted
        ? "single quotes are ordinary characters: leave them out"
        : referenceHelp(text, context.definitions),
    },
  );
}
