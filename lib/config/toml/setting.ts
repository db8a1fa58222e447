/**
 * Tables of settings: one row is a key, its kind of value, the model's field it fills, and what to say about it.
 *
 * Reading, printing and documenting all go by these rows, so a new key is one new row. The compiler checks that a
 * table has a row for every field of its part of the model.
 * @module
 */
import { assert } from "../../assert.ts";
import type { Span } from "../../diag/diagnostic.ts";
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import type { Positions } from "../model.ts";
import { braced, inlineText, type PrintedItem } from "./printed_item.ts";
import { TableReader } from "./table_reader.ts";
import type { TomlTable } from "./tree.ts";
import { reportKind } from "./value_readers.ts";
import type {
  SettingShape,
  TableShape,
  ValueShape,
  ValueType,
} from "./value_type.ts";

/** One row: `T` is the type of the model's field. */
export interface Setting<T> {
  /** keepalived's keyword where there is one. */
  readonly key: string;
  readonly type: ValueType<NonNullable<T>>;
  /** What the model has when the key is not given, or its value was refused. */
  readonly absent: T;
  /** Another key for the same field; both together contradict each other. */
  readonly other:
    | {
      readonly key: string;
      readonly type: ValueType<NonNullable<T>>;
      /** Whether a value is printed under this key. */
      isFor(value: NonNullable<T>): boolean;
    }
    | undefined;
  /** One sentence, without a full stop. */
  readonly about: string;
  /** What holds when it is not given, in words or as TOML. */
  readonly fallback: string | undefined;
  /** The table is refused without it. */
  readonly isRequired?: true;
}

/** A row for each field of `M`, in the order in which they are printed. */
export type Settings<M> = { readonly [F in keyof M]-?: Setting<M[F]> };

/** A table: what messages call it, its rows, and keywords of keepalived that mean nothing in it. */
export interface SettingTable<M> {
  readonly name: string;
  readonly settings: Settings<M>;
  /** keepalived's keywords that it never will have, and why. */
  readonly meaningless?: Readonly<Record<string, string>>;
}

/** A row for a field that is undefined when the key is not given. */
export function setting<V extends NonNullable<unknown>>(
  key: string,
  type: ValueType<V>,
  about: string,
  fallback?: string,
): Setting<V | undefined> {
  return { key, type, absent: undefined, other: undefined, about, fallback };
}

/** The row, for a key that must be given. */
export function required<T>(row: Setting<T>): Setting<T> {
  return { ...row, isRequired: true };
}

/** What was read of a table: the model's fields, and where they stood. */
export interface ReadSettings<M> {
  readonly values: M;
  readonly at: Positions<Extract<keyof M, string>>;
}

/** Reads `table` by its rows; `name` is what messages call this one. */
export function readSettings<M extends object>(
  { settings, meaningless }: SettingTable<M>,
  table: TomlTable,
  name: string,
  sink: DiagnosticSink,
): ReadSettings<M> {
  const reader = new TableReader<Extract<keyof M, string>>(
    table,
    name,
    sink,
    meaningless,
  );
  const values: Partial<M> = {};
  for (const field in settings) {
    values[field] = readSetting(settings[field], field, reader, sink);
  }
  assert(isWhole(values, settings), `${name} is read whole`);
  return { values, at: reader.finish() };
}

function readSetting<T, F extends string>(
  { key, type, other, absent }: Setting<T>,
  field: F,
  reader: TableReader<F>,
  sink: DiagnosticSink,
): T {
  if (other === undefined) return reader.read(key, field, type.read) ?? absent;
  const second = reader.read(other.key, field, other.type.read);
  const first = reader.read(key, field, (node, ownSink) => {
    if (second !== undefined) {
      sink.error("HK0110", node.span, `\`${key}\` and \`${other.key}\` both`, {
        help: "keep one of them",
      });
    }
    return type.read(node, ownSink);
  });
  return first ?? second ?? absent;
}

function isWhole<M extends object>(
  values: Partial<M>,
  settings: Settings<M>,
): values is M {
  for (const field in settings) if (!(field in values)) return false;
  return true;
}

/** The lines of what is set in `model`, in the order of the rows; `prefix` goes before each key. */
export function printSettings<M extends object>(
  { settings }: SettingTable<M>,
  model: M,
  at: Positions<Extract<keyof M, string>>,
  prefix = "",
): readonly PrintedItem[] {
  const items: PrintedItem[] = [];
  for (const field in settings) {
    const own = at.of[field];
    const printed = printSetting(
      settings[field],
      model[field],
      own ?? at.self,
      prefix,
    );
    items.push(...own === undefined ? printed.map(unplaced) : printed);
  }
  return items;
}

