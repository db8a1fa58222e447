/**
 * The keys of `[log]`; keepalived has these on its command line.
 * @module
 */
import { LOG_FACILITIES, LOG_LEVELS } from "../../log/log_level.ts";
import type { LogConfig } from "../model.ts";
import { setting, type SettingTable } from "./setting.ts";
import { word } from "./value_type.ts";

export const LOG_TABLE: SettingTable<Omit<LogConfig, "at">> = {
  name: "[log]",
  settings: {
    target: setting(
      "target",
      word(["journal", "syslog", "stderr"]),
      "where messages go; the command line wins",
      "the journal if there is one and standard error is no terminal, else standard error",
    ),
    facility: setting(
      "facility",
      word(LOG_FACILITIES),
      "syslog's facility, keepalived's `-S`; the command line wins",
      '"daemon"',
    ),
    level: setting(
      "level",
      word(LOG_LEVELS),
      "the least important messages that are kept; the command line wins",
      '"info"',
    ),
  },
};
