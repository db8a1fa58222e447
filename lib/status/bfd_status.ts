/**
 * BFD sessions in the status document, and as a table for people.
 *
 * Units:   in the document durations are seconds (`…_s`).
 * @module
 */
import type { BfdCounters } from "../bfd/counters.ts";
import { diagnosticText } from "../bfd/diagnostic_text.ts";
import type { BfdState } from "../bfd/packet.ts";
import type { BfdSnapshot } from "../engine/port.ts";
import { formatDuration, NS_PER_S, secondsFromNs } from "../time/duration.ts";
import { ageText } from "./age_text.ts";
import { textTable } from "./text_table.ts";

/** States as RFC 5880 spells them. */
const STATE_NAMES = {
  adminDown: "AdminDown",
  down: "Down",
  init: "Init",
  up: "Up",
} as const satisfies Readonly<Record<BfdState, string>>;

type BfdStateName = (typeof STATE_NAMES)[BfdState];

/** A session in the document. API: keys are documented in docs/status.md. */
export interface BfdStatus {
  readonly name: string;
  readonly state: BfdStateName;
  /** Whether those who track it count it as up. */
  readonly tracked_as_up: boolean;
  readonly neighbor: string;
  readonly source: string | null;
  readonly multihop: boolean;
  /** Why it is not up, in words; null when it is, or never was. */
  readonly diagnostic: string | null;
  readonly remote_state: BfdStateName | null;
  readonly remote_diagnostic: string | null;
  readonly local_discriminator: number;
  readonly remote_discriminator: number | null;
  /** null while nothing may be sent. */
  readonly transmit_interval_s: number | null;
  /** null while nothing was heard. */
  readonly detection_time_s: number | null;
  /** Why packets cannot leave, in words; null if they can. */
  readonly problem: string | null;
  readonly last_change: string | null;
  readonly counters: BfdCounters;
}

/** `wallClockOf` turns monotonic nanoseconds into RFC 3339 text. */
export function bfdStatus(
  snapshot: BfdSnapshot,
  wallClockOf: (ns: number) => string,
): BfdStatus {
  const { config, session, transmitIntervalNs, detectionTimeNs } = snapshot;
  const { remote } = session;
  const isHeard = remote.discriminator !== 0;
  return {
    name: config.name,
    state: STATE_NAMES[session.state],
    tracked_as_up: session.isForwarding,
    neighbor: config.neighbor,
    source: config.source ?? null,
    multihop: config.isMultihop,
    diagnostic: wordsOf(session.diagnostic),
    remote_state: isHeard ? STATE_NAMES[remote.state] : null,
    remote_diagnostic: isHeard ? wordsOf(remote.diagnostic) : null,
    local_discriminator: session.discriminator,
    remote_discriminator: isHeard ? remote.discriminator : null,
    transmit_interval_s: transmitIntervalNs === Infinity
      ? null
      : secondsFromNs(transmitIntervalNs),
    detection_time_s: isHeard ? secondsFromNs(detectionTimeNs) : null,
    problem: snapshot.problem ?? null,
    last_change: snapshot.lastChangeAtNs === undefined
      ? null
      : wallClockOf(snapshot.lastChangeAtNs),
    counters: snapshot.counters,
  };
}

function wordsOf(diagnostic: number): string | null {
  return diagnostic === 0 ? null : diagnosticText(diagnostic);
}

const HEAD = ["BFD SESSION", "STATE", "SINCE", "NEIGHBOR", "DETAILS"] as const;

/** The table, with its headline. */
export function bfdTable(
  sessions: readonly BfdStatus[],
  nowMs: number,
): string[] {
  return textTable([HEAD, ...sessions.map((one) => row(one, nowMs))]);
}

function row(session: BfdStatus, nowMs: number): readonly string[] {
  const { name, state, last_change: since, neighbor, multihop } = session;
  return [
    name,
    state,
    since === null ? "-" : ageText((nowMs - Date.parse(since)) / 1000),
    multihop ? `${neighbor} (multihop)` : neighbor,
    details(session),
  ];
}

function details(session: BfdStatus): string {
  const { transmit_interval_s: sends, detection_time_s: detects } = session;
  const parts = [session.problem, session.diagnostic];
  if (session.remote_state !== null && session.state !== "Up") {
    parts.push(`the neighbour says ${session.remote_state}`);
  }
  if (sends !== null) parts.push(`sends each ${seconds(sends)}`);
  if (detects !== null) parts.push(`detection time ${seconds(detects)}`);
  return parts.filter((part) => part !== null).join(", ");
}

function seconds(value: number): string {
  return formatDuration(value * NS_PER_S);
}
