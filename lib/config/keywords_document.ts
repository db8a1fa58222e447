/**
 * keepalived's keywords and what becomes of each, as a document: `docs/keywords.md`, written from the tables that read
 * them.
 * @module
 */
import { unreachable } from "../assert.ts";
import type { Keyword } from "./keepalived/block.ts";
import { allKeywords } from "./keepalived/top_level.ts";
import { BFD_INSTANCE_TABLE } from "./toml/bfd_instance_settings.ts";
import { GARP_GROUP_TABLE } from "./toml/garp_group_settings.ts";
import { GLOBAL_DEFS_TABLE } from "./toml/global_defs_settings.ts";
import { tableShape } from "./toml/setting.ts";
import { SYNC_GROUP_TABLE } from "./toml/sync_group_settings.ts";
import {
  TRACK_FILE_TABLE,
  TRACK_PROCESS_TABLE,
  VRRP_SCRIPT_TABLE,
} from "./toml/tracked_settings.ts";
import type { TableShape, ValueShape } from "./toml/value_type.ts";
import {
  SSL_TABLE,
  VIRTUAL_SERVER_TABLE,
} from "./toml/virtual_server_settings.ts";
import { GROUP_TABLE } from "./toml/virtual_server_group_settings.ts";
import { VRRP_INSTANCE_TABLE } from "./toml/vrrp_instance_settings.ts";

const HEAD = `# keepalived's keywords

Written from the tables in \`lib/config/\` by \`deno run --allow-write=docs scripts/write_keywords.ts\`; do not edit.

Every keyword of keepalived 2.4.3 is read, with its arguments checked, and has one of three fates:

- **active**: hakeep acts on it. \`hakeep import\` writes it under the TOML key that is named.
- **modelled**: it has its TOML key and all of its checks, and \`hakeep import\` writes it; this version does not act on
  it yet. \`check\` and \`run\` say so, once for each virtual server or setting (HK0102).
- **noted**: it has no meaning in hakeep. \`check\` says why (HK0423).
`;

/** The first version, in which every active keyword of today appeared. */
const SINCE = "0.1.0";

/** TOML tables by the block whose keywords they have. */
const TOML_TABLES: Readonly<Record<string, TableShape>> = {
  global_defs: tableShape(GLOBAL_DEFS_TABLE),
  vrrp_sync_group: tableShape(SYNC_GROUP_TABLE),
  vrrp_script: tableShape(VRRP_SCRIPT_TABLE),
  track_file: tableShape(TRACK_FILE_TABLE),
  vrrp_track_file: tableShape(TRACK_FILE_TABLE),
  vrrp_track_process: tableShape(TRACK_PROCESS_TABLE),
  vrrp_instance: tableShape(VRRP_INSTANCE_TABLE),
  garp_group: tableShape(GARP_GROUP_TABLE),
  bfd_instance: tableShape(BFD_INSTANCE_TABLE),
  virtual_server: tableShape(VIRTUAL_SERVER_TABLE),
  virtual_server_group: tableShape(GROUP_TABLE),
  SSL: tableShape(SSL_TABLE),
};

/** How a block of the file's level is written, where that is no `[BLOCK.NAME]`. */
const HEADLINES: Readonly<Record<string, string>> = {
  global_defs: "[global_defs]",
  net_namespace: "[global_defs] net_namespace",
  net_namespace_ipvs: "[global_defs] net_namespace_ipvs",
  vrrp_track_file: "[track_file.NAME]",
  garp_group: "[[garp_group]]",
  track_group: "[vrrp_instance.NAME] track_interface",
  virtual_server: "[[virtual_server]]",
  SSL: "[SSL]",
};

/** The whole document, in Markdown. */
export function keywordsDocument(): string {
  return HEAD + chapter("outside of blocks", "", allKeywords());
}

/** Keywords of one block, then the blocks inside. */
function chapter(
  title: string,
  path: string,
  keywords: ReadonlyMap<string, Keyword>,
): string {
  const rows = [...keywords].map(([word, keyword]) => row(path, word, keyword));
  const inner = [...keywords].flatMap(([word, { block }]) => {
    const place = path === "" ? word : `${path}/${word}`;
    return block === undefined || block.size === 0
      ? []
      : [chapter(`\`${place.replaceAll("/", "` › `")}\``, place, block)];
  });
  return `\n## ${title}\n\n| keyword | status | TOML key | since |\n|---|---|---|---|\n${
    rows.join("")
  }${inner.join("")}`;
}

function row(path: string, word: string, keyword: Keyword): string {
  return `| \`${word}\` | ${statusText(keyword)} | ${
    tomlKey(path, word, keyword)
  } | ${
    keyword.status === "active" || keyword.status === "modelled" ? SINCE : ""
  } |\n`;
}

function statusText({ status, note }: Keyword): string {
  switch (status) {
    case "active":
    case "modelled":
      return status;
    case "noted":
      return `noted: ${note ?? ""}`;
    default:
      return unreachable(status);
  }
}

function tomlKey(path: string, word: string, keyword: Keyword): string {
  const { status, tomlKey: key = word } = keyword;
  if (status !== "active" && status !== "modelled") return "";
  if (path === "") {
    // What stands outside of blocks, or is a block of lines, is a key of the global table.
    const isGlobal = TOML_TABLES.global_defs?.settings
      .some((one) => one.key === word);
    const home = isGlobal ? `[global_defs] ${word}` : `[${word}.NAME]`;
    return `\`${HEADLINES[word] ?? home}\``;
  }
  if (word === "global_tracking") return "`sync_group_tracking_weight`";
  const table = tableAt(path);
  const isKey = keyword.tomlKey !== undefined ||
    table?.settings.some((one) => one.key === key);
  return isKey === true ? `\`${key}\`` : "none: it is about reading the file";
}

/** The TOML table of a block; one without a table of its own counts for the one around it. */
function tableAt(path: string): TableShape | undefined {
  const [top = "", ...inner] = path.split("/");
  let table = TOML_TABLES[top];
  for (const word of inner) {
    const shape = table?.settings.find(({ key }) => key === word)?.shape;
    table = (shape && tableIn(shape)) ?? table;
  }
  return table;
}

function tableIn(shape: ValueShape): TableShape | undefined {
  if (shape.kind === "table") return shape.table;
  if (shape.kind === "list") return tableIn(shape.of);
  if (shape.kind !== "either") return undefined;
  return shape.of.map(tableIn).find((one) => one !== undefined);
}
