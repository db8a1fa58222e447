/**
 * The keywords about scripts that are told of changes: those that `vrrp_instance` and `vrrp_sync_group` share, and
 * those of `global_defs`.
 *
 * Says:    of a script or FIFO that is named twice keepalived keeps the first, with a message.
 * @module
 */
import type {
  FifoLine,
  GlobalNotify,
  InstanceNotifyScripts,
  NotifyScripts,
  ScriptLine,
} from "../notify_model.ts";
import {
  type Argument,
  flag,
  missing,
  needsScript,
  optionalBoolean,
  optionalScript,
  type ScriptCommand,
  scriptUser,
  userFrom,
  wantsScript,
} from "./argument.ts";
import { custom, type Row, setting, valueSpan } from "./block.ts";
import type { Draft } from "./draft.ts";
import type { LogicalLine } from "./logical_line.ts";
import type { ReadContext } from "./read_context.ts";

type At = { readonly at: unknown };
type Key<T> = Exclude<keyof T & string, "at">;

/** A keyword of which the first line counts. */
export function first<T extends At, K extends Key<T>>(
  key: K,
  argument: Argument<T[K]>,
): Row<Draft<T>> {
  return custom((draft, line, context) => {
    const value = argument(line, context);
    if (value === undefined) return;
    const before = draft.spanOf(key);
    if (before === undefined) draft.set(key, value, valueSpan(line));
    else tellRepeated(line, before, context);
  });
}

function tellRepeated(
  line: LogicalLine,
  before: ReturnType<LogicalLine["span"]>,
  context: ReadContext,
) {
  context.warn(
    "HK0439",
    line,
    line.wordSpan(0),
    `\`${line.word(0)}\` is there already`,
    {
      label: "the line is ignored",
      related: [{ span: before, message: "this one counts" }],
    },
  );
}

/** Rows that an instance and a group have in common. */
export const notifyRows: Readonly<
  Record<string, Row<Draft<NotifyScripts & At>>>
> = {
  notify_master: first("notifyMaster", script(needsScript)),
  notify_backup: first("notifyBackup", script(needsScript)),
  notify_fault: first("notifyFault", script(needsScript)),
  notify_stop: first("notifyStop", script(needsScript)),
  notify: first("notify", script(needsScript)),
  notify_priority_changes: setting("notifyPriorityChanges", optionalBoolean),
  smtp_alert: setting("smtpAlert", optionalBoolean),
};

/** What a draft has of them. */
export function notifyScriptsOf(
  draft: Draft<NotifyScripts & At>,
): NotifyScripts {
  return {
    notifyMaster: draft.get("notifyMaster"),
    notifyBackup: draft.get("notifyBackup"),
    notifyFault: draft.get("notifyFault"),
    notifyStop: draft.get("notifyStop"),
    notify: draft.get("notify"),
    notifyPriorityChanges: draft.get("notifyPriorityChanges"),
    smtpAlert: draft.get("smtpAlert"),
  };
}

/** Rows that only an instance has. */
export const instanceNotifyRows: Readonly<
  Record<string, Row<Draft<InstanceNotifyScripts & At>>>
> = {
  notify_deleted: first("notifyDeleted", (line, context) => {
    const found = optionalScript(line, context);
    return found === true || found === undefined
      ? found
      : scriptLine(found, line);
  }),
  notify_master_rx_lower_pri: first(
    "notifyMasterRxLowerPriority",
    script(needsScript),
  ),
};

/** The rows of `global_defs`. */
export const globalNotifyRows: Readonly<
  Record<string, Row<Draft<GlobalNotify & At>>>
> = {
  script_user: setting("scriptUser", scriptUser),
  enable_script_security: setting("enableScriptSecurity", flag),
  notify_fifo: first("notifyFifo", fifoLine),
  notify_fifo_script: first("notifyFifoScript", script(wantsScript)),
  vrrp_notify_fifo: first("vrrpNotifyFifo", fifoLine),
  vrrp_notify_fifo_script: first("vrrpNotifyFifoScript", script(wantsScript)),
  vrrp_notify_priority_changes: setting(
    "notifyPriorityChanges",
    optionalBoolean,
  ),
  fifo_write_vrrp_states_on_reload: setting("fifoWriteStatesOnReload", flag),
};

/** What a draft has of them. */
export function globalNotifyOf(
  draft: Draft<GlobalNotify & At>,
): GlobalNotify {
  return {
    scriptUser: draft.get("scriptUser"),
    enableScriptSecurity: draft.get("enableScriptSecurity"),
    notifyFifo: draft.get("notifyFifo"),
    notifyFifoScript: draft.get("notifyFifoScript"),
    vrrpNotifyFifo: draft.get("vrrpNotifyFifo"),
    vrrpNotifyFifoScript: draft.get("vrrpNotifyFifoScript"),
    notifyPriorityChanges: draft.get("notifyPriorityChanges"),
    fifoWriteStatesOnReload: draft.get("fifoWriteStatesOnReload"),
  };
}

/** The script of a line, as the model has it. */
export function script(
  argument: Argument<ScriptCommand>,
): Argument<ScriptLine> {
  return (line, context) => {
    const found = argument(line, context);
    return found === undefined ? undefined : scriptLine(found, line);
  };
}

function scriptLine(
  { command, user }: ScriptCommand,
  line: LogicalLine,
): ScriptLine {
  return { command, user, at: { self: line.wordSpan(0), of: {} } };
}

/** `PATH [USER [GROUP]]` of a FIFO. */
export function fifoLine(
  line: LogicalLine,
  context: ReadContext,
): FifoLine | undefined {
  if (line.count < 2) return missing(line, context);
  return {
    path: line.word(1),
    owner: userFrom(line, 2, context),
    at: { self: valueSpan(line), of: {} },
  };
}
