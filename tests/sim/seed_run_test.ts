import { assertEquals } from "@std/assert";
import { runSeed } from "./seed_run.ts";
import { runSeeds } from "./run_seeds.ts";

const SEEDS = 20_000;

Deno.test("hosts under any trouble come to rest with one MASTER of each router in each piece of the network", async () => {
  const { seeds, failures, advertsSent, transitions } = await runSeeds(
    1,
    SEEDS,
  );
  const [first] = failures;
  if (first !== undefined) {
    const { seed, failure } = first;
    const others = failures.slice(1).map((other) => other.seed);
    throw new Error(
      `seed ${seed}: ${failure}; \`deno task sim ${seed}\` shows it\n${
        runSeed(seed, true).trace.slice(-40).join("\n")
      }\nand so fail: ${others.join(" ") || "no others"}`,
    );
  }
  assertEquals(seeds, SEEDS);
  // A simulation in which nothing happens proves nothing.
  assertEquals(advertsSent > 40 * SEEDS, true, `${advertsSent} adverts`);
  assertEquals(transitions > 5 * SEEDS, true, `${transitions} transitions`);
});

Deno.test("a seed is the same run every time", () => {
  for (const seed of [7, 77, 777]) {
    assertEquals(runSeed(seed, true), runSeed(seed, true));
  }
});
