/**
 * Runs a tracked script again and again and tells what becomes of it.
 *
 * Says:    keepalived's `vrrp_script`: the first run at once, then one every `interval`; a run that is not over when
 *          the next is due takes that one's place. After `timeout` the script and what it started get SIGTERM, and
 *          2 s later SIGKILL.
 *          Deviates: a time-out counts when it happens, not when the script has ended; a script that cannot be run
 *          counts as failed, not as a success.
 * Errors:  none are thrown: what goes wrong is a failed run, and in the log.
 * @module
 */
import { lastWords } from "./last_words.ts";
import type { ScriptTracker } from "../config/tracking_model.ts";
import { PRIORITY, type Priority } from "../log/log_record.ts";
import type { ScriptFacts } from "../status/tracker_status.ts";
import {
  initialVerdict,
  stepVerdict,
  type VerdictState,
} from "../track/script_verdict.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
/** Between SIGTERM and SIGKILL, as keepalived has it. */
const GRACE_MS = 2000;
/** Who runs scripts where nobody is named, if there is such a user. */
const DEFAULT_USER = "keepalived_script";
const STATES = { unknown: "initial", good: "up", bad: "down" } as const;

export interface ScriptRunnerOptions {
  readonly definition: ScriptTracker;
  readonly wiring: TrackerWiring;
  /** `runScript`, or a test's. */
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
}

/** How a run ended, for the verdict, the engine and the log. */
interface Result {
  readonly isSuccess: boolean;
  readonly exitStatus: number | undefined;
  /** `exited with status 1`. */
  readonly how: string;
  readonly errorTail: string;
  readonly durationNs: number;
}

export class ScriptRunner {
  readonly #options: ScriptRunnerOptions;
  #verdict: VerdictState;
  #exitStatus: number | undefined;
  #lastFailure: string | undefined;
  #runs = 0;
  #failures = 0;
  #timeouts = 0;
  #skipped = 0;
  #running: Promise<void> | undefined;
  #lastRunAtNs: number | undefined;
  #lastDurationNs: number | undefined;
  #changedAtNs: number | undefined;
  #cancel: () => void = () => undefined;
  readonly #giveUp = new AbortController();

  /** With `before` the verdict goes on where that runner's was. */
  constructor(options: ScriptRunnerOptions, before?: ScriptRunner) {
    this.#options = options;
    this.#verdict = initialVerdict(options.definition.initFail);
    if (before === undefined) return;
    this.#verdict = before.#verdict;
    this.#exitStatus = before.#exitStatus;
    this.#lastFailure = before.#lastFailure;
    this.#changedAtNs = before.#changedAtNs;
  }

  get definition(): ScriptTracker {
    return this.#options.definition;
  }

  /** Tells what is known; the first run follows at once. */
  start(): void {
    const { timers } = this.#options.wiring;
    const nowNs = timers.nowNs();
    this.#tell();
    this.#cancel = timers.at(nowNs, () => this.#due(nowNs));
  }

  /** Ends a run that is under way, and all that were to follow; fulfilled when none is left. */
  async stop(): Promise<void> {
    this.#cancel();
    this.#giveUp.abort();
    await this.#running;
  }

  get facts(): ScriptFacts {
    const { definition } = this;
    return {
      kind: "script",
      name: definition.name,
      state: STATES[this.#verdict.verdict],
      script: definition.script,
      user: this.#userName,
      exitStatus: this.#exitStatus,
      lastFailure: this.#lastFailure,
      runs: this.#runs,
      failures: this.#failures,
      timeouts: this.#timeouts,
      skipped: this.#skipped,
      isRunning: this.#running !== undefined,
      lastRunAtNs: this.#lastRunAtNs,
      lastDurationNs: this.#lastDurationNs,
      changedAtNs: this.#changedAtNs,
    };
  }

  get #userName(): string {
    const { user, run } = this.definition;
    return user?.user ?? (run.user === undefined ? "root" : DEFAULT_USER);
  }

  /** It is `dueNs`: time for a run. */
  #due(dueNs: number): void {
    const { timers } = this.#options.wiring;
    if (this.#running === undefined) this.#begin();
    else this.#skip();
    const { intervalNs } = this.definition;
    // After a stall the runs that were missed stay missed.
    const missed = Math.floor((timers.nowNs() - dueNs) / intervalNs);
    const nextNs = dueNs + (Math.max(0, missed) + 1) * intervalNs;
    this.#cancel = timers.at(nextNs, () => this.#due(nextNs));
  }

