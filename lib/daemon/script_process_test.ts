import { assert, assertEquals } from "@std/assert";
import { runScript, type ScriptRun } from "./script_process.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays.
loadWholeLibc();

/**
 * A process dies in its own time; then it is gone, or waits for whoever reaps orphans here. Its standard error is read
 * until another script has ended after it.
 */
async function death(pid: string): Promise<void> {
  for (;;) {
    const status = await Deno.readTextFile(`/proc/${pid}/stat`)
      .catch(() => "gone) Z");
    if ("ZX".includes(status.charAt(status.indexOf(")") + 2))) break;
  }
  await runScript(shell("exit 0"));
}

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
  await death(outcome.errorTail);
});

Deno.test("runScript() lets a script that takes too long clean up, and kills one that does not end", async () => {
  const polite = shell("trap 'echo bye >&2; exit 0' TERM; sleep 1000 & wait", {
    timeoutMs: 200,
  });
  assertEquals(await runScript(polite), { kind: "timedOut", errorTail: "bye" });
  const deaf = shell("trap '' TERM; while :; do sleep 1; done", {
    timeoutMs: 200,
  });
  assertEquals(await runScript(deaf), { kind: "timedOut", errorTail: "" });
});

Deno.test("runScript() ends a script when its signal says so", async () => {
  const controller = new AbortController();
  const run = runScript(shell("sleep 1000", {
    timeoutMs: Infinity,
    signal: controller.signal,
  }));
  controller.abort();
  assertEquals(await run, { kind: "aborted", errorTail: "" });
});

Deno.test("runScript() gives a script without an interpreter line to the shell", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, 'echo "$1" >&2\n');
  await Deno.chmod(path, 0o755);
  const outcome = await runScript({ ...shell(""), words: [path, "a b"] });
  await Deno.remove(path);
  assertEquals(outcome, { kind: "ended", code: 0, errorTail: "a b" });
});

Deno.test("runScript() says when the time is over, and what it ended by", async () => {
  const late: string[] = [];
  const script = "trap 'echo asked >&2; exit 7' TERM; sleep 1000 & wait";
  const outcome = await runScript(shell(script, {
    timeoutMs: 300,
    graceMs: 10_000,
    onLate: () => late.push("late"),
  }));
  assertEquals(outcome, { kind: "timedOut", errorTail: "asked" });
  assertEquals(late, ["late"]);
  assertEquals(await runScript(shell("kill -9 $$")), {
    kind: "ended",
    code: 137,
    signal: "SIGKILL",
    errorTail: "",
  });
});

Deno.test("runScript() kills what a script left running when it was told to end", async () => {
  const outcome = await runScript(
    shell("(trap '' TERM; exec sleep 1000) & echo $! >&2; sleep 1000", {
      timeoutMs: 300,
    }),
  );
  if (outcome.kind !== "timedOut") throw new Error(JSON.stringify(outcome));
  await death(outcome.errorTail);
});

Deno.test("runScript() passes no descriptor on but the three", async () => {
  // The fourth is the folder that ls reads.
  const outcome = await runScript(shell("ls /proc/self/fd | tr '\\n' ' ' >&2"));
  assertEquals(outcome, { kind: "ended", code: 0, errorTail: "0 1 2 3" });
});

Deno.test("runScript() runs as another user without the groups of root", async () => {
  if (Deno.uid() !== 0) return;
  const outcome = await runScript(shell("echo $(id -u) $(id -G) >&2", {
    user: { uid: 65534, gid: 65533 },
  }));
  assertEquals(outcome, {
    kind: "ended",
    code: 0,
    errorTail: "65534 65533",
  });
});

Deno.test("runScript() tells why a script did not run", async () => {
  const outcome = await runScript({
    ...shell(""),
    words: ["/nowhere/script"],
  });
  assert(outcome.kind === "failed");
});

Deno.test({
  name: "runScript() does not wait for what a script leaves running",
  // It goes on reading what that writes.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const outcome = await runScript(
      shell("(sleep 0.2; echo late >&2; sleep 1) & echo left >&2"),
    );
    assertEquals(outcome, { kind: "ended", code: 0, errorTail: "left" });
  },
});
