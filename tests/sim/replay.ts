/**
 * Looks for seeds that fail, or shows what one seed does:
 * `deno task sim --seeds COUNT [--first SEED]`, `deno task sim SEED`.
 *
 * A failing seed is printed and, shown, does exactly the same again. Exit status 1 if any failed.
 * @module
 */
import { runSeeds } from "./run_seeds.ts";
import { runSeed } from "./seed_run.ts";

function numberAfter(option: string): number | undefined {
  const at = Deno.args.indexOf(option);
  if (at < 0) return undefined;
  const value = Number(Deno.args[at + 1]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`Cannot read ${option}: it needs a whole number`);
  Deno.exit(2);
}

function show(seed: number): boolean {
  const { trace, failure } = runSeed(seed, true);
  for (const line of trace) console.log(line);
  console.log(failure ?? "all held");
  return failure === undefined;
}

async function search(first: number, count: number): Promise<boolean> {
  const beganMs = performance.now();
  const { failures, routerNs } = await runSeeds(first, count, (range) => {
    for (const { seed, failure } of range.failures) {
      console.log(`seed ${seed}: ${failure}`);
    }
  });
  const tookMs = performance.now() - beganMs;
  const hours = routerNs / 3600e9;
  console.log(
    `${count} seeds, ${failures.length} failed; ${
      hours.toFixed(1)
    } router-hours in ${(tookMs / 1e3).toFixed(1)} s, ${
      (hours / tookMs * 60e3).toFixed(0)
    } a minute`,
  );
  return failures.length === 0;
}

const count = numberAfter("--seeds");
const areFine = count === undefined
  ? show(Number(Deno.args[0] ?? 1))
  : await search(numberAfter("--first") ?? 1, count);
if (!areFine) Deno.exitCode = 1;
