import { assertEquals } from "@std/assert";
import type {
  FileTracker,
  ProcessTracker,
  ScriptTracker,
  TrackerDefinition,
} from "../config/tracking_model.ts";
import { PathWatches } from "../world/path_watches.ts";
import { ManualTimers } from "./manual_timers.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import { TrackerEar } from "./tracker_ear.ts";
import { TrackerRunners } from "./tracker_runners.ts";
import { loadWholeLibc } from "../../ffi/libc_lab.ts";

// Loads libc, which stays.
loadWholeLibc();

const S = 1e9;

const SCRIPT: ScriptTracker = {
  kind: "script",
  name: "chk",
  script: "/chk",
  run: { words: ["/chk"], user: undefined },
  intervalNs: S,
  timeoutNs: S,
  rise: 1,
  fall: 1,
  initFail: false,
  user: undefined,
};

const PROCESS: ProcessTracker = {
  kind: "process",
  name: "chk",
  command: "haproxy",
  parameters: [],
  parameterMatch: "exact",
  fullCommand: false,
  quorum: 1,
  quorumMax: undefined,
  terminateDelayNs: 0,
  forkDelayNs: 0,
};

/** Runners in a world where scripts succeed after a tenth of a second. */
class Lab implements AsyncDisposable {
  readonly directory = Deno.makeTempDirSync();
  readonly timers = new ManualTimers();
  readonly ear = new TrackerEar();
  readonly runs: string[] = [];
  readonly runners = new TrackerRunners({
    wiring: this.ear.wiring(this.timers),
    run: (run) => this.#run(run),
    watches: new PathWatches(),
    processes: {
      scan: () => new Map([[7, { name: "haproxy", words: [] }]]),
      look: () => undefined,
      listen: () => ({ close: () => Promise.resolve() }),
    },
  });

  #run({ words, signal }: ScriptRun): Promise<ScriptOutcome> {
    this.runs.push(words.join(" "));
    const { promise, resolve } = Promise.withResolvers<ScriptOutcome>();
    const end = () => resolve({ kind: "ended", code: 0, errorTail: "" });
    this.timers.at(this.timers.nowNs() + 0.1 * S, end);
    signal?.addEventListener("abort", end);
    return promise;
  }

  file(name: string, initial?: number): FileTracker {
    return {
      kind: "file",
      name,
      file: `${this.directory}/${name}`,
      initFile: initial === undefined
        ? undefined
        : { value: initial, overwrite: true },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runners.stop();
    Deno.removeSync(this.directory, { recursive: true });
  }
}

Deno.test("TrackerRunners tells of files and processes before start() returns, of scripts when they ran", async () => {
  await using lab = new Lab();
  lab.runners.start([SCRIPT, lab.file("f", 5), PROCESS]);
  assertEquals(lab.ear.told, ["f 5", "chk up 1", "chk initial -"]);
  await lab.timers.moveTo(0.5 * S);
  assertEquals(lab.ear.told.at(-1), "chk up 0");
  assertEquals(
    lab.runners.facts.map(({ kind, name }) => `${kind} ${name}`),
    ["script chk", "file f", "process chk"],
  );
});

Deno.test("TrackerRunners leaves alone at a reload what stays as it was, next run included", async () => {
  await using lab = new Lab();
  const definitions: TrackerDefinition[] = [SCRIPT, lab.file("f", 5), PROCESS];
  lab.runners.start(definitions);
  await lab.timers.moveTo(1.5 * S);
  const { told } = lab.ear;
  const before = [...told];
  Deno.writeTextFileSync(`${lab.directory}/f`, "5");
  lab.runners.replace(structuredClone(definitions));
  await lab.timers.moveTo(1.9 * S);
  assertEquals(told, before);
  assertEquals(lab.runs.length, 2);
  await lab.timers.moveTo(2 * S);
  assertEquals(lab.runs.length, 3);
});

Deno.test("TrackerRunners keeps a script's result while its command and user stay", async () => {
  await using lab = new Lab();
  lab.runners.start([SCRIPT]);
  await lab.timers.moveTo(0.5 * S);
  lab.runners.replace([{ ...SCRIPT, intervalNs: 5 * S, fall: 3 }]);
  assertEquals(lab.ear.told.slice(2), ["chk up 0"]);
  await lab.timers.moveTo(0.7 * S);
  assertEquals(lab.runs.length, 2);
  lab.runners.replace([
    { ...SCRIPT, run: { words: ["/chk", "-v"], user: undefined } },
  ]);
  assertEquals(lab.ear.told.slice(3), ["chk initial -"]);
  await lab.timers.moveTo(1 * S);
  assertEquals(lab.runs.at(-1), "/chk -v");
});

Deno.test("TrackerRunners ends at a reload what is gone, starts what is new, and writes no init_file", async () => {
  await using lab = new Lab();
  lab.runners.start([SCRIPT, lab.file("f", 5), PROCESS]);
  await lab.timers.moveTo(0.5 * S);
  lab.ear.told.length = 0;
  lab.runners.replace([lab.file("g", 7)]);
  assertEquals(lab.ear.told, [
    "script chk forgotten",
    "file f forgotten",
    "process chk forgotten",
    "g 0",
  ]);
  await lab.timers.moveTo(5 * S);
  assertEquals(lab.runs.length, 1);
  Deno.writeTextFileSync(`${lab.directory}/g`, "8");
  await lab.ear.hears("g 8");
  assertEquals(lab.runners.facts.map(({ name }) => name), ["g"]);
});
