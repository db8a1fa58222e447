/**
 * What `global_defs` and the file's level say about the daemon as a process: its network namespace, the scripts around
 * its life, and how it is told to reload; a part of the model (model.ts). And the same, ready to be used.
 *
 * Units:   `…Ns` nanoseconds, `…Ms` milliseconds.
 * @module
 */
import type { NotifyScript, ScriptLine } from "./notify_model.ts";

/** Settings of `global_defs`; in keepalived.conf `net_namespace` stands outside of blocks. */
/** Bytes of a network namespace's name, which is that of a file. */
export const NAMESPACE_BYTES_MAX = 255;

export interface ProcessGlobals {
  /** `net_namespace`, as ip-netns(8) names it; the one that the daemon is started in unless given. */
  readonly netNamespace: string | undefined;
  /** Run before the first instance starts. */
  readonly startupScript: ScriptLine | undefined;
  /** Whole seconds; 10 s unless given. */
  readonly startupScriptTimeoutNs: number | undefined;
  /** Run when the last instance has stopped. */
  readonly shutdownScript: ScriptLine | undefined;
  /** Whole seconds; 10 s unless given. */
  readonly shutdownScriptTimeoutNs: number | undefined;
  /** Scripts have the supplementary groups of their users. */
  readonly setSupplementaryGroups: boolean | undefined;
  /** There while a reload reads the configuration; true: `keepalived.reload` beside the daemon's other files. */
  readonly reloadFile: string | boolean | undefined;
  /** Its first line says when to reload. */
  readonly reloadTimeFile: string | undefined;
  /** `reload_time_file` is kept when its time has come. */
  readonly reloadRepeat: boolean | undefined;
}

/** A script that is run once, and ended in time. */
export interface TimedScript {
  readonly script: NotifyScript;
  readonly timeoutMs: number;
}

/** What a daemon does beside its instances. */
export interface ProcessPlan {
  readonly netNamespace: string | undefined;
  readonly startup: TimedScript | undefined;
  readonly shutdown: TimedScript | undefined;
  readonly reloadFile: string | boolean;
  readonly reloadTimeFile: string | undefined;
  readonly reloadRepeats: boolean;
}

/** A daemon of which nothing of this is asked. */
export const PLAIN_PROCESS: ProcessPlan = {
  netNamespace: undefined,
  startup: undefined,
  shutdown: undefined,
  reloadFile: false,
  reloadTimeFile: undefined,
  reloadRepeats: false,
};
