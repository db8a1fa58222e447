/**
 * The status document: what `hakeep status --json` prints. API: keys are documented and tested.
 *
 * Times that people read are RFC 3339 wall clock; durations are seconds.
 * @module
 */
import type { RouterCounters } from "../vrrp/counters.ts";
import type { BfdCounters } from "../bfd/counters.ts";
import type { BfdStatus } from "./bfd_status.ts";
import type { TrackerStatus } from "./tracker_status.ts";

/** The whole daemon at one moment. */
export interface StatusDocument {
  readonly version: string;
  readonly pid: number;
  /** `running`, `reloading`, `stopping`. */
  readonly daemon: "starting" | "running" | "reloading" | "stopping";
  readonly config: {
    readonly file: string;
    readonly loaded_at: string;
    readonly last_reload_error: string | null;
  };
  readonly started_at: string;
  readonly uptime_s: number;
  readonly engine: { readonly restarts: number; readonly alive: boolean };
  readonly instances: readonly InstanceStatus[];
  readonly sync_groups: readonly SyncGroupStatus[];
  /** Scripts, files and processes that somebody follows. */
  readonly trackers: readonly TrackerStatus[];
  readonly bfd_sessions: readonly BfdStatus[];
  /** BFD packets that were dropped and belong to no session, by reason. */
  readonly bfd_rejected: BfdCounters["rejected"];
  /** How often a static address, route or rule was put back, since the engine's start. */
  readonly statics_restored: number;
}

export interface SyncGroupStatus {
  readonly name: string;
  /** `MASTER` when all members are, else the worst of them. */
  readonly state: InstanceStatus["state"];
  readonly members: readonly string[];
}

export interface InstanceStatus {
  readonly name: string;
  readonly state: "WAITING" | "BACKUP" | "MASTER" | "FAULT" | "STOPPED";
  /** One line for people; null when there is nothing to explain. */
  readonly reason: string | null;
  readonly interface: string;
  readonly vrid: number;
  readonly family: "ipv4" | "ipv6";
  readonly version: 2 | 3;
  readonly priority: number;
  readonly effective_priority: number;
  /** The sync group that it belongs to; null for none. */
  readonly sync_group: string | null;
  readonly source_address: string | null;
  /** The master we know: ourselves when MASTER, the sender heard last when BACKUP. */
  readonly master:
    | { readonly address: string; readonly priority: number }
    | null;
  readonly addresses: readonly {
    readonly address: string;
    readonly interface: string;
    readonly label: string | null;
    readonly excluded: boolean;
    readonly held: boolean;
  }[];
  readonly advert_interval_s: number;
  readonly master_down_interval_s: number;
  readonly last_transition: string | null;
  readonly counters: RouterCounters;
}
