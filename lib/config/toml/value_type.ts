/**
 * The kinds of value that a TOML setting can have: how each is described, read and printed.
 *
 * Units:   durations are nanoseconds in the model and seconds, or texts such as "300ms", in the file.
 * @module
 */
import type { IpAddress } from "../../addr/ip_address.ts";
import type { Span } from "../../diag/diagnostic.ts";
import {
  type PrintedEntry,
  type PrintedItem,
  printedSeconds,
  quoted,
} from "./printed_item.ts";
import {
  type PrefixedAddress,
  readAddress,
  readBoolean,
  readDuration,
  readGroup,
  readLabel,
  readList,
  readName,
  readPrefixed,
  readText,
  readVmacAddress,
  readWhole,
  readWord,
  reportKind,
  type ValueReader,
} from "./value_readers.ts";

/** What a value may be, as data: documents and schemas are written from it. */
export type ValueShape =
  | { readonly kind: "boolean" }
  | { readonly kind: "text" }
  /** An interface's name. */
  | { readonly kind: "name" }
  /** An address's label. */
  | { readonly kind: "label" }
  | { readonly kind: "whole"; readonly min: number; readonly max: number }
  | {
    readonly kind: "duration";
    readonly minNs: number;
    readonly maxNs: number;
  }
  | { readonly kind: "word"; readonly words: readonly string[] }
  /** A text of a form of its own: a regular expression, and what it is in words. */
  | {
    readonly kind: "pattern";
    readonly pattern: string;
    readonly what: string;
  }
  | { readonly kind: "address" }
  /** An address with an optional prefix length. */
  | { readonly kind: "prefixed" }
  | { readonly kind: "group"; readonly family: 4 | 6 | undefined }
  | { readonly kind: "list"; readonly of: ValueShape }
  | { readonly kind: "either"; readonly of: readonly ValueShape[] }
  | { readonly kind: "table"; readonly table: TableShape };

/** A table's keys, as data. */
export interface TableShape {
  /** What messages and documents call it. */
  readonly name: string;
  readonly settings: readonly SettingShape[];
}

/** One key, as data. */
export interface SettingShape {
  /** keepalived's keyword where there is one. */
  readonly key: string;
  readonly shape: ValueShape;
  /** One sentence, without a full stop. */
  readonly about: string;
  /** What holds when it is not given, in words or as TOML; undefined where there is nothing to say. */
  readonly fallback: string | undefined;
  /** The table is refused without it. */
  readonly isRequired: boolean;
}

/** One kind of value. */
export interface ValueType<T> {
  readonly shape: ValueShape;
  /** Returns the value, or reports what is wrong. */
  readonly read: ValueReader<T>;
  /** The lines of `key` with `value`; `at` is where it stands in the source. */
  print(key: string, value: T, at: Span): readonly PrintedItem[];
}

/** A value that is printed behind its key. */
export function inline<T>(
  shape: ValueShape,
  read: ValueReader<T>,
  text: (value: T) => string,
): InlineType<T> {
  return {
    shape,
    read,
    text,
    print: (key, value, at) => [
      { kind: "line", at, text: `${key} = ${text(value)}` },
    ],
  };
}

/** A value that fits behind an equals sign. */
export interface InlineType<T> extends ValueType<T> {
  text(value: T): string;
}

export const BOOLEAN = inline({ kind: "boolean" }, readBoolean, String);

/** For a key whose `true` is the model's `false`. */
export const NEGATED: InlineType<boolean> = inline(
  { kind: "boolean" },
  (node, sink) => {
    const value = readBoolean(node, sink);
    return value === undefined ? undefined : !value;
  },
  (value) => String(!value),
);

export const TEXT = inline({ kind: "text" }, readText, quoted);

export const NAME = inline({ kind: "name" }, readName, quoted);

export const LABEL = inline({ kind: "label" }, readLabel, quoted);

/** A hardware address for `use_vmac`. */
export const VMAC_ADDRESS = inline({ kind: "text" }, readVmacAddress, quoted);

