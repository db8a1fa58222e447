import { assertEquals } from "@std/assert";
import { EXAMPLE_TRACKERS } from "./example_status.ts";
import { trackerTable } from "./tracker_text.ts";

const NOW_MS = Date.parse("2026-01-01T00:03:30.000Z");

Deno.test("trackerTable() shows what each tracked object is, and why", () => {
  const [script, ...others] = EXAMPLE_TRACKERS;
  if (script?.kind !== "script") throw new Error("the first is a script");
  assertEquals(
    trackerTable([
      script,
      {
        ...script,
        name: "ok",
        state: "up",
        exit_status: 0,
        running: true,
      },
      {
        ...script,
        name: "new",
        state: "initial",
        last_run: null,
        last_change: null,
      },
      ...others,
    ], NOW_MS).join("\n"),
    `\
TRACKER  KIND     STATE    SINCE  DETAILS
chk      script   down     9 s    last run 1 s ago, took 0.013 s, exited with status 1: no answer
ok       script   up       9 s    last run 1 s ago, runs now, took 0.013 s, exit status 0
new      script   initial  -      has not run yet
load     file     -5       1 min  /run/load
ha       process  up       -      2 of haproxy, wanted: at least 1`,
  );
});
