import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  hasQuorum,
  initialQuorum,
  type QuorumRules,
  type QuorumState,
  stepQuorum,
} from "./quorum.ts";

const RULES: QuorumRules = {
  quorum: 1,
  quorumMax: undefined,
  terminateDelayNs: 30,
  forkDelayNs: 20,
};

for (
  const [quorum, quorumMax, enough] of [
    [1, undefined, [1, 2, 3]],
    [2, undefined, [2, 3]],
    [1, 2, [1, 2]],
    [0, 0, [0]],
    [2, 2, [2]],
  ] satisfies [number, number | undefined, number[]][]
) {
  Deno.test(`hasQuorum() with quorum ${quorum} and quorum_max ${quorumMax} wants ${enough}`, () => {
    const rules = { ...RULES, quorum, quorumMax };
    assertEquals([0, 1, 2, 3].filter((one) => hasQuorum(rules, one)), enough);
  });
}

/** The states after one count after the other, each at its time. */
function after(
  rules: QuorumRules,
  first: number,
  ...steps: readonly (readonly [atNs: number, count: number])[]
): readonly QuorumState[] {
  let state = initialQuorum(rules, first);
  return steps.map(([atNs, count]) => {
    state = stepQuorum(state, rules, count, atNs);
    return state;
  });
}

Deno.test("stepQuorum() believes a change when it has lasted", () => {
  assertEquals(
    after(RULES, 1, [100, 0], [129, 0], [130, 0], [140, 2], [165, 3]),
    [
      { isUp: true, count: 0, changesAtNs: 130 },
      { isUp: true, count: 0, changesAtNs: 130 },
      { isUp: false, count: 0, changesAtNs: undefined },
      { isUp: false, count: 2, changesAtNs: 160 },
      { isUp: true, count: 3, changesAtNs: undefined },
    ],
  );
  const state = initialQuorum(RULES, 3);
  assertStrictEquals(stepQuorum(state, RULES, 3, 200), state);
});

Deno.test("stepQuorum() forgets a change that did not last", () => {
  assertEquals(
    after(RULES, 1, [100, 0], [120, 1], [125, 0]).map(({ changesAtNs }) =>
      changesAtNs
    ),
    [130, undefined, 155],
  );
});

Deno.test("stepQuorum() with too many waits fork_delay, and terminate_delay when one of them went, as keepalived", () => {
  const rules = { ...RULES, quorumMax: 1 };
  assertEquals(
    after(rules, 1, [100, 2], [120, 2], [200, 1], [230, 1]).map((state) => [
      state.isUp,
      state.changesAtNs,
    ]),
    [[true, 120], [false, undefined], [false, 230], [true, undefined]],
  );
});

Deno.test("stepQuorum() without delays changes at once", () => {
  const rules = { ...RULES, terminateDelayNs: 0, forkDelayNs: 0 };
  assertEquals(after(rules, 0, [5, 1]), [
    { isUp: true, count: 1, changesAtNs: undefined },
  ]);
});
