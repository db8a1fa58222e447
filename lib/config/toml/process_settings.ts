/**
 * Keys of `[global_defs]` about the daemon as a process: keepalived's keywords.
 * @module
 */
import { NAMESPACE_BYTES_MAX, type ProcessGlobals } from "../process_model.ts";
import { SCRIPT } from "./script_entry.ts";
import { setting, type Settings } from "./setting.ts";
import { TEXT_OR_TRUE } from "./text_or_true.ts";
import { BOOLEAN, duration, TEXT, textUpTo } from "./value_type.ts";

const SCRIPT_TIMEOUT = duration(1e9, 1000e9);

/** Keys of `[global_defs]`. */
export const PROCESS_SETTINGS: Settings<ProcessGlobals> = {
  netNamespace: setting(
    "net_namespace",
    textUpTo(NAMESPACE_BYTES_MAX),
    "network namespace that hakeep and its scripts run in, as `ip netns` names it",
    "the one that it is started in",
  ),
  startupScript: setting(
    "startup_script",
    SCRIPT,
    "script that is run before the first instance starts, and waited for",
  ),
  startupScriptTimeoutNs: setting(
    "startup_script_timeout",
    SCRIPT_TIMEOUT,
    "how long `startup_script` may take; then it is ended, and the start goes on",
    "10",
  ),
  shutdownScript: setting(
    "shutdown_script",
    SCRIPT,
    "script that is run when the last instance has stopped, and waited for",
  ),
  shutdownScriptTimeoutNs: setting(
    "shutdown_script_timeout",
    SCRIPT_TIMEOUT,
    "how long `shutdown_script` may take; then it is ended",
    "10",
  ),
  setSupplementaryGroups: setting(
    "set_supplementary_groups",
    BOOLEAN,
    "scripts have the supplementary groups of the users that they run as, too",
    "false",
  ),
  reloadFile: setting(
    "reload_file",
    TEXT_OR_TRUE,
    "file that is there while a reload reads the configuration; true: `keepalived.reload` in the runtime directory",
    "none",
  ),
  reloadTimeFile: setting(
    "reload_time_file",
    TEXT,
    "file whose first line says when to reload: `HH:MM:SS` or `YYYY-MM-DD HH:MM:SS`, with `Z` behind it in UTC",
    "none",
  ),
  reloadRepeat: setting(
    "reload_repeat",
    BOOLEAN,
    "`reload_time_file` is kept when its time has come, so that a time without a date counts every day",
    "false",
  ),
};