/** Comments beside the table are not this item's. */
function unplaced(item: PrintedItem): PrintedItem {
  return item.kind === "tables" ? item : { ...item, isUnplaced: true };
}

/** What is set in `model` as an inline table. */
export function inlineTable<M extends object>(
  { settings }: SettingTable<M>,
  model: M,
): string {
  const texts: string[] = [];
  for (const field in settings) {
    const items = printSetting(settings[field], model[field], NOWHERE, "");
    texts.push(...items.map((item) => inlineText(item)));
  }
  return braced(texts);
}

/** Where what is printed on the line of something else stands. */
const NOWHERE: Span = {
  source: { name: "", text: "", includedFrom: undefined },
  start: 0,
  end: 0,
};

function printSetting<T>(
  { key, type, other, absent }: Setting<T>,
  value: T,
  at: Span,
  prefix: string,
): readonly PrintedItem[] {
  if (value === undefined || value === null || isAbsent(value, absent)) {
    return [];
  }
  return other?.isFor(value) === true
    ? other.type.print(prefix + other.key, value, at)
    : type.print(prefix + key, value, at);
}

function isAbsent(value: unknown, absent: unknown): boolean {
  return value === absent || (isEmptyList(value) && isEmptyList(absent));
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A table's rows as data, for documents and schemas. */
export function tableShape<M>(
  { name, settings }: SettingTable<M>,
): TableShape {
  const shapes: SettingShape[] = [];
  for (const field in settings) {
    const { key, type, other, about, fallback, isRequired = false } =
      settings[field];
    shapes.push({
      key,
      shape: type.shape,
      about: isRequired ? `${about}; it must be given` : about,
      fallback,
      isRequired,
    });
    if (other === undefined) continue;
    shapes.push({
      key: other.key,
      shape: other.type.shape,
      about: `the same as \`${key}\`, said the other way`,
      fallback: undefined,
      isRequired: false,
    });
  }
  return { name, settings: shapes };
}

/** A table as a value of another: printed as dotted keys, so that each setting keeps its line and its comment. */
export function tableType<M extends object>(
  table: SettingTable<M>,
): ValueType<M & { readonly at: Positions<Extract<keyof M, string>> }> {
  return {
    shape: { kind: "table", table: tableShape(table) },
    read: (node, sink) => {
      if (node.kind !== "table") return reportKind(node, "a table", sink);
      const { values, at } = readSettings(table, node, table.name, sink);
      return { ...values, at };
    },
    print: (key, value) => printSettings(table, value, value.at, `${key}.`),
  };
}

/** A part of the model that is a table with a place of its own. */
type Placed<M> = M & { readonly at: Positions<Extract<keyof M, string>> };

/** Tables in a list: `[[path.key]]` each, or on a line where they are short. */
export function tableList<M extends object>(
  table: SettingTable<M>,
  mayInline = false,
): ValueType<readonly Placed<M>[]> {
  return tablesOf(table, { isSingle: false, mayInline });
}

/** One table, or a list of them; short ones are printed on a line. */
export function oneOrMore<M extends object>(
  table: SettingTable<M>,
): ValueType<readonly Placed<M>[]> {
  return tablesOf(table, { isSingle: true, mayInline: true });
}

function tablesOf<M extends object>(
  table: SettingTable<M>,
  form: { readonly isSingle: boolean; readonly mayInline: boolean },
): ValueType<readonly Placed<M>[]> {
  const one: ValueShape = { kind: "table", table: tableShape(table) };
  const several: ValueShape = { kind: "list", of: one };
  const readOne = (node: TomlTable, sink: DiagnosticSink): Placed<M> => {
    const { values, at } = readSettings(table, node, table.name, sink);
    return { ...values, at };
  };
  return {
    shape: form.isSingle ? { kind: "either", of: [one, several] } : several,
    read: (node, sink) => {
      if (form.isSingle && node.kind === "table") return [readOne(node, sink)];
      if (node.kind !== "array") {
        return reportKind(
          node,
          form.isSingle ? "a table" : "a list of tables",
          sink,
        );
      }
      return node.items.flatMap((item) =>
        item.kind === "table"
          ? [readOne(item, sink)]
          : reportKind(item, "a table", sink) ?? []
      );
    },
    print: (key, values) =>
      values.length === 0 ? [] : [{
        kind: "tables",
        key,
        ...form,
        tables: values.map((value) => ({
          at: value.at.self,
          items: printSettings(table, value, value.at),
        })),
      }],
  };
}
