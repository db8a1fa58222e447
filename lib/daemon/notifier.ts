/**
 * Turns the engine's notices into runs of notify scripts, in order for each instance.
 *
 * The engine never waits for it: notices are heard in the main isolate, and scripts wait for each other here.
 * WAITING is told as FAULT, for keepalived knows no other word for an instance that cannot run. An instance that a
 * reload removes tells nothing yet.
 *
 * Says:    keepalived's order: the script of the state, then `notify`.
 * Units:   milliseconds (`…Ms`).
 * @module
 */
import type { InstanceNotify, NotifyScript } from "../config/notify_model.ts";
import type { EngineNotice, TransitionNotice } from "../engine/port.ts";
import {
  notifyArguments,
  notifyEnvironment,
  type NotifyEvent,
  notifyJson,
  type NotifyState,
} from "./notify_event.ts";
import { OrderedJobs } from "./ordered_jobs.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";

export interface NotifierOptions {
  readonly instances: readonly InstanceNotify[];
  /** `runScript`, or a test's. */
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  /** Told how every run ended. */
  readonly onOutcome: (
    event: NotifyEvent,
    script: NotifyScript,
    outcome: ScriptOutcome,
  ) => void;
  /** No script runs longer; the next of its instance waits for it. */
  readonly timeoutMs: number;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #scripts: ReadonlyMap<string, InstanceNotify>;
  readonly #jobs = new OrderedJobs();
  /** What each instance was told last: FAULT twice in a row is one FAULT. */
  readonly #told = new Map<string, NotifyState>();
  /** Effective priority as the last transition of each instance had it. */
  readonly #priorities = new Map<string, number>();

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#scripts = new Map(
      options.instances.map((one) => [one.instance, one]),
    );
  }

  /** Takes a notice in and puts the scripts that it asks for behind those before. Never waits. */
  hear(notice: EngineNotice): void {
    if (notice.kind === "transition") {
      const { router, priority } = notice.transition;
      this.#priorities.set(router, priority);
      const state = toldState(notice.transition);
      if (state === undefined || this.#told.get(router) === state) return;
      this.#told.set(router, state);
      this.#tell({ subject: "INSTANCE", name: router, state, priority });
    } else if (
      notice.kind === "observed" &&
      notice.observation.kind === "lowerPriorityAdvert"
    ) {
      this.#tell({
        subject: "INSTANCE",
        name: notice.router,
        state: "MASTER_RX_LOWER_PRI",
        priority: this.#priorities.get(notice.router) ?? 0,
      });
    }
  }

  /** Resolves when every script that was asked for has ended. */
  idle(): Promise<void> {
    return this.#jobs.idle();
  }

  #tell(event: NotifyEvent): void {
    const scripts = this.#scripts.get(event.name);
    if (scripts === undefined) return;
    const own = scriptOf(scripts, event.state);
    if (own !== undefined) this.#put(event, own, own.words);
    const { every } = scripts;
    if (every === undefined || event.state === "MASTER_RX_LOWER_PRI") return;
    this.#put(event, every, [...every.words, ...notifyArguments(event)]);
  }

  #put(
    event: NotifyEvent,
    script: NotifyScript,
    words: readonly string[],
  ): void {
    const { run, onOutcome, timeoutMs } = this.#options;
    this.#jobs.put(event.name, async () => {
      const outcome = await run({
        words,
        user: script.user,
        environment: notifyEnvironment(event),
        input: notifyJson(event),
        timeoutMs,
      });
      onOutcome(event, script, outcome);
    });
  }
}

function toldState(
  { to, cause }: TransitionNotice,
): NotifyState | undefined {
  if (cause === "removed") return undefined;
  switch (to) {
    case "MASTER":
    case "BACKUP":
    case "FAULT":
      return to;
    case "WAITING":
      return "FAULT";
    case "STOPPED":
      return "STOP";
  }
}

function scriptOf(
  scripts: InstanceNotify,
  state: NotifyState,
): NotifyScript | undefined {
  switch (state) {
    case "MASTER":
      return scripts.master;
    case "BACKUP":
      return scripts.backup;
    case "FAULT":
      return scripts.fault;
    case "STOP":
      return scripts.stop;
    case "MASTER_RX_LOWER_PRI":
      return scripts.lowerPriorityHeard;
    default:
      return undefined;
  }
}
