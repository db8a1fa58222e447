/**
 * Tracked objects in the status document, and what their runners tell for it.
 *
 * Units:   `…Ns` nanoseconds on the monotonic clock; in the document durations are seconds (`…_s`).
 * @module
 */
import { unreachable } from "../assert.ts";
import { secondsFromNs } from "../time/duration.ts";

/** What a runner tells about itself. */
export type TrackerFacts = ScriptFacts | FileFacts | ProcessFacts;

export interface ScriptFacts {
  readonly kind: "script";
  readonly name: string;
  readonly state: "initial" | "up" | "down";
  /** The command line as configured. */
  readonly script: string;
  /** Whom it runs as. */
  readonly user: string;
  /** Of the last run that ended; undefined before the first, and after a signal or a time-out. */
  readonly exitStatus: number | undefined;
  /** Why the last failure was one, in words; undefined while there was none. */
  readonly lastFailure: string | undefined;
  readonly runs: number;
  readonly failures: number;
  readonly timeouts: number;
  /** Runs that did not take place, for the one before was not over. */
  readonly skipped: number;
  readonly isRunning: boolean;
  /** When the last run began. */
  readonly lastRunAtNs: number | undefined;
  /** How long the last run took that is over. */
  readonly lastDurationNs: number | undefined;
  /** When the state became what it is. */
  readonly changedAtNs: number | undefined;
}

export interface FileFacts {
  readonly kind: "file";
  readonly name: string;
  readonly file: string;
  readonly value: number;
  /** Why the value is not the file's, in words. */
  readonly problem: string | undefined;
  readonly changedAtNs: number | undefined;
}

export interface ProcessFacts {
  readonly kind: "process";
  readonly name: string;
  readonly state: "up" | "down";
  /** The command line as configured. */
  readonly process: string;
  /** How many run now. */
  readonly count: number;
  readonly quorum: number;
  readonly quorumMax: number | undefined;
  readonly changedAtNs: number | undefined;
  /** `events`: the kernel tells of every process. `scans`: it is asked each second. */
  readonly watchedBy: "events" | "scans";
}

/** A tracked object in the document. API: keys are documented in docs/status.md. */
export type TrackerStatus =
  | {
    readonly kind: "script";
    readonly name: string;
    readonly state: "initial" | "up" | "down";
    readonly script: string;
    readonly user: string;
    readonly exit_status: number | null;
    readonly last_failure: string | null;
    readonly runs: number;
    readonly failures: number;
    readonly timeouts: number;
    readonly skipped: number;
    readonly running: boolean;
    readonly last_run: string | null;
    readonly last_duration_s: number | null;
    readonly last_change: string | null;
  }
  | {
    readonly kind: "file";
    readonly name: string;
    readonly file: string;
    readonly value: number;
    readonly problem: string | null;
    readonly last_change: string | null;
  }
  | {
    readonly kind: "process";
    readonly name: string;
    readonly state: "up" | "down";
    readonly process: string;
    readonly count: number;
    readonly quorum: number;
    readonly quorum_max: number | null;
    readonly watched_by: "events" | "scans";
    readonly last_change: string | null;
  };

/** `wallClockOf` turns monotonic nanoseconds into RFC 3339 text. */
export function trackerStatus(
  facts: TrackerFacts,
  wallClockOf: (ns: number) => string,
): TrackerStatus {
  const timeOf = (ns: number | undefined) =>
    ns === undefined ? null : wallClockOf(ns);
  const { name } = facts;
  const last_change = timeOf(facts.changedAtNs);
  switch (facts.kind) {
    case "script":
      return {
        kind: "script",
        name,
        state: facts.state,
        script: facts.script,
        user: facts.user,
        exit_status: facts.exitStatus ?? null,
        last_failure: facts.lastFailure ?? null,
        runs: facts.runs,
        failures: facts.failures,
        timeouts: facts.timeouts,
        skipped: facts.skipped,
        running: facts.isRunning,
        last_run: timeOf(facts.lastRunAtNs),
        last_duration_s: facts.lastDurationNs === undefined
          ? null
          : secondsFromNs(facts.lastDurationNs),
        last_change,
      };
    case "file":
      return {
        kind: "file",
        name,
        file: facts.file,
        value: facts.value,
        problem: facts.problem ?? null,
        last_change,
      };
    case "process":
      return {
        kind: "process",
        name,
        state: facts.state,
        process: facts.process,
        count: facts.count,
        quorum: facts.quorum,
        quorum_max: facts.quorumMax ?? null,
        watched_by: facts.watchedBy,
        last_change,
      };
    default:
      return unreachable(facts);
  }
}
