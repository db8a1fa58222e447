import { assertEquals } from "@std/assert";
import { exampleRouter } from "../vrrp/example_router.ts";
import { schedulingOf } from "./scheduling.ts";

const PATIENT = exampleRouter();
const HURRIED = exampleRouter({ version: 3, advertIntervalNs: 100e6 });
const ORDINARY = {
  realtimePriority: undefined,
  cpus: undefined,
};

Deno.test("schedulingOf() makes the thread a real-time one for intervals below a second", () => {
  assertEquals(schedulingOf({ routers: [PATIENT] }), ORDINARY);
  assertEquals(schedulingOf({ routers: [PATIENT, HURRIED] }), {
    ...ORDINARY,
    realtimePriority: 1,
  });
});

Deno.test("schedulingOf() makes the thread a real-time one for more than 100 adverts a second", () => {
  const of = (count: number) =>
    schedulingOf({ routers: new Array(count).fill(PATIENT) }).realtimePriority;
  assertEquals([of(100), of(101)], [undefined, 1]);
});

Deno.test("schedulingOf() takes what is configured", () => {
  const scheduling = { realtimePriority: 50, cpus: [0, 3] };
  assertEquals(schedulingOf({ routers: [HURRIED], scheduling }), scheduling);
});
