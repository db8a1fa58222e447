/**
 * The TOML printer: a model to a text that a person would have written.
 *
 * Settings stand in the order of their places in the source, defaults are left out because the model leaves them
 * out, and comments come along. What is printed reads back as an equal model. What keys there are stands in the tables
 * of settings.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import { unreachable } from "../../assert.ts";
import type { LvsConfig } from "../lvs_model.ts";
import type { Config, Positions } from "../model.ts";
import { BFD_INSTANCE_TABLE } from "./bfd_instance_settings.ts";
import { GARP_GROUP_TABLE } from "./garp_group_settings.ts";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LOG_TABLE } from "./log_settings.ts";
import {
  inlineText,
  placeOf,
  type PrintedItem,
  printedKey,
} from "./printed_item.ts";
import { printSettings, type SettingTable } from "./setting.ts";
import { SYNC_GROUP_TABLE } from "./sync_group_settings.ts";
import {
  TRACK_FILE_TABLE,
  TRACK_PROCESS_TABLE,
  VRRP_SCRIPT_TABLE,
} from "./tracked_settings.ts";
import { SSL_TABLE, VIRTUAL_SERVER_TABLE } from "./virtual_server_settings.ts";
import { GROUP_TABLE } from "./virtual_server_group_settings.ts";
import { VRRP_INSTANCE_TABLE } from "./vrrp_instance_settings.ts";

/** Comments that belong to one printed line, without their `#`. */
export interface LineComments {
  /** Above the line and not quite of it: an empty line stands between. */
  readonly apart: readonly string[];
  readonly above: readonly string[];
  readonly behind: string | undefined;
  readonly below: readonly string[];
}

export interface PrintOptions {
  /** Comments of what stands at a place; places are those of the model, by identity. */
  readonly commentsAt?: (at: Span) => LineComments | undefined;
  /** Which of two places comes first; without it the order of the model's keys is kept. */
  readonly compare?: (a: Span, b: Span) => number;
  /** Comments at the end of the file. */
  readonly end?: readonly string[];
}

/** Prints `config` as TOML, with a line end at the end. */
export function printToml(config: Config, options: PrintOptions = {}): string {
  const parts = sections(config, options).flatMap((section) =>
    sectionParts(section, options).map((lines) => lines.join("\n"))
  );
  const end = (options.end ?? []).map(comment).join("\n");
  if (end !== "") parts.push(end);
  return parts.length === 0 ? "" : `${parts.join("\n\n")}\n`;
}

/** The places that comments can be attached to, in the order in which they are printed. */
export function printedPlaces(
  config: Config,
  options: Pick<PrintOptions, "compare"> = {},
): readonly Span[] {
  return sections(config, options).flatMap(({ at, items }) => [
    ...(at === undefined ? [] : [at]),
    ...items.flatMap(placesOf),
  ]);
}

function placesOf(item: PrintedItem): readonly Span[] {
  switch (item.kind) {
    case "line":
      return ownPlace(item);
    case "list":
      return [...ownPlace(item), ...item.entries.map((entry) => entry.at)];
    case "tables":
      return item.tables.flatMap(({ at, items }) => [
        at,
        ...items.flatMap(placesOf),
      ]);
    default:
      return unreachable(item);
  }
}

function ownPlace(
  { at, isUnplaced }: PrintedItem & { kind: "line" | "list" },
): readonly Span[] {
  return isUnplaced ? [] : [at];
}

interface Section {
  readonly at: Span | undefined;
  /** The keys that lead to it. */
  readonly path: string;
  /** One of a list. */
  readonly isEntry?: true;
  readonly items: readonly PrintedItem[];
}

function sections(
  config: Config,
  { compare }: Pick<PrintOptions, "compare">,
): readonly Section[] {
  const found: Section[] = [];
  const globals = printSettings(
    GLOBAL_DEFS_TABLE,
    config.globals,
    config.globals.at,
  );
  const log = printSettings(LOG_TABLE, config.log, config.log.at);
  const { self } = config.globals.at;
  if (log.length > 0) {
    found.push({ at: config.log.at.self, path: "log", items: log });
  }
  if (globals.length > 0) {
    found.push({ at: self, path: "global_defs", items: globals });
  }
  const add = <M extends object>(
    key: string,
    table: SettingTable<M>,
    blocks: readonly (M & Named<M>)[],
  ) => {
    for (const block of blocks) {
      found.push({
        at: block.at.self,
        path: `${key}.${printedKey(block.name)}`,
        items: printSettings(table, block, block.at),
      });
    }
  };
  add("vrrp_script", VRRP_SCRIPT_TABLE, config.scripts);
  add("track_file", TRACK_FILE_TABLE, config.files);
  add("vrrp_track_process", TRACK_PROCESS_TABLE, config.processes);
  add("bfd_instance", BFD_INSTANCE_TABLE, config.bfdInstances);
  add("vrrp_sync_group", SYNC_GROUP_TABLE, config.groups);
  for (const group of config.garpGroups) {
    found.push({
      at: group.at.self,
      path: "garp_group",
      isEntry: true,
      items: printSettings(GARP_GROUP_TABLE, group, group.at),
    });
  }
  add("vrrp_instance", VRRP_INSTANCE_TABLE, config.instances);
  found.push(...lvsSections(config.lvs));
  if (compare === undefined) return found;
  return found.sort((a, b) =>
    a.at === undefined || b.at === undefined ? 0 : compare(a.at, b.at)
  );
}

