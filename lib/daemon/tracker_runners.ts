/**
 * The runners of all tracked objects: started with the daemon, changed by a reload, ended with it.
 *
 * Says:    keepalived's reload: a script whose command and user stay keeps its result; a file or process that stays as
 *          it was goes on undisturbed. Beyond it: a script that stays as it was keeps its next run too.
 * @module
 */
import type {
  FileTracker,
  ScriptTracker,
  TrackerDefinition,
} from "../config/tracking_model.ts";
import type { TrackerFacts } from "../status/tracker_status.ts";
import type { PathWatches } from "../world/path_watches.ts";
import type { ProcessWorld } from "../world/processes.ts";
import { FileRunner } from "./file_runner.ts";
import { ProcessRunners } from "./process_runners.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import { ScriptRunner } from "./script_runner.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

export interface TrackerRunnersOptions {
  readonly wiring: TrackerWiring;
  /** `runScript`, or a test's. */
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  readonly watches: PathWatches;
  readonly processes: ProcessWorld;
}

export class TrackerRunners {
  readonly #options: TrackerRunnersOptions;
  #order: readonly TrackerDefinition[] = [];
  #scripts = new Map<string, ScriptRunner>();
  #files = new Map<string, FileRunner>();
  readonly #processes: ProcessRunners;
  readonly #ending = new Set<Promise<void>>();

  constructor(options: TrackerRunnersOptions) {
    this.#options = options;
    this.#processes = new ProcessRunners(options.wiring, options.processes);
  }

  /** Starts the first runners; what files and processes are is told before this returns. */
  start(definitions: readonly TrackerDefinition[]): void {
    this.#replace(definitions, true);
  }

  /** Goes on with these: starts what is new, ends what is gone, leaves alone what stays. */
  replace(definitions: readonly TrackerDefinition[]): void {
    this.#replace(definitions, false);
  }

  /** Ends all runners and the scripts that run; fulfilled when none of those is left. */
  async stop(): Promise<void> {
    const scripts = [...this.#scripts.values()].map((one) => one.stop());
    for (const file of this.#files.values()) file.stop();
    await Promise.all([
      ...scripts,
      ...this.#ending,
      this.#processes.stop(),
      this.#options.watches.close(),
    ]);
  }

  /** What each of them tells, in the order of the plan. */
  get facts(): readonly TrackerFacts[] {
    const processes = new Map(
      this.#processes.facts.map((facts) => [facts.name, facts]),
    );
    return this.#order.map(({ kind, name }) => {
      switch (kind) {
        case "script":
          return this.#scripts.get(name)?.facts;
        case "file":
          return this.#files.get(name)?.facts;
        case "process":
          return processes.get(name);
      }
    }).filter((facts) => facts !== undefined);
  }

  #replace(definitions: readonly TrackerDefinition[], isStart: boolean): void {
    const kept = new Set(
      definitions.map(({ kind, name }) => `${kind} ${name}`),
    );
    for (const { kind, name } of this.#order) {
      if (!kept.has(`${kind} ${name}`)) this.#options.wiring.forget(kind, name);
    }
    this.#order = definitions;
    this.#replaceFiles(
      definitions.filter((one) => one.kind === "file"),
      isStart,
    );
    this.#processes.replace(
      definitions.filter((one) => one.kind === "process"),
    );
    this.#replaceScripts(definitions.filter((one) => one.kind === "script"));
  }

  #replaceFiles(definitions: readonly FileTracker[], isStart: boolean): void {
    const { watches, wiring } = this.#options;
    const before = this.#files;
    this.#files = new Map();
    for (const definition of definitions) {
      const old = before.get(definition.name);
      if (old?.definition.file === definition.file) {
        this.#files.set(definition.name, old);
        before.delete(definition.name);
        continue;
      }
      const runner = new FileRunner(definition, watches, wiring);
      this.#files.set(definition.name, runner);
      if (isStart) runner.initialize();
      runner.start();
    }
    for (const gone of before.values()) gone.stop();
  }

  #replaceScripts(definitions: readonly ScriptTracker[]): void {
    const { wiring, run } = this.#options;
    const before = this.#scripts;
    this.#scripts = new Map();
    for (const definition of definitions) {
      const { name } = definition;
      const old = before.get(name);
      if (old !== undefined && isSame(old.definition, definition)) {
        this.#scripts.set(name, old);
        before.delete(name);
        continue;
      }
      const goesOn = old !== undefined &&
        isSame(old.definition.run, definition.run);
      const runner = new ScriptRunner(
        { definition, wiring, run },
        goesOn ? old : undefined,
      );
      this.#scripts.set(name, runner);
      runner.start();
    }
    for (const gone of before.values()) this.#end(gone);
  }

  /** A reload does not wait for a script that takes its time to end; the daemon's own end does. */
  #end(runner: ScriptRunner): void {
    const ending = runner.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
