import { assert, assertEquals } from "@std/assert";
import { runScript, type ScriptRun } from "./script_process.ts";

function shell(script: string, rest: Partial<ScriptRun> = {}): ScriptRun {
  return {
    words: ["/bin/sh", "-c", script],
    user: undefined,
    environment: {},
    input: "",
    timeoutMs: 10_000,
    ...rest,
  };
}

Deno.test("runScript() tells the exit code and the end of standard error", async () => {
  assertEquals(await runScript(shell("echo no such table >&2; exit 3")), {
    kind: "ended",
    code: 3,
    errorTail: "no such table",
  });
});

Deno.test("runScript() gives the event in the environment and on standard input", async () => {
  const run = shell('read line; echo "$HAKEEP_STATE $line" >&2', {
    environment: { HAKEEP_STATE: "MASTER" },
    input: "event\n",
  });
  assertEquals(await runScript(run), {
    kind: "ended",
    code: 0,
    errorTail: "MASTER event",
  });
});

Deno.test("runScript() kills a script that takes too long, with what it started", async () => {
  const run = shell("sleep 1000 & echo $! >&2; wait", { timeoutMs: 300 });
  const outcome = await runScript(run);
  if (outcome.kind !== "timedOut") throw new Error(JSON.stringify(outcome));
  // Killed, and perhaps not yet reaped by whoever reaps orphans here.
  const status = await Deno.readTextFile(`/proc/${outcome.errorTail}/stat`)
    .catch(() => "gone) Z");
  assertEquals(status.slice(status.indexOf(")") + 2)[0], "Z");
});

Deno.test("runScript() does not wait for what a script leaves running", async () => {
  const outcome = await runScript(shell("sleep 2 & echo left >&2"));
  assertEquals(outcome, { kind: "ended", code: 0, errorTail: "left" });
});

Deno.test("runScript() tells why a script did not run", async () => {
  const outcome = await runScript({
    ...shell(""),
    words: ["/nowhere/script"],
  });
  assert(outcome.kind === "failed");
});
