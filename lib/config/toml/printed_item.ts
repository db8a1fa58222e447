/**
 * What the TOML printer lays out: lines of a table, and lists over several lines, each with its place in the source.
 *
 * Units:   durations are printed in seconds.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";

/** One entry of a list. */
export interface PrintedEntry {
  readonly at: Span;
  readonly text: string;
}

/** A line of a table, or a list that may take several. */
export type PrintedItem =
  | { readonly kind: "line"; readonly at: Span; readonly text: string }
  | {
    readonly kind: "list";
    readonly at: Span;
    readonly key: string;
    readonly entries: readonly PrintedEntry[];
  };

/** A basic string: JSON's escapes are TOML's, and TOML has one more. */
export function quoted(value: string): string {
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

/** A bare key where that is possible. */
export function printedKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}

const NS_PER_SECOND = 1_000_000_000;

/** Nanoseconds as seconds, without exponent. */
export function printedSeconds(valueNs: number): string {
  const whole = Math.trunc(valueNs / NS_PER_SECOND);
  const rest = Math.round(valueNs - whole * NS_PER_SECOND);
  if (rest === 0) return String(whole);
  return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
}
