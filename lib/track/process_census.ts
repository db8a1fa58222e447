/**
 * Which of the tracked processes run, kept up with from events: pure.
 *
 * Only processes that match are remembered. A child is what its parent is until it becomes something else.
 * @module
 */
import {
  matchesProcess,
  type ProcessFace,
  type ProcessPattern,
} from "./process_match.ts";

export class ProcessCensus {
  readonly #patterns: readonly ProcessPattern[];
  /** Indexes of the patterns that each matching process matches. */
  readonly #matches = new Map<number, readonly number[]>();
  readonly #counts: number[];

  constructor(patterns: readonly ProcessPattern[]) {
    this.#patterns = patterns;
    this.#counts = patterns.map(() => 0);
  }

  /** How many processes match each pattern, in the order of the patterns. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Whether a command line decides anywhere; without, names are enough. */
  get needsWords(): boolean {
    return this.#patterns.some(({ fullCommand }) => fullCommand);
  }

  /** `parent` made `pid` after its own image. */
  forked(parent: number, pid: number): void {
    this.#put(pid, this.#matches.get(parent) ?? []);
  }

  /** `pid` is this now; undefined when it is gone already. */
  became(pid: number, face: ProcessFace | undefined): void {
    this.#put(pid, face === undefined ? [] : this.#matching(face));
  }

  /** `pid` has another name, and the command line it had. */
  renamed(pid: number, name: string): void {
    const face = { name, words: [] };
    const kept =
      this.#matches.get(pid)?.filter((i) =>
        this.#patterns[i]?.fullCommand === true
      ) ?? [];
    const named = this.#matching(face).filter((i) =>
      this.#patterns[i]?.fullCommand === false
    );
    this.#put(pid, [...kept, ...named]);
  }

  exited(pid: number): void {
    this.#put(pid, []);
  }

  /** These processes run, and no others. */
  retake(processes: ReadonlyMap<number, ProcessFace>): void {
    for (const pid of [...this.#matches.keys()]) {
      if (!processes.has(pid)) this.exited(pid);
    }
    for (const [pid, face] of processes) this.became(pid, face);
  }

  #matching(face: ProcessFace): readonly number[] {
    const found: number[] = [];
    this.#patterns.forEach((pattern, i) => {
      if (matchesProcess(pattern, face)) found.push(i);
    });
    return found;
  }

  #put(pid: number, matches: readonly number[]): void {
    for (const i of this.#matches.get(pid) ?? []) this.#count(i, -1);
    for (const i of matches) this.#count(i, 1);
    if (matches.length === 0) this.#matches.delete(pid);
    else this.#matches.set(pid, matches);
  }

  #count(index: number, by: number): void {
    this.#counts[index] = (this.#counts[index] ?? 0) + by;
  }
}
