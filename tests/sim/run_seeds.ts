/**
 * Runs many seeds on all processors. Which of them runs a seed makes no difference to it.
 * @module
 */
import type { RangeOutcome, SeedRange } from "./seed_worker.ts";

/** Small enough that all processors end at about the same time. */
const RANGE = 50;

/** Runs `count` seeds from `first` on; `told` hears of each range as it is done. */
export async function runSeeds(
  first: number,
  count: number,
  told: (outcome: RangeOutcome) => void = () => {},
): Promise<RangeOutcome> {
  const end = first + count;
  let next = first;
  let total: RangeOutcome = {
    seeds: 0,
    failures: [],
    advertsSent: 0,
    transitions: 0,
    routerNs: 0,
  };
  const take = (): SeedRange | undefined => {
    if (next >= end) return undefined;
    const range = { first: next, end: Math.min(next + RANGE, end) };
    next = range.end;
    return range;
  };
  const workers = Math.min(
    navigator.hardwareConcurrency,
    Math.ceil(count / RANGE),
  );
  await Promise.all(
    Array.from({ length: workers }, () =>
      work(take, (outcome) => {
        told(outcome);
        total = sumOf(total, outcome);
      })),
  );
  return total;
}

/** One isolate that takes ranges until there are no more. */
function work(
  take: () => SeedRange | undefined,
  done: (outcome: RangeOutcome) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL("./seed_worker.ts", import.meta.url), {
    type: "module",
  });
  const goOn = () => {
    const range = take();
    if (range === undefined) resolve();
    else worker.postMessage(range);
  };
  worker.onmessage = (event: MessageEvent<RangeOutcome>) => {
    done(event.data);
    goOn();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(`Cannot run seeds: ${event.message}`));
  };
  goOn();
  return promise.finally(() => worker.terminate());
}

function sumOf(a: RangeOutcome, b: RangeOutcome): RangeOutcome {
  return {
    seeds: a.seeds + b.seeds,
    failures: [...a.failures, ...b.failures],
    advertsSent: a.advertsSent + b.advertsSent,
    transitions: a.transitions + b.transitions,
    routerNs: a.routerNs + b.routerNs,
  };
}
