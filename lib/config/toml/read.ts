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
import type { LvsConfig } from "../lvs_model.ts";
import { MEANINGLESS_TOP } from "../no_meaning.ts";
import type { Config, Positions } from "../model.ts";
import { BFD_INSTANCE_TABLE } from "./bfd_instance_settings.ts";
import { GARP_GROUP_TABLE } from "./garp_group_settings.ts";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LOG_TABLE } from "./log_settings.ts";
import { readSettings, type SettingTable } from "./setting.ts";
import { SYNC_GROUP_TABLE } from "./sync_group_settings.ts";
import { TableReader } from "./table_reader.ts";
import {
  TRACK_FILE_TABLE,
  TRACK_PROCESS_TABLE,
  VRRP_SCRIPT_TABLE,
} from "./tracked_settings.ts";
import { parseToml, type TomlNode, type TomlTable } from "./tree.ts";
import { reportKind } from "./value_readers.ts";
import { SSL, VIRTUAL_SERVERS } from "./virtual_server_settings.ts";
import { GROUP_TABLE } from "./virtual_server_group_settings.ts";
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

type RootField = keyof Config & string;

function readConfig(
  source: SourceText,
  table: TomlTable,
  sink: DiagnosticSink,
): Config {
  const root = new TableReader<RootField>(
    table,
    "the file",
    sink,
    MEANINGLESS_TOP,
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
  const named = <F extends RootField, M extends object>(
    key: string,
    field: F,
    rows: SettingTable<M>,
  ): readonly Named<M>[] => {
    const table = tableOr(root.node(key, field), nowhere, sink);
    return [...table.entries].flatMap(([name, { node }]) =>
      node.kind === "table"
        ? [readNamed(name, `[${key}.${name}]`, rows, node, sink)]
        : reportKind(node, `a table \`[${key}.${name}]\``, sink) ?? []
    );
  };
  const listed = <F extends RootField, M extends object>(
    key: string,
    field: F,
    rows: SettingTable<M>,
  ): readonly Placed<M>[] => {
    const node = root.node(key, field);
    if (node === undefined) return [];
    if (node.kind !== "array") {
      return reportKind(node, `tables \`[[${key}]]\``, sink) ?? [];
    }
    return node.items.flatMap((item) => {
      if (item.kind !== "table") {
        return reportKind(item, `a table \`[[${key}]]\``, sink) ?? [];
      }
      const { values, at } = readSettings(rows, item, rows.name, sink);
      return [{ ...values, at }];
    });
  };
  const config: Config = {
    globals: { ...globals.values, at: globals.at },
    log: { ...log.values, at: log.at },
    scripts: named("vrrp_script", "scripts", VRRP_SCRIPT_TABLE),
    files: named("track_file", "files", TRACK_FILE_TABLE),
    processes: named("vrrp_track_process", "processes", TRACK_PROCESS_TABLE),
    bfdInstances: named("bfd_instance", "bfdInstances", BFD_INSTANCE_TABLE),
    groups: named("vrrp_sync_group", "groups", SYNC_GROUP_TABLE),
    garpGroups: listed("garp_group", "garpGroups", GARP_GROUP_TABLE),
    instances: named("vrrp_instance", "instances", VRRP_INSTANCE_TABLE),
    lvs: readLvs(root, nowhere, sink),
  };
  root.finish();
  return config;
}

function readLvs(
  root: TableReader<"lvs">,
  nowhere: TomlTable,
  sink: DiagnosticSink,
): LvsConfig {
  const ssl = root.node("SSL", "lvs");
  const groups = tableOr(
    root.node("virtual_server_group", "lvs"),
    nowhere,
    sink,
  );
  return {
    ssl: ssl === undefined ? undefined : SSL.read(ssl, sink),
    groups: [...groups.entries].flatMap(([name, { node }]) => {
      if (node.kind !== "table") {
        return reportKind(
          node,
          `a table \`[virtual_server_group.${name}]\``,
          sink,
        ) ?? [];
      }
      const what = `[virtual_server_group.${name}]`;
      const { values, at } = readSettings(GROUP_TABLE, node, what, sink);
      return [{ name, ...values, at }];
    }),
    virtualServers: root.read("virtual_server", "lvs", VIRTUAL_SERVERS.read) ??
      [],
  };
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

/** A table `[[KEYWORD]]`, read. */
type Placed<M> = M & {
  readonly at: Positions<Extract<keyof M, string>>;
};

/** A table `[KEYWORD.NAME]`, read. */
type Named<M> = M & {
  readonly name: string;
  readonly at: Positions<Extract<keyof M, string>>;
};

function readNamed<M extends object>(
  name: string,
  title: string,
  rows: SettingTable<M>,
  table: TomlTable,
  sink: DiagnosticSink,
): Named<M> {
  const { values, at } = readSettings(rows, table, title, sink);
  return { ...values, name, at };
}
