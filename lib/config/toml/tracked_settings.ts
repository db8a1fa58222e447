/**
 * The keys of `[vrrp_script.NAME]`, `[track_file.NAME]` and `[vrrp_track_process.NAME]`: keepalived's keywords.
 * @module
 */
import type {
  InitFile,
  TrackFile,
  TrackProcess,
  VrrpScript,
} from "../tracking_model.ts";
import { quoted } from "./printed_item.ts";
import {
  readSettings,
  required,
  setting,
  type SettingTable,
  tableShape,
} from "./setting.ts";
import { SCRIPT_USER } from "./script_entry.ts";
import { readList, readText } from "./value_readers.ts";
import {
  BOOLEAN,
  duration,
  type InlineType,
  TEXT,
  whole,
  word,
} from "./value_type.ts";

const INT_MAX = 2_147_483_647;
const SCRIPT_TIME = duration(1e6, 4294e9);
const COUNT = whole(1, INT_MAX);
const PROCESS_DELAY = duration(1e3, 3600e9);

/** A value of one line, read and printed by `read` and `text`. */
function line<T>(
  type: Pick<InlineType<T>, "shape" | "read" | "text">,
): InlineType<T> {
  return {
    ...type,
    print: (key, value, at) => [
      { kind: "line", at, text: `${key} = ${type.text(value)}` },
    ],
  };
}

const WORDS = readList(readText);

/** `"COMMAND"` or `["COMMAND", "ARG", …]`. */
const PROCESS: InlineType<readonly string[]> = line({
  shape: {
    kind: "either",
    of: [TEXT.shape, { kind: "list", of: TEXT.shape }],
  },
  read: (node, sink) => {
    const words = node.kind === "string" ? [node.value] : WORDS(node, sink);
    if (words?.length !== 0) return words;
    sink.error("HK0108", node.span, "there is no command", {
      label: "needs at least the command",
    });
    return undefined;
  },
  text: (words) => {
    const [only = ""] = words;
    return words.length === 1
      ? quoted(only)
      : `[${words.map(quoted).join(", ")}]`;
  },
});

const FILE_VALUE = whole(-INT_MAX - 1, INT_MAX);

const INIT_FILE_TABLE: SettingTable<
  { readonly value: number | undefined; readonly overwrite: boolean }
> = {
  name: "`init_file`",
  settings: {
    value: setting("value", FILE_VALUE, "the number to write", "0"),
    overwrite: {
      ...setting("overwrite", BOOLEAN, "also when the file exists", "false"),
      absent: false,
    },
  },
};

/** `VALUE` or `{ value = VALUE, overwrite = true }`. */
const INIT_FILE: InlineType<InitFile> = line({
  shape: {
    kind: "either",
    of: [
      FILE_VALUE.shape,
      { kind: "table", table: tableShape(INIT_FILE_TABLE) },
    ],
  },
  read: (node, sink) => {
    if (node.kind !== "table") {
      const value = FILE_VALUE.read(node, sink);
      return value === undefined ? undefined : { value, overwrite: false };
    }
    const { values } = readSettings(INIT_FILE_TABLE, node, "`init_file`", sink);
    return { value: values.value ?? 0, overwrite: values.overwrite };
  },
  text: ({ value, overwrite }) =>
    overwrite ? `{ value = ${value}, overwrite = true }` : String(value),
});

const REVERSE = setting(
  "reverse",
  BOOLEAN,
  "up and down change places, for those who follow it and do not say so",
  "false",
);

export const VRRP_SCRIPT_TABLE: SettingTable<
  Omit<VrrpScript, "name" | "at">
> = {
  name: "[vrrp_script.NAME]",
  settings: {
    script: required(setting(
      "script",
      TEXT,
      "the program and its arguments in one text; 0 is success",
    )),
    intervalNs: setting("interval", SCRIPT_TIME, "time between runs", "1"),
    timeoutNs: setting(
      "timeout",
      SCRIPT_TIME,
      "a run that takes longer is ended, and a failure",
      "`interval`",
    ),
    weight: setting(
      "weight",
      whole(-253, 253),
      "for those who follow it and give none; 0 makes a failure FAULT",
      "0",
    ),
    reverse: REVERSE,
    rise: setting("rise", COUNT, "successes until it is up again", "1"),
    fall: setting("fall", COUNT, "failures until it is down", "1"),
    user: setting("user", SCRIPT_USER, "whom it runs as", "`script_user`"),
    initFail: setting(
      "init_fail",
      BOOLEAN,
      "down until it has succeeded `rise` times",
      "false",
    ),
  },
};

export const TRACK_FILE_TABLE: SettingTable<Omit<TrackFile, "name" | "at">> = {
  name: "[track_file.NAME]",
  settings: {
    file: required(setting(
      "file",
      TEXT,
      "path of the file; its number times the weight is added to the priority",
    )),
    weight: setting(
      "weight",
      whole(-254, 254),
      "for those who follow it and give none; 0 makes any number but 0 FAULT",
      "1",
    ),
    reverse: REVERSE,
    initFile: setting(
      "init_file",
      INIT_FILE,
      "number to write into the file at the start if it is not there",
      "nothing is written",
    ),
  },
};

export const TRACK_PROCESS_TABLE: SettingTable<
  Omit<TrackProcess, "name" | "at">
> = {
  name: "[vrrp_track_process.NAME]",
  settings: {
    process: required(setting(
      "process",
      PROCESS,
      "name of the process, and perhaps the arguments that it must have",
    )),
    parameterMatch: setting(
      "param_match",
      word(["exact", "initial", "partial"]),
      "how arguments are compared: all; the first ones, the last of them by its beginning; the first ones",
      '"exact"',
    ),
    fullCommand: setting(
      "full_command",
      BOOLEAN,
      "compare the whole command line and not the process's name",
      "true if there are arguments",
    ),
    weight: setting(
      "weight",
      whole(-254, 254),
      "for those who follow it and give none; 0 makes a failure FAULT",
      "0",
    ),
    reverse: REVERSE,
    quorum: setting(
      "quorum",
      whole(1, 65_535),
      "fewest processes to be up",
      "1",
    ),
    quorumMax: setting(
      "quorum_max",
      whole(0, 65_535),
      "most processes to be up; 0: none may run",
      "no limit",
    ),
    delayNs: setting(
      "delay",
      PROCESS_DELAY,
      "`terminate_delay` and `fork_delay`",
      "0",
    ),
    terminateDelayNs: setting(
      "terminate_delay",
      PROCESS_DELAY,
      "it is down when there were too few or too many for this long",
      "`delay`",
    ),
    forkDelayNs: setting(
      "fork_delay",
      PROCESS_DELAY,
      "it is up when there were enough for this long",
      "`delay`",
    ),
  },
};
