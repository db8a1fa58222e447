/**
 * The keywords about the daemon as a process: scripts around its life, reloads at a given time, its network namespace.
 *
 * Says:    of a script that is named twice keepalived keeps the first, with a message.
 * @module
 */
import { firstCounts } from "./repeated.ts";
import { NAMESPACE_BYTES_MAX, type ProcessGlobals } from "../process_model.ts";
import {
  flag,
  may,
  optionalBoolean,
  textUpTo,
  wants,
  wantsScript,
  word,
} from "./argument.ts";
import { type Row, setting } from "./block.ts";
import type { Draft } from "./draft.ts";
import { first, script } from "./notify_keywords.ts";
import { wholeSeconds } from "./numbers.ts";

type ProcessDraft = Draft<ProcessGlobals & { readonly at: unknown }>;

const timeout = wants(wholeSeconds(1, 1000));

/** The rows of `global_defs`. */
export const processRows: Readonly<Record<string, Row<ProcessDraft>>> = {
  startup_script: first("startupScript", script(wantsScript)),
  startup_script_timeout: setting("startupScriptTimeoutNs", timeout),
  shutdown_script: first("shutdownScript", script(wantsScript)),
  shutdown_script_timeout: setting("shutdownScriptTimeoutNs", timeout),
  set_supplementary_groups: setting("setSupplementaryGroups", optionalBoolean),
  reload_time_file: setting("reloadTimeFile", wants(word)),
  reload_repeat: setting("reloadRepeat", flag),
  reload_file: setting("reloadFile", may<string | boolean>(true, word)),
};

/** Outside of blocks; its key in TOML is one of `[global_defs]`. */
export const netNamespace: Row<ProcessDraft> = firstCounts(
  "netNamespace",
  setting("netNamespace", wants(textUpTo(NAMESPACE_BYTES_MAX))),
);
