/**
 * Tracked objects for people: one line each.
 * @module
 */
import { unreachable } from "../assert.ts";
import { ageText } from "./age_text.ts";
import { textTable } from "./text_table.ts";
import type { TrackerStatus } from "./tracker_status.ts";

const HEAD = ["TRACKER", "KIND", "STATE", "SINCE", "DETAILS"] as const;

/** The table, with its headline. */
export function trackerTable(
  trackers: readonly TrackerStatus[],
  nowMs: number,
): string[] {
  return textTable([HEAD, ...trackers.map((one) => row(one, nowMs))]);
}

function row(tracker: TrackerStatus, nowMs: number): readonly string[] {
  const { name, kind, last_change: since } = tracker;
  return [
    name,
    kind,
    tracker.kind === "file" ? String(tracker.value) : tracker.state,
    since === null ? "-" : ageSince(since, nowMs),
    details(tracker, nowMs),
  ];
}

function ageSince(time: string, nowMs: number): string {
  return ageText((nowMs - Date.parse(time)) / 1000);
}

function details(tracker: TrackerStatus, nowMs: number): string {
  switch (tracker.kind) {
    case "script":
      return scriptDetails(tracker, nowMs);
    case "file":
      return tracker.problem ?? tracker.file;
    case "process": {
      const { process, count, quorum, quorum_max: max } = tracker;
      const wanted = max === null
        ? `at least ${quorum}`
        : `${quorum} to ${max}`;
      return `${count} of ${process}, wanted: ${wanted}`;
    }
    default:
      return unreachable(tracker);
  }
}

function scriptDetails(
  script: Extract<TrackerStatus, { kind: "script" }>,
  nowMs: number,
): string {
  const { last_run: lastRun, last_duration_s: duration } = script;
  if (lastRun === null) return "has not run yet";
  const parts = [`last run ${ageSince(lastRun, nowMs)} ago`];
  if (script.running) parts.push("runs now");
  if (duration !== null) parts.push(`took ${duration.toFixed(3)} s`);
  if (script.state !== "up" && script.last_failure !== null) {
    parts.push(script.last_failure);
  } else if (script.exit_status !== null) {
    parts.push(`exit status ${script.exit_status}`);
  }
  return parts.join(", ");
}
