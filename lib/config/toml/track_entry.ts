/**
 * What an instance or a group follows: lists of names, or of tables with a name and a weight.
 *
 * Says:    keepalived's `track_interface`, `track_script`, `track_file`, `track_process` and `track_bfd`.
 * @module
 */
import type { TrackEntry, Tracking } from "../tracking_model.ts";
import {
  printSettings,
  readSettings,
  required,
  type Setting,
  setting,
  type Settings,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import {
  BOOLEAN,
  type EntryType,
  type InlineType,
  list,
  NAME,
  TEXT,
  whole,
} from "./value_type.ts";

type TrackTable =
  & { readonly name: string | undefined }
  & Omit<TrackEntry, "name" | "at">;

/** What the entries of one list are called, and may weigh. */
interface TrackKind {
  readonly title: string;
  readonly name: InlineType<string>;
  readonly about: string;
  readonly weightMax: number;
  /** What holds when an entry does not say it. */
  readonly weight: string;
  readonly reverse: string;
}

function trackEntry(kind: TrackKind): EntryType<TrackEntry> {
  const { title, name, weightMax } = kind;
  const table: SettingTable<TrackTable> = {
    name: title,
    settings: {
      name: required(setting("name", name, kind.about)),
      weight: setting(
        "weight",
        whole(-weightMax, weightMax),
        "what it adds to the priority: a positive one while it is up, a negative one while it is down; 0 makes a failure FAULT",
        kind.weight,
      ),
      reverse: setting(
        "reverse",
        BOOLEAN,
        "up and down change places",
        kind.reverse,
      ),
    },
  };
  return {
    shape: {
      kind: "either",
      of: [name.shape, { kind: "table", table: tableShape(table) }],
    },
    read: (node, sink) => {
      if (node.kind !== "table") {
        const found = name.read(node, sink);
        return found === undefined ? undefined : {
          name: found,
          weight: undefined,
          reverse: undefined,
          at: { self: node.span, of: {} },
        };
      }
      const { values, at } = readSettings(table, node, title, sink);
      const { name: found } = values;
      if (found !== undefined) return { ...values, name: found, at };
      if (at.of.name === undefined) {
        sink.error("HK0108", node.span, "`name` is missing", {});
      }
      return undefined;
    },
    entry: (entry) => {
      const lines = printSettings(table, entry, entry.at)
        .flatMap((item) => item.kind === "line" ? [item.text] : []);
      return {
        at: entry.at.self,
        text: lines.length === 1
          ? name.text(entry.name)
          : `{ ${lines.join(", ")} }`,
      };
    },
  };
}

function row(
  key: string,
  about: string,
  kind: TrackKind,
): Setting<readonly TrackEntry[]> {
  return {
    ...setting(key, list(trackEntry(kind), { isShort: true }), about),
    absent: [],
  };
}

/** The rows of what follows something. */
export const TRACKING_SETTINGS: Settings<Tracking> = {
  trackInterfaces: row(
    "track_interface",
    "interfaces that must be up, or whose state counts in the priority",
    {
      title: "a tracked interface",
      name: NAME,
      about: "the interface",
      weightMax: 253,
      weight: "0",
      reverse: "false",
    },
  ),
  trackScripts: row(
    "track_script",
    "scripts that must succeed, or whose result counts in the priority",
    {
      title: "a tracked script",
      name: TEXT,
      about: "NAME of a `[vrrp_script.NAME]`",
      weightMax: 253,
      weight: "the script's `weight`",
      reverse: "the script's `reverse`",
    },
  ),
  trackFiles: row(
    "track_file",
    "files whose number counts in the priority",
    {
      title: "a tracked file",
      name: TEXT,
      about: "NAME of a `[track_file.NAME]`",
      weightMax: 254,
      weight: "the file's `weight`",
      reverse: "the file's `reverse`",
    },
  ),
  trackProcesses: row(
    "track_process",
    "processes that must run, or whose running counts in the priority",
    {
      title: "a tracked process",
      name: TEXT,
      about: "NAME of a `[vrrp_track_process.NAME]`",
      weightMax: 254,
      weight: "the process's `weight`",
      reverse: "the process's `reverse`",
    },
  ),
  trackBfds: row(
    "track_bfd",
    "BFD sessions that must be up, or whose state counts in the priority",
    {
      title: "a tracked BFD session",
      name: TEXT,
      about: "NAME of a `[bfd_instance.NAME]`",
      weightMax: 253,
      weight: "the session's `weight`",
      reverse: "the session's `reverse`",
    },
  ),
};
