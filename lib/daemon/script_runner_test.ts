import { assertEquals } from "@std/assert";
import type { ScriptTracker } from "../config/tracking_model.ts";
import { ManualTimers } from "./manual_timers.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import { ScriptRunner } from "./script_runner.ts";
import { TrackerEar } from "./tracker_ear.ts";

const MS = 1e6;
const S = 1e9;

const DEFINITION: ScriptTracker = {
  kind: "script",
  name: "chk",
  script: "/chk -v",
  run: { words: ["/chk", "-v"], user: { uid: 1, gid: 2 } },
  intervalNs: S,
  timeoutNs: S,
  rise: 1,
  fall: 1,
  initFail: false,
  user: undefined,
};

function ended(code: number, errorTail = "") {
  return { kind: "ended" as const, code, errorTail };
}

/** A runner whose runs take as long and end as the test says; a run that is given up ends at once. */
class Bench {
  readonly timers = new ManualTimers();
  readonly ear = new TrackerEar();
  readonly runs: ScriptRun[] = [];
  /** How the next runs end, and when. */
  outcomes: (readonly [afterMs: number, outcome: ScriptOutcome])[] = [];

  runner(changes: Partial<ScriptTracker> = {}, before?: ScriptRunner) {
    return new ScriptRunner({
      definition: { ...DEFINITION, ...changes },
      wiring: this.ear.wiring(this.timers),
      run: (run) => this.#run(run),
    }, before);
  }

  #run(run: ScriptRun): Promise<ScriptOutcome> {
    this.runs.push(run);
    const [afterMs, outcome] = this.outcomes.shift() ?? [10, ended(0)];
    const { promise, resolve } = Promise.withResolvers<ScriptOutcome>();
    const start = this.timers.nowNs();
    if (outcome.kind === "timedOut") {
      this.timers.at(start + run.timeoutMs * MS, () => run.onLate?.());
    }
    const cancel = this.timers.at(start + afterMs * MS, () => resolve(outcome));
    run.signal?.addEventListener("abort", () => {
      cancel();
      resolve({ ...ended(143), signal: "SIGTERM" });
    });
    return promise;
  }
}

Deno.test("ScriptRunner runs the script at once and then every interval", async () => {
  const bench = new Bench();
  const runner = bench.runner();
  runner.start();
  await bench.timers.moveTo(0);
  assertEquals(bench.runs.length, 1);
  assertEquals(bench.runs[0]?.words, ["/chk", "-v"]);
  assertEquals(bench.runs[0]?.user, { uid: 1, gid: 2 });
  await bench.timers.moveTo(3.5 * S);
  assertEquals(bench.runs.length, 4);
  assertEquals(bench.ear.told, ["chk initial -", "chk up 0"]);
  assertEquals(bench.ear.messages, [
    "script chk succeeded after 0.010 s, as keepalived_script",
  ]);
  await runner.stop();
  assertEquals(bench.timers.pending, 0);
});

Deno.test("ScriptRunner tells a change of the verdict or of the exit status, and why", async () => {
  const bench = new Bench();
  bench.outcomes = [
    [10, ended(0)],
    [10, ended(1, "first\nno answer")],
    [10, ended(2, "still none")],
    [10, ended(2)],
    [10, { ...ended(137), signal: "SIGKILL" }],
    [10, { kind: "failed", why: "no such file" }],
  ];
  const runner = bench.runner({
    fall: 2,
    user: { user: "bob", group: undefined },
  });
  runner.start();
  await bench.timers.moveTo(5.5 * S);
  assertEquals(bench.ear.told, [
    "chk initial -",
    "chk up 0",
    "chk up 1",
    "chk down 2",
    "chk down -",
  ]);
  assertEquals(bench.ear.messages, [
    "script chk succeeded after 0.010 s, as bob",
    "script chk exited with status 1 and counts as up: no answer",
    "script chk failed: exited with status 2 after 0.010 s, as bob: still none",
    "script chk ended by SIGKILL and counts as down",
  ]);
  const { runs, failures, state, lastFailure, exitStatus } = runner.facts;
  assertEquals(
    { runs, failures, state, lastFailure, exitStatus },
    {
      runs: 6,
      failures: 5,
      state: "down",
      lastFailure: "it cannot be run (no such file)",
      exitStatus: undefined,
    },
  );
  await runner.stop();
});

Deno.test("ScriptRunner with init_fail begins down and rises after as many successes", async () => {
  const bench = new Bench();
  const runner = bench.runner({ initFail: true, rise: 2 });
  runner.start();
  assertEquals(bench.ear.told, ["chk down -"]);
  await bench.timers.moveTo(0.5 * S);
  assertEquals(bench.ear.told.at(-1), "chk down 0");
  await bench.timers.moveTo(1.5 * S);
  assertEquals(bench.ear.told.at(-1), "chk up 0");
  await runner.stop();
});

Deno.test("ScriptRunner counts a time-out when it happens, and no run overlaps another", async () => {
  const bench = new Bench();
  // Asked to end after 0.5 s, it takes until 2.5 s.
  bench.outcomes = [[2500, { kind: "timedOut", errorTail: "" }]];
  const runner = bench.runner({ timeoutNs: 0.5 * S });
  runner.start();
  await bench.timers.moveTo(0.5 * S);
  assertEquals(bench.ear.told, ["chk initial -", "chk down -"]);
  assertEquals(bench.runs[0]?.graceMs, 2000);
  await bench.timers.moveTo(2.9 * S);
  assertEquals(bench.runs.length, 1);
  assertEquals(runner.facts.skipped, 2);
  assertEquals(runner.facts.timeouts, 1);
  await bench.timers.moveTo(3.1 * S);
  assertEquals(bench.runs.length, 2);
  assertEquals(bench.ear.told.at(-1), "chk up 0");
  assertEquals(bench.ear.messages, [
    "script chk failed: timed out after 0.500 s, as keepalived_script",
    "script chk still runs: the next run of it is left out",
    "script chk still runs: the next run of it is left out",
    "script chk succeeded after 0.010 s, as keepalived_script",
  ]);
  await runner.stop();
});

Deno.test("ScriptRunner gives up a run when it is stopped, and judges it no more", async () => {
  const bench = new Bench();
  bench.outcomes = [[10_000, ended(0)]];
  const runner = bench.runner();
  runner.start();
  await bench.timers.moveTo(1);
  await runner.stop();
  await bench.timers.moveTo(20 * S);
  assertEquals(bench.runs.length, 1);
  assertEquals(bench.ear.told, ["chk initial -"]);
});

Deno.test("ScriptRunner goes on where another one was", async () => {
  const bench = new Bench();
  bench.outcomes = [[10, ended(1)]];
  const before = bench.runner();
  before.start();
  await bench.timers.moveTo(0.1 * S);
  await before.stop();
  const runner = bench.runner({ rise: 2 }, before);
  runner.start();
  assertEquals(bench.ear.told.at(-1), "chk down 1");
  await bench.timers.moveTo(0.2 * S);
  assertEquals(bench.ear.told.at(-1), "chk down 0");
  await bench.timers.moveTo(1.2 * S);
  assertEquals(bench.ear.told.at(-1), "chk up 0");
  await runner.stop();
});
