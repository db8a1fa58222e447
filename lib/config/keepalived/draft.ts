/**
 * A part of the model while it is being read: settings come one by one, and the last one counts.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { Positions } from "../model.ts";

type Settings<T> = { -readonly [K in keyof T]?: T[K] };

/** Settings of a `T` so far, and where each stands. */
export class Draft<T extends { readonly at: unknown }> {
  readonly #values: Settings<T> = {};
  readonly #spans: Partial<Record<keyof T & string, Span>> = {};

  readonly #rejected: Partial<Record<keyof T & string, Span>> = {};

  constructor(readonly self: Span) {}

  set<K extends Exclude<keyof T & string, "at">>(
    key: K,
    value: T[K],
    span: Span,
  ) {
    this.#values[key] = value;
    this.#spans[key] = span;
  }

  get<K extends keyof T>(key: K): T[K] | undefined {
    return this.#values[key];
  }

  /** Everything that is set. */
  get values(): Readonly<Settings<T>> {
    return this.#values;
  }

  /** Remembers where a setting was tried with a value that does not count. */
  reject(key: keyof T & string, span: Span) {
    this.#rejected[key] = span;
  }

  /** Where a setting was tried in vain. */
  rejectedAt(key: keyof T & string): Span | undefined {
    return this.#rejected[key];
  }

  /** Takes a setting back, as if it had never been read. */
  clear(key: Exclude<keyof T & string, "at">) {
    delete this.#values[key];
    delete this.#spans[key];
  }

  /** Where a setting stands. */
  spanOf(key: keyof T & string): Span | undefined {
    return this.#spans[key];
  }

  /** Remembers where something stands that is collected elsewhere; the first place counts. */
  mark(key: keyof T & string, span: Span) {
    this.#spans[key] ??= span;
  }

  get at(): Positions<keyof T & string> {
    return { self: this.self, of: this.#spans };
  }
}
