/**
 * Runs the seeds it is asked for beside whoever asks: one isolate of a {@linkcode runSeeds}.
 * @module
 */
/// <reference lib="deno.worker" />
import { type Outcome, runSeed } from "./seed_run.ts";

/** From `first` up to but not including `end`. */
export interface SeedRange {
  readonly first: number;
  readonly end: number;
}

/** What became of a range. */
export interface RangeOutcome {
  readonly seeds: number;
  readonly failures: readonly Outcome[];
  readonly advertsSent: number;
  readonly transitions: number;
  readonly routerNs: number;
}

declare const self: DedicatedWorkerGlobalScope;

function run({ first, end }: SeedRange): RangeOutcome {
  const failures: Outcome[] = [];
  let advertsSent = 0;
  let transitions = 0;
  let routerNs = 0;
  for (let seed = first; seed < end; seed++) {
    const outcome = runSeed(seed);
    advertsSent += outcome.advertsSent;
    transitions += outcome.transitions;
    routerNs += outcome.routerNs;
    if (outcome.failure !== undefined) failures.push(outcome);
  }
  return { seeds: end - first, failures, advertsSent, transitions, routerNs };
}

self.onmessage = (event: MessageEvent<SeedRange>) =>
  self.postMessage(run(event.data));
