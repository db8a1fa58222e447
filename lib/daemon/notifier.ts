/**
 * Turns the engine's notices into runs of notify scripts, in order for each instance and group, and lines for FIFOs.
 *
 * The engine never waits for it: notices are heard in the main isolate, and scripts wait for each other in a queue.
 * WAITING is told as FAULT, for keepalived knows no other word for an instance that cannot run. What was told once is
 * not told again, so an engine that is started anew goes unnoticed.
 *
 * Says:    keepalived's order: the script of the state and `notify` (both at once), the FIFOs' line, mail.
 * Units:   milliseconds (`…Ms`).
 * @module
 */
import type {
  NotifyPlan,
  NotifyScript,
  NotifySubject,
} from "../config/notify_model.ts";
import type {
  EngineNotice,
  PutRouter,
  TransitionNotice,
} from "../engine/port.ts";
import type { LogRecord } from "../log/log_record.ts";
import type { GateReason, RouterStateName } from "../vrrp/router_io.ts";
import {
  fifoLine,
  notifyArguments,
  notifyEnvironment,
  type NotifyEvent,
  notifyJson,
  type NotifyState,
} from "./notify_event.ts";
import { Mailer, type SendMail } from "./mailer.ts";
import { NotifyFifos } from "./notify_fifos.ts";
import { wordDropped, wordOutcome } from "./notify_wording.ts";
import { Pace } from "./pace.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";
import { type QueuePatience, ScriptQueue } from "./script_queue.ts";

/** A script that starts a service takes its time, as long as nothing waits for it. */
const PATIENCE: QueuePatience = {
  aloneMs: 300_000,
  followedMs: 30_000,
  closingMs: 5000,
  waitingMax: 16,
};

export interface NotifierOptions {
  readonly plan: NotifyPlan;
  /** `runScript`, or a test's. */
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  readonly log: (record: LogRecord) => void;
  /** `sendBySmtp`, or a test's. */
  readonly sendMail: SendMail;
  /** What this host is called. */
  readonly hostName: string;
}

/** What somebody was told last. */
interface Told {
  readonly state: NotifyState;
  readonly priority: number;
}

export class Notifier {
  readonly #options: NotifierOptions;
  readonly #queue = new ScriptQueue(PATIENCE);
  readonly #pace = new Pace();
  readonly #fifos: NotifyFifos;
  readonly #mailer: Mailer;
  #plan: NotifyPlan;
  #instances: ReadonlyMap<string, NotifySubject> = new Map();
  #groups: readonly NotifySubject[] = [];
  /** FAULT twice in a row is one FAULT. */
  #told = new Map<string, Told>();
  /** Effective priorities of those of whom nothing else was told yet. */
  readonly #early = new Map<string, number>();
  readonly #toldGroups = new Map<string, NotifyState>();
  /** What instances wait for of which nothing was told yet. */
  readonly #waiting = new Map<string, readonly GateReason[]>();
  /** Groups that wait for such instances. */
  readonly #waitingGroups = new Set<string>();

  /** Opens the FIFOs and starts their readers. */
  constructor(options: NotifierOptions) {
    const { plan, run, log, sendMail, hostName } = options;
    this.#options = options;
    this.#plan = plan;
    this.#fifos = new NotifyFifos({ run, log });
    this.#mailer = new Mailer({ send: sendMail, log, hostName });
    this.#take(plan, []);
  }

