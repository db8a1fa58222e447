/**
 * The TOML front end: a text to the configuration model.
 *
 * Keys are keepalived's keywords wherever the meaning is the same; blocks are tables, lists are arrays, durations are
 * numbers of seconds or texts such as "300ms". Whatever is unknown, of the wrong kind or out of range is an error.
 * What keys there are stands in the tables of settings.
 * @module
 */
import type { Diagnostic, SourceText } from "../../diag/diagnostic.ts";
import { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import { inTextOrder } from "../../diag/text_order.ts";
import type { Config, VrrpInstance } from "../model.ts";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LATER_TABLES } from "./later_keys.ts";
import { LOG_TABLE } from "./log_settings.ts";
import { readSettings } from "./setting.ts";
import { TableReader } from "./table_reader.ts";
import { parseToml, type TomlNode, type TomlTable } from "./tree.ts";
import { reportKind } from "./value_readers.ts";
import { VRRP_INSTANCE_TABLE } from "./vrrp_instance_settings.ts";

export interface TomlReading {
  /** Undefined when the text is not TOML. */
  readonly config: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a whole configuration. */
export function readToml(source: SourceText): TomlReading {
  const parsed = parseToml(source);
  const sink = new DiagnosticSink();
  if (parsed.kind === "tree") {
    const config = readConfig(source, parsed.table, sink);
    return { config, diagnostics: sink.diagnostics };
  }
  sink.add(...parsed.diagnostics);
  // What the rest means without the lines that are wrong is not asked, only what is wrong with it too.
  if (parsed.rest !== undefined) readConfig(source, parsed.rest, sink);
  return { config: undefined, diagnostics: inTextOrder(sink.diagnostics) };
}

function readConfig(
  source: SourceText,
  table: TomlTable,
  sink: DiagnosticSink,
): Config {
  const root = new TableReader<"globals" | "log" | "instances">(
    table,
    "the file",
    sink,
    LATER_TABLES,
  );
  const nowhere: TomlTable = {
    kind: "table",
    span: { source, start: 0, end: 0 },
    entries: new Map(),
  };
  const globals = readSettings(
    GLOBAL_DEFS_TABLE,
    tableOr(root.node("global_defs", "globals"), nowhere, sink),
    GLOBAL_DEFS_TABLE.name,
    sink,
  );
  const log = readSettings(
    LOG_TABLE,
    tableOr(root.node("log", "log"), nowhere, sink),
    LOG_TABLE.name,
    sink,
  );
  const instances = tableOr(
    root.node("vrrp_instance", "instances"),
    nowhere,
    sink,
  );
  const config: Config = {
    globals: { ...globals.values, at: globals.at },
    log: { ...log.values, at: log.at },
    instances: [...instances.entries].flatMap(([name, { node }]) =>
      node.kind === "table"
        ? [readInstance(name, node, sink)]
        : reportKind(node, `a table \`[vrrp_instance.${name}]\``, sink) ?? []
    ),
  };
  root.finish();
  return config;
}

function tableOr(
  node: TomlNode | undefined,
  otherwise: TomlTable,
  sink: DiagnosticSink,
): TomlTable {
  if (node === undefined) return otherwise;
  if (node.kind === "table") return node;
  reportKind(node, "a table", sink);
  return otherwise;
}

function readInstance(
  name: string,
  table: TomlTable,
  sink: DiagnosticSink,
): VrrpInstance {
  const { values, at } = readSettings(
    VRRP_INSTANCE_TABLE,
    table,
    `[vrrp_instance.${name}]`,
    sink,
  );
  return { name, ...values, at };
}
