/**
 * `auth_hmac` in an instance: a table, its keys a list of tables.
 * @module
 */
import {
  ANTI_REPLAY,
  type AuthHmacBlock,
  HMAC_MODES,
  type HmacKeyEntry,
} from "../hmac_model.ts";
import type { PrintedEntry } from "./printed_item.ts";
import {
  printSettings,
  readSettings,
  required,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import {
  duration,
  type EntryType,
  list,
  TEXT,
  whole,
  word,
} from "./value_type.ts";
import { reportKind, type ValueReader } from "./value_readers.ts";

interface KeyTable {
  readonly id: number | undefined;
  readonly value: string | undefined;
}

const KEY_TABLE: SettingTable<KeyTable> = {
  name: "a key",
  settings: {
    id: required(setting("id", whole(1, 255), "its number")),
    value: required(setting(
      "value",
      TEXT,
      "the secret, 32 to 64 bytes: as text, or `hex:` and digits, or `file:` and the path of a file with either in it",
    )),
  },
};

const read: ValueReader<HmacKeyEntry> = (node, sink) => {
  if (node.kind !== "table") return reportKind(node, "a table", sink);
  const { values, at } = readSettings(KEY_TABLE, node, KEY_TABLE.name, sink);
  const { id, value } = values;
  if (id !== undefined && value !== undefined) return { id, value, at };
  for (const key of ["id", "value"] as const) {
    if (values[key] !== undefined || at.of[key] !== undefined) continue;
    sink.error("HK0108", node.span, `\`${key}\` is missing`, {});
  }
  return undefined;
};

function entry(key: HmacKeyEntry): PrintedEntry {
  const lines = printSettings(KEY_TABLE, key, key.at)
    .flatMap((item) => item.kind === "line" ? [item.text] : []);
  return { at: key.at.self, text: `{ ${lines.join(", ")} }` };
}

const KEY: EntryType<HmacKeyEntry> = {
  shape: { kind: "table", table: tableShape(KEY_TABLE) },
  read,
  entry,
};

export const AUTH_HMAC_TABLE: SettingTable<Omit<AuthHmacBlock, "at">> = {
  name: "`auth_hmac`",
  settings: {
    keys: {
      ...setting<readonly HmacKeyEntry[]>(
        "key",
        list(KEY),
        "keys that adverts of others may be signed with",
      ),
      absent: [],
    },
    activeKey: required(setting(
      "active_key",
      whole(1, 255),
      "id of the key that our adverts are signed with",
    )),
    timeWindowNs: setting(
      "time_window",
      duration(1e9, 300e9),
      "how far the clocks of two routers may be apart, in whole seconds",
      "three times `advert_int`, but at least 5 and at most 300",
    ),
    antiReplay: setting(
      "anti_replay",
      word(ANTI_REPLAY),
      "`time` drops adverts from outside of `time_window`; `monotonic` needs no common time, and is open to a replay after a restart",
      '"time"',
    ),
    mode: setting(
      "mode",
      word(HMAC_MODES),
      "`permissive` also takes adverts without a signature; `receive-only` moreover does not sign ours",
      '"enforce"',
    ),
  },
};
