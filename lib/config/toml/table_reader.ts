/**
 * Reads the settings of one TOML table by name, remembers where they stood, and reports the keys nobody asked for.
 * @module
 */
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import type { Span } from "../../diag/diagnostic.ts";
import { didYouMean } from "../../diag/suggest.ts";
import type { Positions } from "../model.ts";
import type { TomlNode, TomlTable } from "./tree.ts";
import type { ValueReader } from "./value_readers.ts";

export class TableReader<F extends string> {
  readonly #table: TomlTable;
  readonly #what: string;
  readonly #sink: DiagnosticSink;
  readonly #meaningless: Readonly<Record<string, string>>;
  readonly #asked = new Set<string>();
  readonly #of: Partial<Record<F, Span>> = {};

  /** `what` names the table in messages; `meaningless` are keywords of keepalived that are never acted on. */
  constructor(
    table: TomlTable,
    what: string,
    sink: DiagnosticSink,
    meaningless: Readonly<Record<string, string>> = {},
  ) {
    this.#table = table;
    this.#what = what;
    this.#sink = sink;
    this.#meaningless = meaningless;
  }

  /** The value of `key`, remembered as the model's `field`; undefined when it is absent or wrong. */
  read<T>(key: string, field: F, reader: ValueReader<T>): T | undefined {
    this.#asked.add(key);
    const entry = this.#table.entries.get(key);
    if (entry === undefined) return undefined;
    this.#of[field] = entry.node.span;
    return reader(entry.node, this.#sink);
  }

  /** The node of `key`, for what is a structure of its own. */
  node(key: string, field: F): TomlNode | undefined {
    this.#asked.add(key);
    const entry = this.#table.entries.get(key);
    if (entry !== undefined) this.#of[field] = entry.node.span;
    return entry?.node;
  }

  /** Where everything stood; call it last, for it reports the keys that nobody asked for. */
  finish(): Positions<F> {
    for (const [key, { keySpan }] of this.#table.entries) {
      if (this.#asked.has(key)) continue;
      const why = this.#meaningless[key];
      if (why !== undefined) {
        this.#sink.warning(
          "HK0423",
          keySpan,
          `\`${key}\` means nothing in hakeep`,
          { label: why, help: "remove the line" },
        );
        continue;
      }
      const help = didYouMean(key, this.#asked);
      this.#sink.error(
        "HK0101",
        keySpan,
        `unknown key \`${key}\` in ${this.#what}`,
        { help },
      );
    }
    return { self: this.#table.span, of: this.#of };
  }
}
