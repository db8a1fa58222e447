/**
 * Tracked objects as a configuration says them, and as the runners take them; a part of the model (model.ts).
 *
 * A value that the file does not set is `undefined` in the blocks; a `TrackerDefinition` has every default applied.
 *
 * Units:   `…Ns` nanoseconds.
 * @module
 */
import type { Positions } from "./model.ts";
import type { NotifyScript, NotifyScripts } from "./notify_model.ts";

/** A block's own `weight N [reverse]`, for those who follow it and give none. */
export interface DefaultWeight {
  readonly weight: number | undefined;
  readonly reverse: boolean | undefined;
}

/** `user USER [GROUP]`. */
export interface ScriptUser {
  readonly user: string;
  readonly group: string | undefined;
}

/** `vrrp_script NAME`. */
export interface VrrpScript extends DefaultWeight {
  readonly name: string;
  /** The command line, in one string as the file has it. */
  readonly script: string | undefined;
  /** 1 s unless given. */
  readonly intervalNs: number | undefined;
  /** The interval unless given. */
  readonly timeoutNs: number | undefined;
  /** At least 1; 1 unless given. */
  readonly rise: number | undefined;
  /** At least 1; 1 unless given. */
  readonly fall: number | undefined;
  readonly initFail: boolean | undefined;
  /** `script_user` unless given. */
  readonly user: ScriptUser | undefined;
  readonly at: Positions<keyof VrrpScript & string>;
}

/** `track_file NAME`, by its old name `vrrp_track_file`. */
export interface TrackFile extends DefaultWeight {
  readonly name: string;
  readonly file: string | undefined;
  readonly initFile: InitFile | undefined;
  readonly at: Positions<keyof TrackFile & string>;
}

/** `init_file [VALUE] [overwrite]`: written at the start, never at a reload. */
export interface InitFile {
  readonly value: number;
  /** Also when the file exists. */
  readonly overwrite: boolean;
}

/** One line of `track_interface`, `track_script`, `track_file`, `track_process` or `track_bfd`. */
export interface TrackEntry {
  /** The interface, or the name of the block. */
  readonly name: string;
  /** That of the block unless given; 0 for an interface. */
  readonly weight: number | undefined;
  /** That of the block unless given; false for an interface. */
  readonly reverse: boolean | undefined;
  readonly at: Positions<keyof TrackEntry & string>;
}

/** What an instance, or the members of a group together, follow. */
export interface Tracking {
  readonly trackInterfaces: readonly TrackEntry[];
  readonly trackScripts: readonly TrackEntry[];
  readonly trackFiles: readonly TrackEntry[];
  readonly trackProcesses: readonly TrackEntry[];
  readonly trackBfds: readonly TrackEntry[];
}

/** `vrrp_sync_group NAME`. */
export interface SyncGroup extends Tracking, NotifyScripts {
  readonly name: string;
  /** `group`: names of instances. */
  readonly members: readonly GroupMember[];
  /** `sync_group_tracking_weight`: weights that members follow objects with by themselves count. */
  readonly trackingWeight: boolean | undefined;
  readonly at: Positions<keyof SyncGroup & string>;
}

/** A name in `group`. */
export interface GroupMember {
  readonly name: string;
  readonly at: Positions<"name">;
}

/** `param_match`; a process without parameters is matched by its name alone. */
export type ParameterMatch = "exact" | "initial" | "partial";

/** `vrrp_track_process NAME`. */
export interface TrackProcess extends DefaultWeight {
  readonly name: string;
  /** `process COMMAND [ARG ...]`. */
  readonly process: readonly string[] | undefined;
  readonly parameterMatch: ParameterMatch | undefined;
  /** 0..65535; 1 unless given. */
  readonly quorum: number | undefined;
  /** 0..65535; no limit unless given. 0: none may run. */
  readonly quorumMax: number | undefined;
  /** Sets the two below. */
  readonly delayNs: number | undefined;
  /** How long a lost quorum must last. */
  readonly terminateDelayNs: number | undefined;
  /** How long a regained quorum must last. */
  readonly forkDelayNs: number | undefined;
  readonly fullCommand: boolean | undefined;
  readonly at: Positions<keyof TrackProcess & string>;
}

/** What a runner of the main isolate watches; it reports values by `name` (`tracker` in lib/engine/port.ts). */
export type TrackerDefinition =
  | ScriptTracker
  | FileTracker
  | ProcessTracker;

export interface ScriptTracker {
  readonly kind: "script";
  readonly name: string;
  /** As configured, for people. */
  readonly script: string;
  /** What is run. */
  readonly run: NotifyScript;
  readonly intervalNs: number;
  readonly timeoutNs: number;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
  /** Whom it runs as, for people; undefined: nobody was named. */
  readonly user: ScriptUser | undefined;
}

export interface FileTracker {
  readonly kind: "file";
  readonly name: string;
  readonly file: string;
  readonly initFile: InitFile | undefined;
}

export interface ProcessTracker {
  readonly kind: "process";
  readonly name: string;
  readonly command: string;
  readonly parameters: readonly string[];
  readonly parameterMatch: ParameterMatch;
  readonly fullCommand: boolean;
  readonly quorum: number;
  /** undefined: no limit. */
  readonly quorumMax: number | undefined;
  readonly terminateDelayNs: number;
  readonly forkDelayNs: number;
}