export const ADDRESS: InlineType<IpAddress> = inline(
  { kind: "address" },
  readAddress,
  quoted,
);

export const PREFIXED: InlineType<PrefixedAddress> = inline(
  { kind: "prefixed" },
  readPrefixed,
  ({ address, prefixLength }) =>
    quoted(
      prefixLength === undefined ? address : `${address}/${prefixLength}`,
    ),
);

/** A multicast group, of one family if `family` is given. */
export function group(family?: 4 | 6): InlineType<IpAddress> {
  return inline({ kind: "group", family }, readGroup(family), quoted);
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number): InlineType<number> {
  return inline({ kind: "whole", min, max }, readWhole(min, max), String);
}

/** One of a few whole numbers that follow each other, typed as such. */
export function oneOf<T extends number>(values: readonly T[]): InlineType<T> {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const read = readWhole(min, max);
  return inline({ kind: "whole", min, max }, (node, sink) => {
    const value = read(node, sink);
    return values.find((one) => one === value);
  }, String);
}

/** Seconds from `minNs` to `maxNs`. */
export function duration(minNs: number, maxNs: number): InlineType<number> {
  return inline(
    { kind: "duration", minNs, maxNs },
    readDuration(minNs, maxNs),
    printedSeconds,
  );
}

/** One of `words`. */
export function word<T extends string>(words: readonly T[]): InlineType<T> {
  return inline({ kind: "word", words }, readWord(words), quoted);
}

/** A text of a form of its own, which `pattern` matches whole; `what` says it in words. */
export function textLike(pattern: RegExp, what: string): InlineType<string> {
  return inline(
    { kind: "pattern", pattern: pattern.source, what },
    (node, sink) => {
      if (node.kind !== "string") {
        return reportKind(node, "a text in quotes", sink);
      }
      if (pattern.test(node.value)) return node.value;
      sink.error("HK0107", node.span, `\`${node.value}\` is not ${what}`, {});
      return undefined;
    },
    quoted,
  );
}

/** Text of at most `bytesMax` bytes. */
export function textUpTo(bytesMax: number): InlineType<string> {
  return inline(
    {
      kind: "pattern",
      pattern: `^[^]{0,${bytesMax}}$`,
      what: `text of at most ${bytesMax} bytes`,
    },
    (node, sink) => {
      const text = readText(node, sink);
      if (text === undefined) return undefined;
      if (new TextEncoder().encode(text).length <= bytesMax) return text;
      sink.error(
        "HK0109",
        node.span,
        `\`${text}\` is longer than ${bytesMax} bytes`,
        {},
      );
      return undefined;
    },
    quoted,
  );
}

/** A list on one line. */
export function shortList<T>(of: InlineType<T>): InlineType<readonly T[]> {
  return inline(
    { kind: "list", of: of.shape },
    readList(of.read),
    (values) => `[${values.map((value) => of.text(value)).join(", ")}]`,
  );
}

/** A short list that is printed on one line. */
export function inlineList<T>(of: InlineType<T>): InlineType<readonly T[]> {
  return inline(
    { kind: "list", of: of.shape },
    readList(of.read),
    (values) => `[${values.map((one) => of.text(one)).join(", ")}]`,
  );
}

/** What a list is made of. */
export interface EntryType<T> {
  readonly shape: ValueShape;
  readonly read: ValueReader<T>;
  entry(value: T): PrintedEntry;
}

/** A list; an empty one is a value too, for it may say something else than none. */
export function list<T>(
  of: EntryType<T>,
  options: { readonly isShort?: true } = {},
): ValueType<readonly T[]> {
  return {
    shape: { kind: "list", of: of.shape },
    read: readList(of.read),
    print: (key, values, at) =>
      values.length === 0 ? [{ kind: "line", at, text: `${key} = []` }] : [{
        kind: "list",
        at,
        key,
        entries: values.map((value) => of.entry(value)),
        ...options,
      }],
  };
}
