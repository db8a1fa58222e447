/**
 * Keeps the engine running: starts its isolate, passes commands in and notices out, starts it anew when it dies,
 * unless it never ran.
 *
 * The addresses stay in the kernel while the engine is away.
 *
 * Units:   milliseconds.
 * @module
 */
import type { BfdSession } from "../bfd/session.ts";
import type {
  EngineCommand,
  EngineNotice,
  EnginePlan,
  EngineSnapshot,
  EngineStart,
  ReplanCommand,
  TrackedNow,
} from "../engine/port.ts";
import type { TrackerKind, TrackerValue } from "../vrrp/tracking.ts";
import {
  closeDescriptor,
  openCommandPair,
  sendCommandBytes,
} from "../world/daemon_linux.ts";

/** A loop that dies at once is not to eat the machine. */
const RESTART_DELAYS_MS = [0, 100, 1000, 5000];
/** Who died this often in a row comes back too late to go on as if nothing had been. */
const RESUMED_DEATHS_MAX = 2;
const RESEND_MS = 2;
/** Having run this long, an engine's next death counts as its first. */
const HEALTHY_MS = 60_000;
const SNAPSHOT_PATIENCE_MS = 5000;

/**
 * How a stop ended. `stopped`: every router resigned and its addresses are gone. `late`: the engine did not answer.
 * `dead`: it was not running, so what it held is still in the kernel.
 */
export type StopOutcome = "stopped" | "late" | "dead";

/** What the engine is to do, and who hears of it. */
export interface EngineAssignment {
  readonly plan: EnginePlan;
  readonly libnlPath: string;
  /** See `EngineStart`. */
  readonly settingsPath?: string;
  /** Hears every notice, in order. */
  readonly onNotice: (notice: EngineNotice) => void;
}

export class EngineHost {
  readonly #workerUrl: URL;
  #assignment: EngineAssignment | undefined;
  #worker: Worker | undefined;
  #commandFd: number | undefined;
  #startedAtMs = 0;
  #deaths = 0;
  #isStopping = false;
  #hasRun = false;
  #restartTimer: number | undefined;
  #nextId = 1;
  #restarts = 0;
  /** BFD sessions that were up when last heard of. */
  readonly #bfd = new Map<string, BfdSession>();
  /** Routers that were MASTER when last heard of. */
  readonly #masters = new Set<string>();
  /** What every engine is to know of tracked objects, by kind and name. */
  readonly #tracked = new Map<string, TrackedNow>();
  /** Command bytes that the engine has not taken yet. */
  #unsent = new Uint8Array();
  #sendTimer: number | undefined;
  readonly #replans = new Map<number, (isDone: boolean) => void>();
  readonly #snapshots = new Map<
    number,
    (snapshot: EngineSnapshot | undefined) => void
  >();
  readonly #ended = Promise.withResolvers<StopOutcome>();

  /** Makes the isolate at once: it takes as long as reading a configuration, and goes on beside it. */
  constructor(workerUrl: URL) {
    this.#workerUrl = workerUrl;
    this.#spawn();
  }

