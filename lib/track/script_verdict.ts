/**
 * Whether a track script counts as good or bad, from how its runs ended: pure.
 *
 * Says:    keepalived's `rise`, `fall` and `init_fail`. The first run of all decides at once, whatever `rise` and
 *          `fall` say; with `init_fail` a script begins bad and needs `rise` successes like any bad one.
 * Units:   counts of runs; `rise` and `fall` are at least 1.
 * @module
 */

/** `unknown` until the first run ended, unless the configuration has `init_fail`. */
export type ScriptVerdict = "unknown" | "good" | "bad";

export interface VerdictState {
  readonly verdict: ScriptVerdict;
  /** Runs in a row that speak against the verdict; 0 while nothing does. */
  readonly against: number;
}

export interface VerdictRules {
  /** Successes in a row that make a bad script good. */
  readonly rise: number;
  /** Failures in a row that make a good script bad. */
  readonly fall: number;
}

/** Where a script begins. */
export function initialVerdict(initFail: boolean): VerdictState {
  return { verdict: initFail ? "bad" : "unknown", against: 0 };
}

/** The state after one more run; the same object when nothing changed. */
export function stepVerdict(
  state: VerdictState,
  isSuccess: boolean,
  { rise, fall }: VerdictRules,
): VerdictState {
  const { verdict, against } = state;
  const spoken = isSuccess ? "good" : "bad";
  if (verdict === "unknown") return { verdict: spoken, against: 0 };
  if (verdict === spoken) {
    return against === 0 ? state : { verdict, against: 0 };
  }
  const needed = spoken === "good" ? rise : fall;
  return against + 1 >= needed
    ? { verdict: spoken, against: 0 }
    : { verdict, against: against + 1 };
}
