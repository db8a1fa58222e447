/**
 * A status document for tests: one router that is MASTER.
 * @module
 */
import { emptyBfdCounters, noBfdRejections } from "../bfd/counters.ts";
import type { BfdStatus } from "./bfd_status.ts";
import { emptyCounters } from "../vrrp/counters.ts";
import type { InstanceStatus, StatusDocument } from "./snapshot.ts";
import type { TrackerStatus } from "./tracker_status.ts";

/** `VI_1`, MASTER for 200 s, unless `changes` say otherwise. */
export function exampleInstance(
  changes: Partial<InstanceStatus> = {},
): InstanceStatus {
  return {
    name: "VI_1",
    state: "MASTER",
    reason: null,
    interface: "eth0",
    vrid: 51,
    family: "ipv4",
    version: 2,
    priority: 100,
    effective_priority: 100,
    sync_group: null,
    source_address: "10.0.0.1",
    master: { address: "10.0.0.1", priority: 100 },
    addresses: [{
      address: "10.0.0.100/24",
      interface: "eth0",
      label: null,
      excluded: false,
      held: true,
    }],
    advert_interval_s: 1,
    master_down_interval_s: 3.609375,
    last_transition: "2026-01-01T00:00:10.000Z",
    counters: emptyCounters(),
    ...changes,
  };
}

/** A daemon that runs for 210 s with `instances`. */
export function exampleStatus(
  instances: readonly InstanceStatus[] = [exampleInstance()],
  changes: Partial<StatusDocument> = {},
): StatusDocument {
  return {
    version: "0.1.0",
    pid: 77,
    daemon: "running",
    config: {
      file: "/etc/hakeep.toml",
      loaded_at: "2026-01-01T00:00:00.000Z",
      last_reload_error: null,
    },
    started_at: "2026-01-01T00:00:00.000Z",
    uptime_s: 210,
    engine: { restarts: 0, alive: true },
    instances,
    sync_groups: [],
    trackers: EXAMPLE_TRACKERS,
    bfd_sessions: EXAMPLE_BFD,
    bfd_rejected: { ...noBfdRejections(), unknownSession: 2 },
    statics_restored: 0,
    ...changes,
  };
}

/** A session that is up, and one whose neighbour is gone. */
export const EXAMPLE_BFD: readonly BfdStatus[] = [
  {
    name: "uplink",
    state: "Up",
    tracked_as_up: true,
    neighbor: "192.0.2.1",
    source: null,
    multihop: false,
    diagnostic: null,
    remote_state: "Up",
    remote_diagnostic: null,
    local_discriminator: 1,
    remote_discriminator: 2,
    transmit_interval_s: 0.01,
    detection_time_s: 0.05,
    problem: null,
    last_change: "2026-01-01T00:02:30.000Z",
    counters: emptyBfdCounters(),
  },
  {
    name: "far",
    state: "Down",
    tracked_as_up: false,
    neighbor: "2001:db8::1",
    source: "2001:db8::2",
    multihop: true,
    diagnostic: "detection time expired",
    remote_state: null,
    remote_diagnostic: null,
    local_discriminator: 3,
    remote_discriminator: null,
    transmit_interval_s: 1,
    detection_time_s: null,
    problem: null,
    last_change: "2026-01-01T00:03:21.000Z",
    counters: emptyBfdCounters(),
  },
];

/** A script that fails, a file that takes 5 away, a process that runs twice. */
export const EXAMPLE_TRACKERS: readonly TrackerStatus[] = [
  {
    kind: "script",
    name: "chk",
    state: "down",
    script: "/usr/local/bin/chk",
    user: "keepalived_script",
    exit_status: 1,
    last_failure: "exited with status 1: no answer",
    runs: 200,
    failures: 9,
    timeouts: 0,
    skipped: 0,
    running: false,
    last_run: "2026-01-01T00:03:29.000Z",
    last_duration_s: 0.013,
    last_change: "2026-01-01T00:03:21.000Z",
  },
  {
    kind: "file",
    name: "load",
    file: "/run/load",
    value: -5,
    problem: null,
    last_change: "2026-01-01T00:02:30.000Z",
  },
  {
    kind: "process",
    name: "ha",
    state: "up",
    process: "haproxy",
    count: 2,
    quorum: 1,
    quorum_max: null,
    watched_by: "events",
    last_change: null,
  },
];
