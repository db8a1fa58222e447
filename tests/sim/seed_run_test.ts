import { assertEquals } from "@std/assert";
import { runSeed } from "./seed_run.ts";

const SEEDS = 20_000;

Deno.test("hosts under any trouble come to rest with one MASTER of each router in each piece of the network", () => {
  let advertsSent = 0;
  let transitions = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const outcome = runSeed(seed);
    if (outcome.failure !== undefined) {
      throw new Error(
        `seed ${seed}: ${outcome.failure}; \`deno task sim ${seed}\` shows it\n${
          runSeed(seed, true).trace.slice(-40).join("\n")
        }`,
      );
    }
    advertsSent += outcome.advertsSent;
    transitions += outcome.transitions;
  }
  // A simulation in which nothing happens proves nothing.
  assertEquals(advertsSent > 40 * SEEDS, true, `${advertsSent} adverts`);
  assertEquals(transitions > 5 * SEEDS, true, `${transitions} transitions`);
});

Deno.test("a seed is the same run every time", () => {
  for (const seed of [7, 77, 777]) {
    assertEquals(runSeed(seed, true), runSeed(seed, true));
  }
});
