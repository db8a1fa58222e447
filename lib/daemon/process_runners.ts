/**
 * Watches tracked processes and tells whether as many run as are to run.
 *
 * The kernel tells of every process that begins or ends; where it does not, all processes are looked at each second.
 *
 * Says:    keepalived's `vrrp_track_process`.
 *          Deviates: keepalived cannot track processes where the kernel does not tell of them; processes that begin
 *          and end within one look are not seen one by one.
 * @module
 */
import type { ProcessTracker } from "../config/tracking_model.ts";
import { PRIORITY } from "../log/log_record.ts";
import type { ProcessFacts } from "../status/tracker_status.ts";
import { ProcessCensus } from "../track/process_census.ts";
import {
  initialQuorum,
  type QuorumState,
  stepQuorum,
} from "../track/quorum.ts";
import type {
  ProcessEvents,
  ProcessNews,
  ProcessWorld,
} from "../world/processes.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

const SCAN_NS = 1e9;

interface Watched {
  readonly definition: ProcessTracker;
  quorum: QuorumState;
  changedAtNs: number | undefined;
}

export class ProcessRunners {
  readonly #wiring: TrackerWiring;
  readonly #world: ProcessWorld;
  #watched: readonly Watched[] = [];
  #census = new ProcessCensus([]);
  #events: ProcessEvents | undefined;
  #cancelScan: (() => void) | undefined;
  #cancelChange: () => void = () => undefined;
  #isScanning = false;

  constructor(wiring: TrackerWiring, world: ProcessWorld) {
    this.#wiring = wiring;
    this.#world = world;
  }

  /** From now on these are watched; who was watched already in the same way goes on undisturbed. */
  replace(definitions: readonly ProcessTracker[]): void {
    const before = this.#watched;
    this.#census = new ProcessCensus(definitions);
    if (definitions.length > 0 && before.length === 0) this.#listen();
    if (definitions.length === 0) {
      this.#watched = [];
      void this.stop();
      return;
    }
    this.#census.retake(this.#world.scan(this.#census.needsWords));
    this.#watched = definitions.map((definition, i) => {
      const old = before.find((one) =>
        JSON.stringify(one.definition) === JSON.stringify(definition)
      );
      if (old !== undefined) return old;
      const count = this.#census.counts[i] ?? 0;
      const watched = {
        definition,
        quorum: initialQuorum(definition, count),
        changedAtNs: undefined,
      };
      this.#tell(watched, count);
      return watched;
    });
    this.#judge();
  }

  async stop(): Promise<void> {
    this.#cancelScan?.();
    this.#cancelScan = undefined;
    this.#cancelChange();
    const events = this.#events;
    this.#events = undefined;
    await events?.close();
  }

  get facts(): readonly ProcessFacts[] {
    return this.#watched.map(({ definition, quorum, changedAtNs }, i) => ({
      kind: "process",
      name: definition.name,
      state: quorum.isUp ? "up" : "down",
      process: [definition.command, ...definition.parameters].join(" "),
      count: this.#census.counts[i] ?? 0,
      quorum: definition.quorum,
      quorumMax: definition.quorumMax,
      changedAtNs,
      watchedBy: this.#isScanning ? "scans" : "events",
    }));
  }

  #listen(): void {
    const events = this.#world.listen((news) => this.#hear(news));
    this.#isScanning = typeof events === "string";
    if (typeof events !== "string") {
      this.#events = events;
      return;
    }
    this.#wiring.log({
      event: "trackingTrouble",
      priority: PRIORITY.notice,
      message: `processes are looked at each second: ${events}`,
      fields: {},
    });
    this.#scanLater();
  }

  #hear(news: ProcessNews): void {
    if (news === "lost") {
      // A storm of processes: looking at them all is for when it is over.
      this.#scanLater();
      return;
    }
    const { needsWords } = this.#census;
    for (const event of news) {
      switch (event.kind) {
        case "fork":
          this.#census.forked(event.parent, event.pid);
          break;
        case "exec":
          this.#census.became(
            event.pid,
            this.#world.look(event.pid, needsWords),
          );
          break;
        case "rename":
          this.#census.renamed(event.pid, event.name);
          break;
        case "exit":
          this.#census.exited(event.pid);
          break;
      }
    }
    this.#judge();
  }

  #scanLater(): void {
    if (this.#cancelScan !== undefined) return;
    const { timers } = this.#wiring;
    this.#cancelScan = timers.at(timers.nowNs() + SCAN_NS, () => {
      this.#cancelScan = undefined;
      this.#census.retake(this.#world.scan(this.#census.needsWords));
      this.#judge();
      if (this.#isScanning) this.#scanLater();
    });
  }

  /** Holds the counts against the quorums, and sets the timer for what has to last. */
  #judge(): void {
    this.#cancelChange();
    const { timers } = this.#wiring;
    const nowNs = timers.nowNs();
    let nextNs = Infinity;
    this.#watched.forEach((watched, i) => {
      const count = this.#census.counts[i] ?? 0;
      const { definition, quorum: before } = watched;
      watched.quorum = stepQuorum(before, definition, count, nowNs);
      nextNs = Math.min(nextNs, watched.quorum.changesAtNs ?? Infinity);
      if (watched.quorum.isUp === before.isUp) return;
      watched.changedAtNs = nowNs;
      this.#log(watched, count);
      this.#tell(watched, count);
    });
    if (nextNs < Infinity) {
      this.#cancelChange = timers.at(nextNs, () => this.#judge());
    }
  }

  #tell({ definition, quorum }: Watched, count: number): void {
    this.#wiring.tell(definition.name, {
      kind: "process",
      state: quorum.isUp ? "up" : "down",
      count,
    });
  }

  #log({ definition, quorum }: Watched, count: number): void {
    const { name, command } = definition;
    const state = quorum.isUp ? "up" : "down";
    this.#wiring.log({
      event: quorum.isUp ? "processUp" : "processDown",
      priority: quorum.isUp ? PRIORITY.notice : PRIORITY.warning,
      message: `process ${name} is ${state}: ${count} of ${command} ${
        count === 1 ? "runs" : "run"
      }, ${wantedText(definition)}`,
      fields: { tracker: name },
    });
  }
}

/** `wanted: at least 1`. */
function wantedText({ quorum, quorumMax }: ProcessTracker): string {
  if (quorumMax === undefined) return `wanted: at least ${quorum}`;
  if (quorumMax === 0) return "wanted: none";
  return quorum === quorumMax
    ? `wanted: ${quorum}`
    : `wanted: ${quorum} to ${quorumMax}`;
}