  #skip(): void {
    this.#skipped++;
    this.#log(
      "scriptSkipped",
      PRIORITY.warning,
      `script ${this.definition.name} still runs: the next run of it is left out`,
    );
  }

  #begin(): void {
    const { definition, run, wiring } = this.#options;
    const startedAtNs = wiring.timers.nowNs();
    const sinceStart = () => wiring.timers.nowNs() - startedAtNs;
    this.#lastRunAtNs = startedAtNs;
    this.#runs++;
    let isJudged = false;
    const judge = (result: Result) => {
      if (isJudged || this.#giveUp.signal.aborted) return;
      isJudged = true;
      this.#judge(result);
    };
    this.#running = run({
      ...definition.run,
      environment: {},
      input: "",
      timeoutMs: definition.timeoutNs / NS_PER_MS,
      graceMs: GRACE_MS,
      onLate: () => {
        this.#timeouts++;
        judge(timedOut(sinceStart(), ""));
      },
      signal: this.#giveUp.signal,
    }).then((outcome) => {
      this.#running = undefined;
      this.#lastDurationNs = sinceStart();
      judge(resultOf(outcome, this.#lastDurationNs));
    });
  }

  #judge(result: Result): void {
    const before = this.#verdict;
    this.#verdict = stepVerdict(before, result.isSuccess, this.definition);
    const isNews = before.verdict !== this.#verdict.verdict;
    if (!result.isSuccess) {
      this.#failures++;
      this.#lastFailure = failureText(result);
    }
    if (isNews) {
      this.#changedAtNs = this.#options.wiring.timers.nowNs();
      this.#logChange(result);
    }
    const isOtherStatus = this.#exitStatus !== result.exitStatus;
    this.#exitStatus = result.exitStatus;
    if (isNews || isOtherStatus) this.#tell();
    if (isOtherStatus && !isNews) this.#logStatus(result);
  }

  #tell(): void {
    this.#options.wiring.tell(this.definition.name, {
      kind: "script",
      state: STATES[this.#verdict.verdict],
      exitStatus: this.#exitStatus,
    });
  }

  #logChange(result: Result): void {
    const { name } = this.definition;
    const circumstances = `after ${
      secondsText(result.durationNs)
    }, as ${this.#userName}`;
    if (result.isSuccess) {
      this.#log(
        "scriptUp",
        PRIORITY.notice,
        `script ${name} succeeded ${circumstances}`,
      );
    } else {
      this.#log(
        "scriptDown",
        PRIORITY.warning,
        `script ${name} failed: ${result.how} ${circumstances}${
          lastWords(result.errorTail)
        }`,
      );
    }
  }

  /** As keepalived, also where the verdict stays. */
  #logStatus(result: Result): void {
    const { name } = this.definition;
    const verdict = STATES[this.#verdict.verdict];
    this.#log(
      "scriptStatus",
      PRIORITY.info,
      `script ${name} ${result.how} and counts as ${verdict}${
        result.isSuccess ? "" : lastWords(result.errorTail)
      }`,
    );
  }

  #log(
    event: "scriptUp" | "scriptDown" | "scriptStatus" | "scriptSkipped",
    priority: Priority,
    message: string,
  ): void {
    const fields = { tracker: this.definition.name };
    this.#options.wiring.log({ event, priority, message, fields });
  }
}

function resultOf(outcome: ScriptOutcome, durationNs: number): Result {
  switch (outcome.kind) {
    case "timedOut":
    case "aborted":
      return timedOut(durationNs, outcome.errorTail);
    case "failed":
      return {
        isSuccess: false,
        exitStatus: undefined,
        how: `it cannot be run (${outcome.why})`,
        errorTail: "",
        durationNs,
      };
    case "ended": {
      const { code, signal, errorTail } = outcome;
      return {
        isSuccess: code === 0,
        exitStatus: signal === undefined ? code : undefined,
        how: signal === undefined
          ? `exited with status ${code}`
          : `ended by ${signal}`,
        errorTail,
        durationNs,
      };
    }
  }
}

function timedOut(durationNs: number, errorTail: string): Result {
  return {
    isSuccess: false,
    exitStatus: undefined,
    how: "timed out",
    errorTail,
    durationNs,
  };
}

function failureText({ how, errorTail }: Result): string {
  return `${how}${lastWords(errorTail)}`;
}

function secondsText(durationNs: number): string {
  return `${(durationNs / NS_PER_S).toFixed(3)} s`;
}