  /** How often the engine had to be started anew. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts the engine; what becomes of it comes as notices. */
  start(assignment: EngineAssignment): void {
    this.#assignment = assignment;
    if (this.#worker === undefined) this.#spawn();
    this.#assign();
  }

  /** Gives up an engine that was never started. */
  discard(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #spawn(): void {
    const worker = new Worker(this.#workerUrl, {
      type: "module",
      name: "vrrp",
    });
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<EngineNotice>) =>
      this.#hear(worker, event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#hear(worker, { kind: "died", message: event.message, stack: "" });
    };
  }

  #assign(): void {
    if (this.#assignment === undefined) return;
    const { plan, libnlPath, settingsPath } = this.#assignment;
    const pair = openCommandPair();
    this.#commandFd = pair.ours;
    this.#startedAtMs = performance.now();
    const start: EngineStart = {
      plan,
      resume: this.#mayResume() ? [...this.#masters] : [],
      tracked: [...this.#tracked.values()],
      bfd: this.#mayResume()
        ? [...this.#bfd].map(([name, session]) => ({ name, session }))
        : [],
      commandFd: pair.theirs,
      libnlPath,
      settingsPath,
    };
    this.#masters.clear();
    this.#bfd.clear();
    this.#worker?.postMessage(start);
  }

  /** Asks for a sign of life; a `pong` notice is the answer. */
  ping(): void {
    this.#send({ kind: "ping", id: this.#nextId++ });
  }

  /** Tells this engine, and any that has to follow it, the value of a tracked object. */
  track(name: string, value: TrackerValue): void {
    this.#tracked.set(`${value.kind} ${name}`, { name, value });
    this.#send({ kind: "tracker", name, value });
  }

  /** An engine to come need not know it any more. */
  forget(kind: TrackerKind, name: string): void {
    this.#tracked.delete(`${kind} ${name}`);
  }

  /** What every router and BFD session tells about itself; undefined when the engine does not answer in time. */
  snapshot(): Promise<EngineSnapshot | undefined> {
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<
      EngineSnapshot | undefined
    >();
    if (!this.#send({ kind: "snapshot", id })) {
      return Promise.resolve(undefined);
    }
    this.#snapshots.set(id, resolve);
    const timer = setTimeout(
      () => this.#answer(id, undefined),
      SNAPSHOT_PATIENCE_MS,
    );
    return promise.finally(() => clearTimeout(timer));
  }

  /** Lets every router resign; fulfilled when the engine has ended, or `patienceMs` later. */
  async stop(patienceMs: number): Promise<StopOutcome> {
    this.#isStopping = true;
    clearTimeout(this.#restartTimer);
    if (this.#worker === undefined) return "dead";
    if (!this.#send({ kind: "stop" })) return "late";
    const timeout = Promise.withResolvers<StopOutcome>();
    const timer = setTimeout(() => timeout.resolve("late"), patienceMs);
    const outcome = await Promise.race([this.#ended.promise, timeout.promise]);
    clearTimeout(timer);
    return outcome;
  }

  /** Whether peers cannot have missed an engine that died just now. */
  #mayResume(): boolean {
    return this.#deaths <= RESUMED_DEATHS_MAX;
  }

  /**
   * Changes the routers of the running engine, and of those that may have to follow it. False when the engine died
   * meanwhile: the next one runs the new plan.
   */
  replan(
    plan: EnginePlan,
    change: Omit<ReplanCommand, "kind" | "id">,
  ): Promise<boolean> {
    if (this.#assignment !== undefined) {
      this.#assignment = { ...this.#assignment, plan };
    }
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#replans.set(id, resolve);
    if (!this.#send({ kind: "replan", id, ...change })) {
      this.#replans.delete(id);
      return Promise.resolve(false);
    }
    return promise;
  }

  /** Queues a command and sends what the socket takes; false when there is no engine. */
  #send(command: EngineCommand): boolean {
    if (this.#commandFd === undefined) return false;
    const line = new TextEncoder().encode(`${JSON.stringify(command)}\n`);
    const unsent = new Uint8Array(this.#unsent.length + line.length);
    unsent.set(this.#unsent);
    unsent.set(line, this.#unsent.length);
    this.#unsent = unsent;
    if (this.#unsent.length === line.length) this.#sendUnsent();
    return true;
  }

  #sendUnsent(): void {
    clearTimeout(this.#sendTimer);
    if (this.#commandFd === undefined) return;
    const sent = sendCommandBytes(this.#commandFd, this.#unsent);
    this.#unsent = this.#unsent.slice(sent);
    if (this.#unsent.length === 0) return;
    // A large plan: the engine takes it in pieces.
    this.#sendTimer = setTimeout(() => this.#sendUnsent(), RESEND_MS);
  }

  #hear(worker: Worker, notice: EngineNotice): void {
    if (worker !== this.#worker) return;
    switch (notice.kind) {
      case "started":
        this.#hasRun = true;
        break;
      case "transition": {
        const { router, to } = notice.transition;
        if (to === "MASTER") this.#masters.add(router);
        else this.#masters.delete(router);
        break;
      }
      case "bfd":
        if (notice.session.state === "up") {
          this.#bfd.set(notice.name, notice.session);
        } else this.#bfd.delete(notice.name);
        break;
      case "replanned":
        this.#replans.get(notice.id)?.(true);
        this.#replans.delete(notice.id);
        return;
      case "snapshot":
        this.#answer(notice.id, notice);
        break;
      case "stopped":
        this.#forget();
        this.#ended.resolve("stopped");
        break;
      case "died":
        this.#forget();
        this.#assignment?.onNotice(notice);
        this.#mourn();
        return;
    }
    this.#assignment?.onNotice(notice);
  }

  #answer(id: number, snapshot: EngineSnapshot | undefined): void {
    this.#snapshots.get(id)?.(snapshot);
    this.#snapshots.delete(id);
  }

  #forget(): void {
    this.#worker = undefined;
    if (this.#commandFd !== undefined) closeDescriptor(this.#commandFd);
    this.#commandFd = undefined;
    this.#unsent = new Uint8Array();
    for (const resolve of this.#replans.values()) resolve(false);
    this.#replans.clear();
    for (const id of [...this.#snapshots.keys()]) this.#answer(id, undefined);
  }

  #mourn(): void {
    // What never ran will not run the next time either.
    if (this.#isStopping || !this.#hasRun) {
      this.#ended.resolve("dead");
      return;
    }
    if (performance.now() - this.#startedAtMs > HEALTHY_MS) this.#deaths = 0;
    const delayMs =
      RESTART_DELAYS_MS[Math.min(this.#deaths, RESTART_DELAYS_MS.length - 1)] ??
        0;
    this.#deaths++;
    this.#restarts++;
    this.#restartTimer = setTimeout(() => {
      this.#spawn();
      this.#assign();
    }, delayMs);
  }
}