/** A part of the model that is printed as `[KEYWORD.NAME]`. */
interface Named<M> {
  readonly name: string;
  readonly at: Positions<Extract<keyof M, string>>;
}

function lvsSections({ ssl, groups, virtualServers }: LvsConfig): Section[] {
  return [
    ...(ssl === undefined ? [] : [{
      at: ssl.at.self,
      path: "SSL",
      items: printSettings(SSL_TABLE, ssl, ssl.at),
    }]),
    ...groups.map((group) => ({
      at: group.at.self,
      path: `virtual_server_group.${printedKey(group.name)}`,
      items: printSettings(GROUP_TABLE, group, group.at),
    })),
    ...virtualServers.map((server) => ({
      at: server.at.self,
      path: "virtual_server",
      isEntry: true as const,
      items: printSettings(VIRTUAL_SERVER_TABLE, server, server.at),
    })),
  ];
}

function inOrder(
  items: readonly PrintedItem[],
  compare: PrintOptions["compare"],
): readonly PrintedItem[] {
  if (compare === undefined) return items;
  return [...items].sort((a, b) => {
    const order = Number(isUnplaced(a)) - Number(isUnplaced(b));
    if (order !== 0) return order;
    const [left, right] = [placeOf(a), placeOf(b)];
    return left === undefined || right === undefined ? 0 : compare(left, right);
  });
}

/** What has no place of its own in the source stands behind everything that has. */
function isUnplaced(item: PrintedItem): boolean {
  return item.kind !== "tables" && item.isUnplaced === true;
}

/** The lines of a table, then those of each table below it that does not fit on a line. */
function sectionParts(
  { at, path, isEntry, items }: Section,
  options: PrintOptions,
): string[][] {
  const own = around(at, isEntry ? `[[${path}]]` : `[${path}]`, "", options);
  const parts = [own];
  for (const item of inOrder(items, options.compare)) {
    switch (item.kind) {
      case "line":
        own.push(...around(ownPlace(item)[0], item.text, "", options));
        break;
      case "list":
        own.push(...listLines(item, options));
        break;
      case "tables": {
        const text = oneLine(item, options);
        if (text === undefined) {
          parts.push(...tableParts(path, item, options));
        } else own.push(...around(placeOf(item), text, "", options));
        break;
      }
      default:
        unreachable(item);
    }
  }
  return parts;
}

type Tables = PrintedItem & { kind: "tables" };

function tableParts(
  path: string,
  { key, tables, isSingle }: Tables,
  options: PrintOptions,
): string[][] {
  return tables.flatMap(({ at, items }) =>
    sectionParts({
      at,
      path: `${path}.${key}`,
      ...(isSingle && tables.length === 1 ? {} : { isEntry: true }),
      items,
    }, options)
  );
}

/** Longest line that tables are put on. */
const LINE_MAX = 100;

/** Tables as a line of their own; undefined when they are long, or comments would be lost. */
function oneLine(item: Tables, options: PrintOptions): string | undefined {
  if (!item.mayInline) return undefined;
  const [first] = item.tables;
  const inner = placesOf(item).filter((place) => place !== first?.at);
  if (inner.some((place) => options.commentsAt?.(place) !== undefined)) {
    return undefined;
  }
  const text = inlineText(item, (items) => inOrder(items, options.compare));
  return text.length <= LINE_MAX ? text : undefined;
}

/** A list of names that is longer than this takes a line for each. */
const WIDTH = 80;

function listLines(
  item: PrintedItem & { kind: "list" },
  options: PrintOptions,
): string[] {
  const [place] = ownPlace(item);
  const lines = item.entries.map((entry) =>
    around(entry.at, `${entry.text},`, "  ", options)
  );
  const isPlain = lines.every((entry) => entry.length === 1) &&
    item.entries.every((entry) =>
      options.commentsAt?.(entry.at)?.behind === undefined
    );
  const line = `${item.key} = [${
    item.entries.map(({ text }) => text).join(", ")
  }]`;
  const isOneLine = item.entries.length === 1 ||
    (item.isShort === true && line.length <= WIDTH);
  if (isPlain && isOneLine) return around(place, line, "", options);
  const { apart = [], above = [], behind, below = [] } =
    (place && options.commentsAt?.(place)) ?? {};
  const open = `${item.key} = [${behind === undefined ? "" : " "}`;
  return [
    ...[...apart, ...above].map(comment),
    open + (behind === undefined ? "" : comment(behind)),
    ...lines.flat(),
    "]",
    ...below.map(comment),
  ];
}

/** A line between the comments that belong to it. */
function around(
  at: Span | undefined,
  text: string,
  indent: string,
  { commentsAt }: PrintOptions,
): string[] {
  const found = at === undefined ? undefined : commentsAt?.(at);
  if (found === undefined) return [indent + text];
  const behind = found.behind === undefined ? "" : ` ${comment(found.behind)}`;
  return [
    ...found.apart.map((one) => indent + comment(one)),
    ...(found.apart.length > 0 ? [""] : []),
    ...found.above.map((one) => indent + comment(one)),
    indent + text + behind,
    ...found.below.map((one) => indent + comment(one)),
  ];
}

/** TOML allows no control character but the tab in a comment. */
function comment(text: string): string {
  // deno-lint-ignore no-control-regex
  return `#${text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "\ufffd")}`
    .trimEnd();
}
