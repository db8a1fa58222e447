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

const NONE: ReadonlySet<string> = new Set();

export class TableReader<F extends string> {
  readonly #table: TomlTable;
  readonly #what: string;
  readonly #sink: DiagnosticSink;
  readonly #later: ReadonlySet<string>;
  readonly #meaningless: Readonly<Record<string, string>>;
  readonly #asked = new Set<string>();
  readonly #of: Partial<Record<F, Span>> = {};

  /** `what` names the table in messages; `later` are keywords of keepalived that are not acted on yet, `meaningless` never. */
  constructor(
    table: TomlTable,
    what: string,
    sink: DiagnosticSink,
    later: ReadonlySet<string> = NONE,
    meaningless: Readonly<Record<string, string>> = {},
  ) {
    this.#table = table;
    this.#what = what;
    this.#sink = sink;
    this.#later = later;
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
      if (this.#later.has(key)) {
        this.#sink.error(
          "HK0102",
          keySpan,
          `this version of hakeep does not act on \`${key}\` yet`,
          { label: "it would have no effect" },
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
