/**
 * The TOML keys as a document, written from the tables of settings: `docs/configuration.md`.
 * @module
 */
import { GARP_GROUP_TABLE } from "./garp_group_settings.ts";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LOG_TABLE } from "./log_settings.ts";
import { printedSeconds } from "./printed_item.ts";
import { tableShape } from "./setting.ts";
import { SYNC_GROUP_TABLE } from "./sync_group_settings.ts";
import {
  TRACK_FILE_TABLE,
  TRACK_PROCESS_TABLE,
  VRRP_SCRIPT_TABLE,
} from "./tracked_settings.ts";
import type { SettingShape, TableShape, ValueShape } from "./value_type.ts";
import { SSL_TABLE, VIRTUAL_SERVER_TABLE } from "./virtual_server_settings.ts";
import { GROUP_TABLE } from "./virtual_server_group_settings.ts";
import { VRRP_INSTANCE_TABLE } from "./vrrp_instance_settings.ts";
import { unreachable } from "../../assert.ts";

const HEAD = `# Configuration in TOML

Written from the tables of settings in \`lib/config/toml/\` by
\`deno run --allow-write=docs scripts/write_configuration.ts\`; do not edit.

Keys are keepalived's keywords wherever the meaning is the same. Blocks are tables, lists are arrays. An unknown
key, a value of the wrong kind and a value out of range are errors: \`hakeep check FILE.toml\` names all of them with
their places, and \`hakeep explain CODE\` explains one. \`hakeep import FILE\` writes this format from a
\`keepalived.conf\`.

Durations are seconds (\`1\`, \`0.3\`) or a text of a number and a unit: \`"300ms"\`, with \`us\`, \`ms\`, \`s\`, \`m\` or
\`h\`.

\`\`\`toml
[vrrp_instance.VI_1]
interface = "eth0"
virtual_router_id = 51
priority = 150
virtual_ipaddress = ["10.0.0.100/24"]
\`\`\`

What an instance tracks is named in lists; an entry is a name, or a table with a weight of its own. Without a weight a
failure is FAULT; with one it changes the priority, which moves the addresses when another router's is higher then.

\`\`\`toml
[vrrp_script.dns]
script = "/usr/bin/dig +time=1 +tries=1 @127.0.0.1 example.net"
interval = 2
fall = 3
rise = 2

[vrrp_instance.VI_1]
track_script = ["dns"]
track_interface = [{ name = "eth1", weight = -60 }]
\`\`\`

Instances that must move together are members of a sync group:

\`\`\`toml
[vrrp_sync_group.router]
group = ["inside", "outside"]
track_interface = ["eth2"]
\`\`\`
`;

/** The whole document, in Markdown. */
export function configurationDocument(): string {
  return HEAD + [
    tableShape(VRRP_INSTANCE_TABLE),
    tableShape(SYNC_GROUP_TABLE),
    tableShape(VRRP_SCRIPT_TABLE),
    tableShape(TRACK_FILE_TABLE),
    tableShape(TRACK_PROCESS_TABLE),
    tableShape(GARP_GROUP_TABLE),
    tableShape(VIRTUAL_SERVER_TABLE),
    tableShape(GROUP_TABLE),
    tableShape(SSL_TABLE),
    tableShape(GLOBAL_DEFS_TABLE),
    tableShape(LOG_TABLE),
  ].flatMap((table) => [table, ...nestedTables(table)]).filter(isFirst)
    .map(chapter).join("");
}

function isFirst(
  { name }: TableShape,
  index: number,
  all: readonly TableShape[],
): boolean {
  return all.findIndex((one) => one.name === name) === index;
}

function chapter({ name, settings }: TableShape): string {
  const title = name.startsWith("[") ? `\`${name}\`` : name;
  return `\n## ${title}\n\n| key | value | default | meaning |\n|---|---|---|---|\n${
    settings.map(row).join("")
  }`;
}

function row({ key, shape, fallback, about }: SettingShape): string {
  const cells = [`\`${key}\``, shapeText(shape), fallback ?? "", about];
  return `| ${
    cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")
  } |\n`;
}

/** Tables that are values of others, and those in them. */
function nestedTables({ settings }: TableShape): TableShape[] {
  const found: TableShape[] = [];
  const visit = (shape: ValueShape) => {
    if (shape.kind === "table") {
      found.push(shape.table, ...nestedTables(shape.table));
    } else if (shape.kind === "list") visit(shape.of);
    else if (shape.kind === "either") shape.of.forEach(visit);
  };
  for (const { shape } of settings) visit(shape);
  return found;
}

/** What may be written, in words. */
function shapeText(shape: ValueShape): string {
  switch (shape.kind) {
    case "boolean":
      return "`true` or `false`";
    case "text":
      return "text";
    case "name":
      return "interface, at most 15 bytes";
    case "label":
      return "text of at most 15 bytes";
    case "whole":
      return shape.max === shape.min + 1
        ? `${shape.min} or ${shape.max}`
        : `${shape.min} to ${shape.max}`;
    case "duration":
      return `duration, ${printedSeconds(shape.minNs)} to ${
        printedSeconds(shape.maxNs)
      } s`;
    case "word":
      return shape.words.map((one) => `\`"${one}"\``).join(", ");
    case "pattern":
      return shape.what;
    case "address":
      return "IP address";
    case "prefixed":
      return "IP address, with or without a prefix length";
    case "group":
      return `${
        shape.family === undefined ? "IP" : `IPv${shape.family}`
      } multicast address`;
    case "list":
      return `list: ${shapeText(shape.of)}`;
    case "either":
      return shape.of.map(shapeText).join("; or ");
    case "table":
      return `table: ${shape.table.name}`;
    default:
      return unreachable(shape);
  }
}
