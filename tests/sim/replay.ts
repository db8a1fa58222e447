/**
 * Shows what one seed does, or looks for seeds that fail:
 * `deno run tests/sim/replay.ts SEED`, `deno run tests/sim/replay.ts FIRST COUNT`.
 * @module
 */
import { runSeed } from "./pair.ts";

const [first = "1", count] = Deno.args;
if (count === undefined) {
  const { trace, failure } = runSeed(Number(first), true);
  for (const line of trace) console.log(line);
  console.log(failure ?? "all held");
} else {
  for (let i = 0; i < Number(count); i++) {
    const { seed, failure } = runSeed(Number(first) + i);
    if (failure !== undefined) console.log(`seed ${seed}: ${failure}`);
  }
}
