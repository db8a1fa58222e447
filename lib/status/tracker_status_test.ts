import { assertEquals } from "@std/assert";
import { EXAMPLE_TRACKERS } from "./example_status.ts";
import { type TrackerFacts, trackerStatus } from "./tracker_status.ts";

const S = 1e9;
const FACTS: readonly TrackerFacts[] = [
  {
    kind: "script",
    name: "chk",
    state: "down",
    script: "/usr/local/bin/chk",
    user: "keepalived_script",
    exitStatus: 1,
    lastFailure: "exited with status 1: no answer",
    runs: 200,
    failures: 9,
    timeouts: 0,
    skipped: 0,
    isRunning: false,
    lastRunAtNs: 209 * S,
    lastDurationNs: 0.013 * S,
    changedAtNs: 201 * S,
  },
  {
    kind: "file",
    name: "load",
    file: "/run/load",
    value: -5,
    problem: undefined,
    changedAtNs: 150 * S,
  },
  {
    kind: "process",
    name: "ha",
    state: "up",
    process: "haproxy",
    count: 2,
    quorum: 1,
    quorumMax: undefined,
    changedAtNs: undefined,
    watchedBy: "events",
  },
];

Deno.test("trackerStatus() tells times by the wall clock and what is not there as null", () => {
  const epochMs = Date.parse("2026-01-01T00:00:00.000Z");
  const wallClockOf = (ns: number) =>
    new Date(epochMs + ns / 1e6).toISOString();
  assertEquals(
    FACTS.map((facts) => trackerStatus(facts, wallClockOf)),
    [...EXAMPLE_TRACKERS],
  );
});
