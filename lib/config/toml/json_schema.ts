/**
 * The TOML keys as a JSON Schema, written from the tables of settings, so that editors complete and check.
 *
 * Says:    JSON Schema draft 7, which editors for TOML understand.
 * Checks:  what a value is by itself; what values mean together is `hakeep check`'s to say.
 * @module
 */
import { unreachable } from "../../assert.ts";
import { GARP_GROUP_TABLE } from "./garp_group_settings.ts";
import { GLOBAL_DEFS_TABLE } from "./global_defs_settings.ts";
import { LOG_TABLE } from "./log_settings.ts";
import { type SettingTable, tableShape } from "./setting.ts";
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

/** As much of JSON Schema as is written here. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?:
    | "object"
    | "array"
    | "string"
    | "number"
    | "boolean"
    | "integer";
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | false;
}

const NS_PER_S = 1e9;
const INTERFACE_NAME = "^[^/\\s]+$";
const NAME_MAX = 15;
const ADDRESS = "^[0-9A-Fa-f:.]+$";
const PREFIXED = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$";
const DURATION = "^[0-9]+(\\.[0-9]+)? ?(us|ms|s|m|h)$";

/** The schema of a whole configuration. */
export function configurationSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "hakeep configuration",
    type: "object",
    properties: {
      global_defs: tableSchema(tableShape(GLOBAL_DEFS_TABLE)),
      log: tableSchema(tableShape(LOG_TABLE)),
      vrrp_script: byName("scripts that can be tracked", VRRP_SCRIPT_TABLE),
      track_file: byName("files that can be tracked", TRACK_FILE_TABLE),
      vrrp_track_process: byName(
        "processes that can be tracked",
        TRACK_PROCESS_TABLE,
      ),
      vrrp_sync_group: byName(
        "instances that change state together",
        SYNC_GROUP_TABLE,
      ),
      garp_group: {
        description: "limits of announcements",
        type: "array",
        items: tableSchema(tableShape(GARP_GROUP_TABLE)),
      },
      vrrp_instance: byName("the virtual routers", VRRP_INSTANCE_TABLE),
      virtual_server: {
        description: "the virtual servers",
        type: "array",
        items: tableSchema(tableShape(VIRTUAL_SERVER_TABLE)),
      },
      virtual_server_group: byName(
        "addresses and fwmarks of virtual servers",
        GROUP_TABLE,
      ),
      SSL: tableSchema(tableShape(SSL_TABLE)),
    },
    additionalProperties: false,
  };
}

/** Tables `[KEYWORD.NAME]`. */
function byName<M>(about: string, table: SettingTable<M>): JsonSchema {
  return {
    description: `${about}, by name`,
    type: "object",
    additionalProperties: tableSchema(tableShape(table)),
  };
}

/** The schema as it is printed and shipped. */
export function schemaDocument(): string {
  return `${JSON.stringify(configurationSchema(), null, 2)}\n`;
}

function tableSchema({ settings }: TableShape): JsonSchema {
  const required = settings.filter(({ isRequired }) => isRequired)
    .map(({ key }) => key);
  return {
    type: "object",
    properties: Object.fromEntries(
      settings.map((one) => [one.key, settingSchema(one)]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function settingSchema({ shape, about, fallback }: SettingShape): JsonSchema {
  const text = fallback === undefined
    ? about
    : `${about} (default: ${fallback})`;
  return { description: text, ...valueSchema(shape) };
}

function valueSchema(shape: ValueShape): JsonSchema {
  switch (shape.kind) {
    case "boolean":
      return { type: "boolean" };
    case "text":
      return { type: "string" };
    case "name":
      return { type: "string", maxLength: NAME_MAX, pattern: INTERFACE_NAME };
    case "label":
      return { type: "string", maxLength: NAME_MAX };
    case "whole":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "duration":
      return {
        anyOf: [
          {
            type: "number",
            minimum: shape.minNs / NS_PER_S,
            maximum: shape.maxNs / NS_PER_S,
          },
          { type: "string", pattern: DURATION },
        ],
      };
    case "word":
      return { type: "string", enum: shape.words };
    case "pattern":
      return { type: "string", pattern: shape.pattern };
    case "address":
    case "group":
      return { type: "string", pattern: ADDRESS };
    case "prefixed":
      return { type: "string", pattern: PREFIXED };
    case "list":
      return { type: "array", items: valueSchema(shape.of) };
    case "either":
      return { anyOf: shape.of.map(valueSchema) };
    case "table":
      return tableSchema(shape.table);
    default:
      return unreachable(shape);
  }
}
