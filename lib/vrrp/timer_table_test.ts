import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { BugError } from "../assert.ts";
import type { RouterTimer } from "./router_io.ts";
import { TimerTable } from "./timer_table.ts";

const TIMERS: readonly RouterTimer[] = [
  "masterDown",
  "advert",
  "garpDelay",
  "garpRefresh",
  "garpExtra",
  "garpLowerPriority",
  "rogueOwner",
];

function popAll(table: TimerTable, nowNs: number): string[] {
  const popped: string[] = [];
  for (;;) {
    const due = table.popDue(nowNs);
    if (due === undefined) return popped;
    popped.push(`${due.router} ${due.timer} ${due.atNs}`);
  }
}

Deno.test("an empty table has no deadline and nothing due", () => {
  const table = new TimerTable(3);
  assertEquals(table.earliestNs, Infinity);
  assertEquals(table.popDue(Infinity), undefined);
  assertEquals(new TimerTable(0).earliestNs, Infinity);
});

Deno.test("popDue() gives timers in the order of their deadlines, and only those that are due", () => {
  const table = new TimerTable(3);
  table.set(2, "advert", 30);
  table.set(0, "masterDown", 10);
  table.set(1, "garpDelay", 20);
  assertEquals(table.earliestNs, 10);
  assertEquals(popAll(table, 9), []);
  assertEquals(popAll(table, 20), ["0 masterDown 10", "1 garpDelay 20"]);
  assertEquals(table.earliestNs, 30);
});

Deno.test("set() moves a timer that is set, sooner or later", () => {
  const table = new TimerTable(2);
  table.set(0, "advert", 10);
  table.set(1, "advert", 20);
  table.set(0, "advert", 30);
  assertEquals(table.deadlineNs(0, "advert"), 30);
  assertEquals(table.earliestNs, 20);
  table.set(0, "advert", 5);
  assertEquals(popAll(table, 100), ["0 advert 5", "1 advert 20"]);
});

Deno.test("clear() forgets one timer, and does nothing to one that is not set", () => {
  const table = new TimerTable(2);
  table.set(0, "advert", 10);
  table.set(0, "garpDelay", 5);
  table.clear(0, "garpDelay");
  table.clear(0, "garpDelay");
  table.clear(1, "advert");
  assertEquals(table.deadlineNs(0, "garpDelay"), undefined);
  assertEquals(popAll(table, 100), ["0 advert 10"]);
});

Deno.test("a timer that is set while popping comes due in the same round if it is due", () => {
  const table = new TimerTable(1);
  table.set(0, "advert", 10);
  assertEquals(table.popDue(25)?.atNs, 10);
  table.set(0, "advert", 20);
  assertEquals(table.popDue(25)?.atNs, 20);
  assertEquals(table.popDue(25), undefined);
});

Deno.test("a router that the table does not have is a bug", () => {
  const table = new TimerTable(1);
  assertThrows(() => table.set(1, "masterDown", 0), BugError);
  assertThrows(() => table.clear(-1, "masterDown"), BugError);
  assertThrows(() => table.set(0, "masterDown", NaN), BugError);
});

/** What the heap must be indistinguishable from. */
class NaiveTable {
  readonly #deadlines = new Map<string, number>();

  set(key: string, atNs: number): void {
    this.#deadlines.set(key, atNs);
  }

  clear(key: string): void {
    this.#deadlines.delete(key);
  }

  get earliestNs(): number {
    return Math.min(Infinity, ...this.#deadlines.values());
  }

  deadline(key: string): number | undefined {
    return this.#deadlines.get(key);
  }
}

type Operation =
  | { readonly kind: "set"; readonly atNs: number }
  | { readonly kind: "clear" }
  | { readonly kind: "pop"; readonly nowNs: number };

const anyOperation: fc.Arbitrary<
  { readonly router: number; readonly timer: RouterTimer } & Operation
> = fc.record({
  router: fc.nat(6),
  timer: fc.constantFrom(...TIMERS),
  what: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.nat(50).map((atNs) => ({ kind: "set" as const, atNs })),
    },
    { weight: 2, arbitrary: fc.constant({ kind: "clear" as const }) },
    {
      weight: 2,
      arbitrary: fc.nat(50).map((nowNs) => ({ kind: "pop" as const, nowNs })),
    },
  ),
}).map(({ router, timer, what }) => ({ router, timer, ...what }));

Deno.test("the heap cannot be told from a plain list of deadlines", () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 120 }), (operations) => {
      const table = new TimerTable(7);
      const model = new NaiveTable();
      for (const operation of operations) {
        const { router, timer } = operation;
        const key = `${router} ${timer}`;
        switch (operation.kind) {
          case "set":
            table.set(router, timer, operation.atNs);
            model.set(key, operation.atNs);
            break;
          case "clear":
            table.clear(router, timer);
            model.clear(key);
            break;
          case "pop": {
            const earliestNs = model.earliestNs;
            const due = table.popDue(operation.nowNs);
            assertEquals(due !== undefined, earliestNs <= operation.nowNs);
            if (due === undefined) break;
            // Which of equal deadlines comes first is nobody's business.
            assertEquals(due.atNs, earliestNs);
            const popped = `${due.router} ${due.timer}`;
            assertEquals(model.deadline(popped), earliestNs);
            model.clear(popped);
            break;
          }
        }
        assertEquals(table.earliestNs, model.earliestNs);
        assertEquals(table.deadlineNs(router, timer), model.deadline(key));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("TimerTable.grow() keeps what is set and takes more routers", () => {
  const table = new TimerTable(1);
  table.set(0, "masterDown", 20);
  table.grow(3);
  table.set(2, "advert", 10);
  const due = [];
  for (let one = table.popDue(30); one; one = table.popDue(30)) {
    due.push([one.router, one.timer, one.atNs]);
  }
  assertEquals(due, [[2, "advert", 10], [0, "masterDown", 20]]);
});
