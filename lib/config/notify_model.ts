/**
 * Whom a configuration wants told about changes of state.
 *
 * Says:    keepalived's `notify…` keywords of `vrrp_instance`.
 * @module
 */

/** A script that is ready to run: words cut, user looked up. */
export interface NotifyScript {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Whom it runs as; as the daemon unless given. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
}

/** The scripts of one instance, by keyword. */
export interface InstanceNotify {
  readonly instance: string;
  /** `notify_master`. */
  readonly master?: NotifyScript;
  /** `notify_backup`. */
  readonly backup?: NotifyScript;
  /** `notify_fault`. */
  readonly fault?: NotifyScript;
  /** `notify_stop`. */
  readonly stop?: NotifyScript;
  /** `notify_master_rx_lower_pri`. */
  readonly lowerPriorityHeard?: NotifyScript;
  /** `notify`: every state, with keepalived's four arguments appended. */
  readonly every?: NotifyScript;
}
