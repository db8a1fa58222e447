/**
 * Scripts, users and FIFOs as TOML values: a text, or a table where there is more to say.
 *
 * Says:    `"/path/to/script ARG …"` or `{ script = "…", user = "USER", group = "GROUP" }`; in the text quotes and
 *          backslashes mean what they mean to keepalived.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import type { FifoLine, ScriptLine } from "../notify_model.ts";
import type { ScriptUser } from "../tracking_model.ts";
import type { PrintedItem } from "./printed_item.ts";
import {
  printSettings,
  readSettings,
  required,
  type Setting,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import type { TomlNode } from "./tree.ts";
import { BOOLEAN, TEXT, type ValueType } from "./value_type.ts";

interface UserTable {
  readonly user: string | undefined;
  readonly group: string | undefined;
}

const GROUP: Setting<string | undefined> = setting(
  "group",
  TEXT,
  "the group, for one who is named by `user`",
  "the user's own",
);

const USER_TABLE: SettingTable<UserTable> = {
  name: "a user",
  settings: { user: required(setting("user", TEXT, "the user")), group: GROUP },
};

const OPTIONAL_USER = {
  user: setting("user", TEXT, "the user", "`script_user`"),
  group: GROUP,
} as const;

type ScriptTable = UserTable & { readonly command: string | undefined };

const SCRIPT_TABLE: SettingTable<ScriptTable> = {
  name: "a script",
  settings: {
    command: required(setting(
      "script",
      TEXT,
      "the program and its arguments; quotes and backslashes group and escape, and there is no shell",
    )),
    ...OPTIONAL_USER,
  },
};

type FifoTable = UserTable & { readonly path: string | undefined };

const FIFO_TABLE: SettingTable<FifoTable> = {
  name: "a FIFO",
  settings: {
    path: required(setting("path", TEXT, "where it is")),
    ...OPTIONAL_USER,
  },
};

/** `"USER"` or `{ user = "USER", group = "GROUP" }`. */
export const SCRIPT_USER: ValueType<ScriptUser> = {
  shape: {
    kind: "either",
    of: [TEXT.shape, { kind: "table", table: tableShape(USER_TABLE) }],
  },
  read: (node, sink) => {
    if (node.kind !== "table") {
      const user = TEXT.read(node, sink);
      return user === undefined ? undefined : { user, group: undefined };
    }
    const { values } = readSettings(USER_TABLE, node, USER_TABLE.name, sink);
    return userOf(values, node, sink) ??
      (values.group === undefined
        ? tellMissing("user", node, sink)
        : undefined);
  },
  print: (key, { user, group }, at) => [{
    kind: "line",
    at,
    text: group === undefined
      ? `${key} = ${TEXT.text(user)}`
      : `${key} = ${
        inlineTable(printSettings(USER_TABLE, { user, group }, nothingAt(at)))
      }`,
  }],
};

/** A script with its arguments, and perhaps whom it runs as. */
export const SCRIPT: ValueType<ScriptLine> = {
  shape: {
    kind: "either",
    of: [TEXT.shape, { kind: "table", table: tableShape(SCRIPT_TABLE) }],
  },
  read: (node, sink) => {
    if (node.kind !== "table") {
      const command = TEXT.read(node, sink);
      return command === undefined
        ? undefined
        : { command, user: undefined, at: { self: node.span, of: {} } };
    }
    const { values, at } = readSettings(
      SCRIPT_TABLE,
      node,
      SCRIPT_TABLE.name,
      sink,
    );
    const user = userOf(values, node, sink);
    const { command } = values;
    if (command === undefined) {
      return at.of.command === undefined
        ? tellMissing("script", node, sink)
        : undefined;
    }
    return {
      command,
      user,
      at: { self: at.of.command ?? node.span, of: {} },
    };
  },
  print: (key, { command, user }, at) => [{
    kind: "line",
    at,
    text: user === undefined
      ? `${key} = ${TEXT.text(command)}`
      : `${key} = ${
        inlineTable(
          printSettings(SCRIPT_TABLE, { command, ...user }, nothingAt(at)),
        )
      }`,
  }],
};

/** `true`, or a script. */
export const FLAG_OR_SCRIPT: ValueType<ScriptLine | boolean> = {
  shape: { kind: "either", of: [BOOLEAN.shape, SCRIPT.shape] },
  read: (node, sink) =>
    (node.kind === "boolean" ? BOOLEAN : SCRIPT).read(node, sink),
  print: (key, value, at) =>
    typeof value === "boolean"
      ? BOOLEAN.print(key, value, at)
      : SCRIPT.print(key, value, at),
};

/** A FIFO's path, and perhaps whom it belongs to. */
export const FIFO: ValueType<FifoLine> = {
  shape: {
    kind: "either",
    of: [TEXT.shape, { kind: "table", table: tableShape(FIFO_TABLE) }],
  },
  read: (node, sink) => {
    if (node.kind !== "table") {
      const path = TEXT.read(node, sink);
      return path === undefined
        ? undefined
        : { path, owner: undefined, at: { self: node.span, of: {} } };
    }
    const { values, at } = readSettings(
      FIFO_TABLE,
      node,
      FIFO_TABLE.name,
      sink,
    );
    const owner = userOf(values, node, sink);
    const { path } = values;
    if (path === undefined) {
      return at.of.path === undefined
        ? tellMissing("path", node, sink)
        : undefined;
    }
    return { path, owner, at: { self: at.of.path ?? node.span, of: {} } };
  },
  print: (key, { path, owner }, at) => [{
    kind: "line",
    at,
    text: owner === undefined
      ? `${key} = ${TEXT.text(path)}`
      : `${key} = ${
        inlineTable(
          printSettings(FIFO_TABLE, { path, ...owner }, nothingAt(at)),
        )
      }`,
  }],
};

/** A group alone names nobody. */
function userOf(
  { user, group }: UserTable,
  node: TomlNode,
  sink: DiagnosticSink,
): ScriptUser | undefined {
  if (user !== undefined) return { user, group };
  if (group !== undefined) tellMissing("user", node, sink);
  return undefined;
}

function tellMissing(
  key: string,
  node: TomlNode,
  sink: DiagnosticSink,
): undefined {
  sink.error("HK0108", node.span, `\`${key}\` is missing`, {});
}

function inlineTable(items: readonly PrintedItem[]): string {
  const texts = items.flatMap((item) =>
    item.kind === "line" ? [item.text] : []
  );
  return `{ ${texts.join(", ")} }`;
}

function nothingAt(self: Span) {
  return { self, of: {} } as const;
}
