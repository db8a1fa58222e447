import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { initialVerdict, stepVerdict } from "./script_verdict.ts";

/** keepalived's counter: below `rise` is bad. */
function counted(
  runs: readonly boolean[],
  rise: number,
  fall: number,
  initFail: boolean,
): "good" | "bad" {
  let counter = initFail ? 0 : rise - 1;
  for (const isSuccess of runs) {
    if (isSuccess) {
      counter = counter < rise - 1 ? counter + 1 : rise + fall - 1;
    } else counter = counter > rise ? counter - 1 : 0;
  }
  return counter < rise ? "bad" : "good";
}

Deno.test("stepVerdict() says after any runs what keepalived's counter says", () => {
  fc.assert(fc.property(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 5 }),
    fc.boolean(),
    (runs, rise, fall, initFail) => {
      let state = initialVerdict(initFail);
      for (const isSuccess of runs) {
        state = stepVerdict(state, isSuccess, { rise, fall });
      }
      assertEquals(state.verdict, counted(runs, rise, fall, initFail));
    },
  ));
});

Deno.test("stepVerdict() lets the first run decide, but not after init_fail", () => {
  const rules = { rise: 3, fall: 3 };
  const first = (initFail: boolean, isSuccess: boolean) =>
    stepVerdict(initialVerdict(initFail), isSuccess, rules).verdict;
  assertEquals(first(false, true), "good");
  assertEquals(first(false, false), "bad");
  assertEquals(first(true, true), "bad");
});
