/**
 * What reading a statement may use beside its line: the report, and what the file said before.
 * @module
 */
import type { DiagnosticCode } from "../../diag/codes.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type {
  DiagnosticDetails,
  DiagnosticSink,
} from "../../diag/diagnostic_sink.ts";
import type { ScriptUser } from "../tracking_model.ts";
import type { LogicalLine } from "./logical_line.ts";
import { NameTables } from "./name_tables.ts";

/** Names of blocks that others may refer to, by the keyword that defines them. */
export type NamedBlock =
  | "vrrp_instance"
  | "vrrp_sync_group"
  | "vrrp_script"
  | "vrrp_track_process"
  | "track_file"
  | "track_group"
  | "bfd_instance"
  | "garp_group";

/** A line that runs a script. */
export interface ScriptUse {
  readonly keyword: string;
  readonly at: Span;
  readonly command: string;
  /** `script_user` unless given. */
  readonly user: ScriptUser | undefined;
}

export class ReadContext {
  /** Lines that run scripts. */
  readonly scripts: ScriptUse[] = [];
  readonly #given = new Map<string, Span>();
  readonly #names = new Map<NamedBlock, Map<string, Span>>();

  constructor(
    readonly sink: DiagnosticSink,
    readonly names = new NameTables(undefined),
    /** Names of the definitions of the whole configuration. */
    readonly definitions: ReadonlySet<string> = new Set(),
  ) {}

  /** keepalived complains about `span` of `line`: the line has no effect, or not the one that was meant. */
  warn(
    code: DiagnosticCode,
    line: LogicalLine,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ) {
    this.sink.warning(code, span, message, withNotes(line, details));
  }

  /** keepalived stops reading at `line`. */
  refuse(
    code: DiagnosticCode,
    line: LogicalLine,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ) {
    this.sink.error(code, span, message, withNotes(line, details));
  }

  /** keepalived says nothing, and still the operator should know. */
  advise(
    code: DiagnosticCode,
    line: LogicalLine,
    span: Span,
    message: string,
    details: DiagnosticDetails = {},
  ) {
    this.sink.advice(code, span, message, withNotes(line, details));
  }

  /** Where a block of that kind and name stands; undefined when there was none yet. */
  named(kind: NamedBlock, name: string): Span | undefined {
    return this.#names.get(kind)?.get(name);
  }

  /** Where `keyword` was given first; undefined if `at` is the first place. */
  firstGiven(keyword: string, at: Span): Span | undefined {
    const before = this.#given.get(keyword);
    if (before === undefined) this.#given.set(keyword, at);
    return before;
  }

  /** Names of the blocks of a kind that were read so far. */
  namesOf(kind: NamedBlock): Iterable<string> {
    return this.#names.get(kind)?.keys() ?? [];
  }

  /** Remembers the first block of that kind and name. */
  rememberName(kind: NamedBlock, name: string, at: Span) {
    let names = this.#names.get(kind);
    if (names === undefined) this.#names.set(kind, names = new Map());
    if (!names.has(name)) names.set(name, at);
  }
}

function withNotes(
  line: LogicalLine,
  details: DiagnosticDetails,
): DiagnosticDetails {
  const notes = [...line.notes(), ...details.notes ?? []];
  return notes.length === 0 ? details : { ...details, notes };
}
