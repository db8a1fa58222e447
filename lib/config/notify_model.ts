/**
 * Whom a configuration wants told about changes of state: as it says it, and ready to be run; a part of the model
 * (model.ts).
 *
 * A value that the file does not set is `undefined` in what it says; in a {@linkcode NotifyPlan} words are cut, users
 * looked up, and scripts that may not run left out.
 *
 * Says:    keepalived's `notify…` keywords and `script_user`.
 * @module
 */
import type { Positions } from "./model.ts";
import type { ScriptUser } from "./tracking_model.ts";

/** A command and perhaps whom it runs as: what stands behind a keyword for a script. */
export interface ScriptLine {
  /** Program and arguments in one text; quotes and escapes in it are untouched. */
  readonly command: string;
  /** `script_user` unless given. */
  readonly user: ScriptUser | undefined;
  readonly at: Positions<never>;
}

/** `PATH [USER [GROUP]]` of a FIFO. */
export interface FifoLine {
  readonly path: string;
  /** Whom it belongs to; `script_user` unless given. */
  readonly owner: ScriptUser | undefined;
  readonly at: Positions<never>;
}

/** What `vrrp_instance` and `vrrp_sync_group` both know. */
export interface NotifyScripts {
  readonly notifyMaster: ScriptLine | undefined;
  readonly notifyBackup: ScriptLine | undefined;
  readonly notifyFault: ScriptLine | undefined;
  readonly notifyStop: ScriptLine | undefined;
  /** Every state, with four arguments behind its own. */
  readonly notify: ScriptLine | undefined;
  /** Changes of the effective priority go to the FIFOs. */
  readonly notifyPriorityChanges: boolean | undefined;
  /** Mail; `smtp_alert_vrrp`, then `smtp_alert` of `global_defs` unless given. */
  readonly smtpAlert: boolean | undefined;
}

/** What `vrrp_instance` knows. */
export interface InstanceNotifyScripts extends NotifyScripts {
  /** `true`: no script of its own, but a removal is told as DELETED instead of FAULT. */
  readonly notifyDeleted: ScriptLine | boolean | undefined;
  readonly notifyMasterRxLowerPriority: ScriptLine | undefined;
}

/** What `global_defs` says about scripts and FIFOs. */
export interface GlobalNotify {
  /** The user `keepalived_script` if there is one, else the daemon's, unless given. */
  readonly scriptUser: ScriptUser | undefined;
  readonly enableScriptSecurity: boolean | undefined;
  readonly notifyFifo: FifoLine | undefined;
  readonly notifyFifoScript: ScriptLine | undefined;
  readonly vrrpNotifyFifo: FifoLine | undefined;
  readonly vrrpNotifyFifoScript: ScriptLine | undefined;
  /** For instances and groups that do not say it themselves. */
  readonly notifyPriorityChanges: boolean | undefined;
  readonly fifoWriteStatesOnReload: boolean | undefined;
}

/** Whom something runs as, or belongs to. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** With the user's supplementary groups; without any unless given. */
  readonly hasSupplementaryGroups?: true;
}

/** A script that is ready to run. */
export interface NotifyScript {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** As the daemon if undefined. */
  readonly user: Account | undefined;
}

/** The scripts of one instance or group, by keyword. */
export interface NotifySubject {
  readonly subject: "INSTANCE" | "GROUP";
  readonly name: string;
  /** The sync group of an instance. */
  readonly group: string | undefined;
  /** As configured; the engine tells what it is in effect. 0 for a group. */
  readonly priority: number;
  readonly master: NotifyScript | undefined;
  readonly backup: NotifyScript | undefined;
  readonly fault: NotifyScript | undefined;
  readonly stop: NotifyScript | undefined;
  /** `notify_deleted` with a script. */
  readonly deleted: NotifyScript | undefined;
  readonly lowerPriorityHeard: NotifyScript | undefined;
  /** `notify`: keepalived's four arguments are appended. */
  readonly every: NotifyScript | undefined;
  /** A removal is DELETED and not FAULT. */
  readonly tellsDeleted: boolean;
  readonly tellsPriorityChanges: boolean;
  readonly tellsByMail: boolean;
}

/** A FIFO and who reads it. */
export interface NotifyFifo {
  readonly path: string;
  /** The daemon's own if undefined. */
  readonly owner: Account | undefined;
  /** Started with the path behind its own arguments. */
  readonly reader: NotifyScript | undefined;
}

/** To whom mail goes, and by which server. */
export interface MailPlan {
  /** The host name if undefined. */
  readonly routerId: string | undefined;
  /** The daemon's user on this host if undefined. */
  readonly from: string | undefined;
  /** Addresses, also in the form `Name <user@host>`. */
  readonly to: readonly string[];
  readonly host: string;
  readonly port: number;
  /** The host name if undefined. */
  readonly heloName: string | undefined;
  /** Milliseconds. */
  readonly connectTimeoutMs: number;
  /** Not with `no_email_faults`. */
  readonly tellsFaults: boolean;
}

/** Everything that is to be told, and to whom. */
export interface NotifyPlan {
  readonly subjects: readonly NotifySubject[];
  readonly fifos: readonly NotifyFifo[];
  /** Absent without a server or without recipients. */
  readonly mail?: MailPlan;
  /** `fifo_write_vrrp_states_on_reload`. */
  readonly writesStatesOnReload: boolean;
}

/** Nobody is told anything. */
export const NO_NOTIFY: NotifyPlan = {
  subjects: [],
  fifos: [],
  writesStatesOnReload: false,
};
