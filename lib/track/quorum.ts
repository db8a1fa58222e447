/**
 * Whether as many processes run as are to run, with patience for short changes: pure.
 *
 * Says:    keepalived's `quorum`, `quorum_max`, `fork_delay` and `terminate_delay`: a change counts when it has
 *          lasted that long. Whether a process came or went decides which of the two it is, not whether that is
 *          welcome. What is found at the start counts at once.
 * Units:   `…Ns` nanoseconds.
 * @module
 */
import type { ProcessTracker } from "../config/tracking_model.ts";

export interface QuorumState {
  readonly isUp: boolean;
  /** How many run. */
  readonly count: number;
  /** When the opposite counts, unless it ends before; undefined while nothing speaks against `isUp`. */
  readonly changesAtNs: number | undefined;
}

export type QuorumRules = Pick<
  ProcessTracker,
  "quorum" | "quorumMax" | "terminateDelayNs" | "forkDelayNs"
>;

/** Whether `count` is as it is to be. */
export function hasQuorum(
  { quorum, quorumMax }: QuorumRules,
  count: number,
): boolean {
  return count >= quorum && (quorumMax === undefined || count <= quorumMax);
}

/** Where a tracked process begins. */
export function initialQuorum(
  rules: QuorumRules,
  count: number,
): QuorumState {
  return { isUp: hasQuorum(rules, count), count, changesAtNs: undefined };
}

/** The state at `nowNs` with `count` processes; the same object when nothing changed. */
export function stepQuorum(
  state: QuorumState,
  rules: QuorumRules,
  count: number,
  nowNs: number,
): QuorumState {
  const isWanted = hasQuorum(rules, count);
  const changesAtNs = isWanted === state.isUp
    ? undefined
    : state.changesAtNs ?? nowNs +
        (count > state.count ? rules.forkDelayNs : rules.terminateDelayNs);
  if (changesAtNs !== undefined && changesAtNs <= nowNs) {
    return { isUp: isWanted, count, changesAtNs: undefined };
  }
  return count === state.count && changesAtNs === state.changesAtNs
    ? state
    : { isUp: state.isUp, count, changesAtNs };
}
