/**
 * The keys about scripts and FIFOs that are told of changes: those that `[vrrp_instance.NAME]` and a sync group share,
 * those of an instance alone, and those of `[global_defs]`.
 * @module
 */
import type {
  GlobalNotify,
  InstanceNotifyScripts,
  NotifyScripts,
} from "../notify_model.ts";
import { FIFO, FLAG_OR_SCRIPT, SCRIPT, SCRIPT_USER } from "./script_entry.ts";
import { setting, type Settings } from "./setting.ts";
import { BOOLEAN } from "./value_type.ts";

/** Keys that an instance and a group have in common. */
export const NOTIFY_SETTINGS: Settings<NotifyScripts> = {
  notifyMaster: setting(
    "notify_master",
    SCRIPT,
    "script that is run on becoming MASTER",
  ),
  notifyBackup: setting(
    "notify_backup",
    SCRIPT,
    "script that is run on becoming BACKUP",
  ),
  notifyFault: setting(
    "notify_fault",
    SCRIPT,
    "script that is run when something it needs is missing",
  ),
  notifyStop: setting(
    "notify_stop",
    SCRIPT,
    "script that is run when the daemon stops",
  ),
  notify: setting(
    "notify",
    SCRIPT,
    "script that is run on every such change, with four more arguments: `INSTANCE` or `GROUP`, the name, the state, the priority",
  ),
  notifyPriorityChanges: setting(
    "notify_priority_changes",
    BOOLEAN,
    "changes of the effective priority go to the FIFOs",
    "`vrrp_notify_priority_changes`",
  ),
  smtpAlert: setting(
    "smtp_alert",
    BOOLEAN,
    "mail about every change of state",
    "`smtp_alert_vrrp`",
  ),
};

/** Keys of an instance alone. */
export const INSTANCE_NOTIFY_SETTINGS: Settings<
  Omit<InstanceNotifyScripts, keyof NotifyScripts>
> = {
  notifyDeleted: setting(
    "notify_deleted",
    FLAG_OR_SCRIPT,
    "a reload that removes the instance is told as DELETED, by this script too if it is one",
    "told as FAULT",
  ),
  notifyMasterRxLowerPriority: setting(
    "notify_master_rx_lower_pri",
    SCRIPT,
    "script that is run when a MASTER hears an advert of lower priority",
  ),
};

/** Keys of `[global_defs]`. */
export const GLOBAL_NOTIFY_SETTINGS: Settings<GlobalNotify> = {
  scriptUser: setting(
    "script_user",
    SCRIPT_USER,
    "whom scripts run as that name nobody",
    "`keepalived_script` if there is such a user, else the daemon's",
  ),
  enableScriptSecurity: setting(
    "enable_script_security",
    BOOLEAN,
    "run no script as root that others than root could change",
    "false",
  ),
  notifyFifo: setting(
    "notify_fifo",
    FIFO,
    "FIFO that gets a line for every change",
  ),
  notifyFifoScript: setting(
    "notify_fifo_script",
    SCRIPT,
    "script that reads `notify_fifo`; the path is its last argument",
  ),
  vrrpNotifyFifo: setting(
    "vrrp_notify_fifo",
    FIFO,
    "FIFO that gets a line for every change of an instance or a group",
  ),
  vrrpNotifyFifoScript: setting(
    "vrrp_notify_fifo_script",
    SCRIPT,
    "script that reads `vrrp_notify_fifo`; the path is its last argument",
  ),
  notifyPriorityChanges: setting(
    "vrrp_notify_priority_changes",
    BOOLEAN,
    "changes of the effective priority go to the FIFOs",
    "false",
  ),
  fifoWriteStatesOnReload: setting(
    "fifo_write_vrrp_states_on_reload",
    BOOLEAN,
    "after a reload the FIFOs get the state of every instance and group",
    "false",
  ),
};
