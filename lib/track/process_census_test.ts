import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ProcessCensus } from "./process_census.ts";
import type { ProcessFace, ProcessPattern } from "./process_match.ts";

const PATTERNS: readonly ProcessPattern[] = [
  {
    command: "a",
    parameters: [],
    parameterMatch: "exact",
    fullCommand: false,
  },
  {
    command: "/a",
    parameters: ["-x"],
    parameterMatch: "exact",
    fullCommand: true,
  },
];
const FACES: readonly ProcessFace[] = [
  { name: "a", words: ["/a"] },
  { name: "a", words: ["/a", "-x"] },
  { name: "b", words: ["/a", "-x"] },
  { name: "b", words: ["/b"] },
];

/** What happened, to one of a few processes. */
const EVENT = fc.oneof(
  fc.record({
    kind: fc.constant("fork" as const),
    parent: fc.nat(5),
    pid: fc.nat(5),
  }),
  fc.record({
    kind: fc.constant("exec" as const),
    pid: fc.nat(5),
    face: fc.constantFrom(...FACES),
  }),
  fc.record({
    kind: fc.constant("rename" as const),
    pid: fc.nat(5),
    name: fc.constantFrom("a", "b"),
  }),
  fc.record({ kind: fc.constant("exit" as const), pid: fc.nat(5) }),
);

Deno.test("ProcessCensus counts after any events what a look at all processes counts", () => {
  fc.assert(fc.property(fc.array(EVENT, { maxLength: 60 }), (events) => {
    const machine = new Map<number, ProcessFace>();
    const census = new ProcessCensus(PATTERNS);
    for (const event of events) {
      switch (event.kind) {
        case "fork": {
          const parent = machine.get(event.parent);
          if (parent === undefined || machine.has(event.pid)) continue;
          machine.set(event.pid, parent);
          census.forked(event.parent, event.pid);
          break;
        }
        case "exec":
          machine.set(event.pid, event.face);
          census.became(event.pid, event.face);
          break;
        case "rename": {
          const { words } = machine.get(event.pid) ?? {};
          if (words === undefined) continue;
          machine.set(event.pid, { name: event.name, words });
          census.renamed(event.pid, event.name);
          break;
        }
        case "exit":
          machine.delete(event.pid);
          census.exited(event.pid);
      }
    }
    const looked = new ProcessCensus(PATTERNS);
    looked.retake(machine);
    assertEquals(census.counts, looked.counts);
    // Taking stock anew changes nothing.
    census.retake(machine);
    assertEquals(census.counts, looked.counts);
  }));
});

Deno.test("ProcessCensus counts a process once for each pattern it matches", () => {
  const census = new ProcessCensus(PATTERNS);
  census.became(7, FACES[1]);
  census.forked(7, 8);
  assertEquals(census.counts, [2, 2]);
  census.became(8, undefined);
  census.forked(99, 9);
  assertEquals(census.counts, [1, 1]);
  assertEquals(census.needsWords, true);
});