  /** Takes a notice in and puts the scripts that it asks for behind those before. Never waits. */
  hear(notice: EngineNotice): void {
    switch (notice.kind) {
      case "transition":
        this.#hearTransition(notice.transition);
        break;
      case "group":
        this.#hearGroup(notice.group, notice.to);
        break;
      case "priority":
        this.#hearPriority(notice.router, notice.state, notice.to);
        break;
      case "gate":
        if (this.#told.has(notice.router)) break;
        this.#waiting.set(notice.router, notice.reasons);
        this.#tellFaults();
        break;
      case "lowerPriorityHeard":
        this.#tell({
          subject: "INSTANCE",
          name: notice.router,
          state: "MASTER_RX_LOWER_PRI",
          priority: this.#priorityOf(notice.router),
        });
        break;
    }
  }

  /**
   * A reload begins: from now on this is the plan. Who is in it no more is told of until {@linkcode Notifier.settle};
   * scripts that were asked for before run as they were.
   */
  replan(plan: NotifyPlan, renamed: readonly PutRouter[]): void {
    const leaving = this.#plan.subjects.filter(({ subject, name }) =>
      !plan.subjects.some((one) => one.subject === subject && one.name === name)
    );
    const told = new Map(this.#told);
    for (const { router, replaces = "" } of renamed) {
      const before = this.#told.get(replaces);
      if (before === undefined) continue;
      const change = router.priority -
        (this.#instances.get(replaces)?.priority ?? router.priority);
      const priority = change === 0
        ? before.priority
        : clampPriority(before.priority + change);
      told.set(router.name, { ...before, priority });
    }
    this.#told = told;
    this.#take(plan, leaving);
  }

  /** The reload is done: who is not in the plan is forgotten. */
  settle(): void {
    this.#take(this.#plan, []);
    for (const name of [...this.#told.keys()]) {
      if (!this.#instances.has(name)) this.#told.delete(name);
    }
    for (const name of [...this.#waiting.keys()]) {
      if (!this.#instances.has(name)) this.#waiting.delete(name);
    }
    for (const name of [...this.#early.keys()]) {
      if (!this.#instances.has(name)) this.#early.delete(name);
    }
    const groups = new Set(this.#groups.map(({ name }) => name));
    for (const name of [...this.#toldGroups.keys()]) {
      if (!groups.has(name)) this.#toldGroups.delete(name);
    }
    if (!this.#plan.writesStatesOnReload) return;
    for (const [name, { state, priority }] of this.#told) {
      this.#fifos.write(
        fifoLine({ subject: "INSTANCE", name, state, priority }),
      );
    }
    for (const [name, state] of this.#toldGroups) {
      this.#fifos.write(
        fifoLine({ subject: "GROUP", name, state, priority: 0 }),
      );
    }
  }

  /** Tells everybody who was not told that it stops, and closes. */
  async stop(): Promise<void> {
    for (const name of this.#instances.keys()) {
      this.#enter(name, "STOP", this.#priorityOf(name));
    }
    for (const { name } of this.#groups) this.#enterGroup(name, "STOP");
    await this.close();
  }

  /** Lets the last scripts run and closes the FIFOs; resolves when all have ended, within some seconds. */
  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#mailer.close()]);
    await this.#fifos.close();
  }

  /** Resolves when every script that was asked for has ended. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #priorityOf(name: string): number {
    return this.#told.get(name)?.priority ?? this.#early.get(name) ??
      this.#instances.get(name)?.priority ?? 0;
  }

  #take(plan: NotifyPlan, leaving: readonly NotifySubject[]): void {
    this.#plan = plan;
    const subjects = [...plan.subjects, ...leaving];
    this.#instances = new Map(
      subjects.filter(({ subject }) => subject === "INSTANCE")
        .map((one) => [one.name, one]),
    );
    this.#groups = plan.subjects.filter(({ subject }) => subject === "GROUP");
    this.#fifos.replan(plan.fifos);
  }

  #hearTransition(transition: TransitionNotice): void {
    const { router, to, cause } = transition;
    // A router that does not run has no effective priority: its last one is told.
    const priority = to === "MASTER" || to === "BACKUP"
      ? transition.priority
      : this.#priorityOf(router);
    // Trackers had their say before there was a state to tell.
    if (priority !== this.#priorityOf(router) && !this.#told.has(router)) {
      this.#hearPriority(router, "BACKUP", priority);
    }
    if (cause === "removed") this.#leave(router, priority);
    else this.#enter(router, toldState(to), priority);
  }

  #hearGroup(name: string, to: RouterStateName): void {
    if (to === "WAITING" && !this.#toldGroups.has(name)) {
      this.#waitingGroups.add(name);
      this.#tellFaults();
    } else this.#enterGroup(name, toldState(to));
  }

  /**
   * At the start there is no transition to tell that an instance cannot run. A wait that ends by itself is no fault,
   * nor are the waits of others in its group.
   */
  #tellFaults(): void {
    for (const name of [...this.#waiting.keys()]) {
      if (this.#isFaulty(name)) {
        this.#enter(name, "FAULT", this.#priorityOf(name));
      }
    }
    for (const group of [...this.#waitingGroups]) {
      const hasFault = [...this.#told].some(([name, { state }]) =>
        state === "FAULT" && this.#instances.get(name)?.group === group
      );
      if (hasFault) this.#enterGroup(group, "FAULT");
    }
  }

  #isFaulty(name: string): boolean {
    return (this.#waiting.get(name) ?? []).some((reason) =>
      reason.kind === "syncGroup"
        ? reason.members.some((one) =>
          this.#told.get(one)?.state === "FAULT" ||
          this.#waiting.get(one)?.some(isFault)
        )
        : isFault(reason)
    );
  }

  /** Only FIFOs are told, and only if they are to be. */
  #hearPriority(name: string, to: RouterStateName, priority: number): void {
    const before = this.#told.get(name);
    if (before === undefined) this.#early.set(name, priority);
    else this.#told.set(name, { ...before, priority });
    if (!this.#instances.get(name)?.tellsPriorityChanges) return;
    const state = to === "MASTER" ? "MASTER_PRIORITY" : "BACKUP_PRIORITY";
    this.#fifos.write(
      fifoLine({ subject: "INSTANCE", name, state, priority }),
    );
  }

  /** An instance that a reload removes: keepalived runs its `notify` with FAULT, unless it has `notify_deleted`. */
  #leave(name: string, priority: number): void {
    const who = this.#instances.get(name);
    const before = this.#told.get(name)?.state;
    this.#told.delete(name);
    const subject = "INSTANCE";
    if (who?.tellsDeleted === true) {
      this.#tell({ subject, name, state: "DELETED", priority });
    } else if (before !== "FAULT") {
      const event = { subject, name, state: "FAULT", priority } as const;
      this.#tellWho(event, who && { ...who, fault: undefined });
    }
  }

  #enter(name: string, state: NotifyState, priority: number): void {
    const before = this.#told.get(name)?.state;
    this.#told.set(name, { state, priority });
    this.#waiting.delete(name);
    if (before === state) return;
    this.#tell({ subject: "INSTANCE", name, state, priority });
  }

  #enterGroup(name: string, state: NotifyState): void {
    if (this.#toldGroups.get(name) === state) return;
    this.#toldGroups.set(name, state);
    this.#waitingGroups.delete(name);
    this.#tell({ subject: "GROUP", name, state, priority: 0 });
  }

  #tell(event: NotifyEvent): void {
    const { subject, name } = event;
    const who = subject === "INSTANCE"
      ? this.#instances.get(name)
      : this.#groups.find((one) => one.name === name);
    this.#tellWho(event, who);
  }

  #tellWho(event: NotifyEvent, who: NotifySubject | undefined): void {
    if (who !== undefined) this.#runScripts(event, who);
    this.#fifos.write(fifoLine(event));
    const { mail } = this.#plan;
    if (mail !== undefined && who?.tellsByMail) this.#mailer.put(mail, event);
  }

  #runScripts(event: NotifyEvent, who: NotifySubject): void {
    const own = scriptOf(who, event.state);
    const every = event.state === "MASTER_RX_LOWER_PRI" ? undefined : who.every;
    const runs: { readonly script: NotifyScript; readonly more: string[] }[] = [
      ...(own === undefined ? [] : [{ script: own, more: [] }]),
      ...(every === undefined
        ? []
        : [{ script: every, more: [...notifyArguments(event)] }]),
    ];
    if (runs.length === 0) return;
    this.#queue.put(`${event.subject} ${event.name}`, {
      run: async (signal) => {
        await Promise.all(
          runs.map(({ script, more }) =>
            this.#run(event, script, more, signal)
          ),
        );
      },
      onDropped: () => this.#options.log(wordDropped(event)),
    });
  }

  async #run(
    event: NotifyEvent,
    script: NotifyScript,
    more: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const { run, log } = this.#options;
    await this.#pace.turn();
    if (signal.aborted) {
      log(wordDropped(event));
      return;
    }
    const outcome = await run({
      words: [...script.words, ...more],
      user: script.user,
      environment: notifyEnvironment(event),
      input: notifyJson(event),
      timeoutMs: Infinity,
      signal,
    });
    const record = wordOutcome(event, script, outcome);
    if (record !== undefined) log(record);
  }
}

function clampPriority(priority: number): number {
  return Math.min(Math.max(priority, 1), 255);
}

function toldState(state: RouterStateName): NotifyState {
  switch (state) {
    case "MASTER":
    case "BACKUP":
    case "FAULT":
      return state;
    case "WAITING":
      return "FAULT";
    case "STOPPED":
      return "STOP";
  }
}

/** Whether an instance waits for something that does not come by itself in a moment. */
function isFault({ kind }: GateReason): boolean {
  return !["addressTentative", "startDelayed", "trackerPending", "syncGroup"]
    .includes(kind);
}

function scriptOf(
  who: NotifySubject,
  state: NotifyState,
): NotifyScript | undefined {
  switch (state) {
    case "MASTER":
      return who.master;
    case "BACKUP":
      return who.backup;
    case "FAULT":
      return who.fault;
    case "STOP":
      return who.stop;
    case "DELETED":
      return who.deleted;
    case "MASTER_RX_LOWER_PRI":
      return who.lowerPriorityHeard;
    case "MASTER_PRIORITY":
    case "BACKUP_PRIORITY":
      return undefined;
  }
}
