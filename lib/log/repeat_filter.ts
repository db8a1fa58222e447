/**
 * Counts identical messages instead of repeating them.
 *
 * The first of its kind passes at once. Identical ones are then held back and come out as one record with their
 * number when the window ends; windows grow while they keep coming, so a misconfigured neighbour costs a line an
 * hour and not a line a second. A window without any ends the matter: the next one passes at once again.
 *
 * Units:   milliseconds of any clock that does not jump.
 * Cost:    at most {@linkcode KINDS_MAX} messages are remembered; the one held longest leaves first.
 * @module
 */
import { LOG_EVENTS } from "./log_event.ts";
import type { LogRecord } from "./log_record.ts";

/**
 * Windows one after another; the last one repeats. The first is twice the engine's own reporting period, so that
 * what the engine sums up each minute is seen as going on.
 */
export const WINDOWS_MS: readonly number[] = [120_000, 600_000, 3_600_000];

/** How many different messages are remembered at a time. */
export const KINDS_MAX = 512;

interface Kind {
  readonly record: LogRecord;
  windowEndsAtMs: number;
  /** Index into WINDOWS_MS. */
  window: number;
  /** Occurrences held back in this window. */
  held: number;
}

export class RepeatFilter {
  /** In the order in which they were first seen. */
  readonly #kinds = new Map<string, Kind>();

  /** Takes a record and returns what is to be written now. */
  offer(record: LogRecord, nowMs: number): LogRecord[] {
    const ended = this.expire(nowMs);
    if (LOG_EVENTS[record.event].repeats === "always") {
      return [...ended, record];
    }
    const key = keyOf(record);
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.held += record.occurrences ?? 1;
      return ended;
    }
    const evicted = this.#kinds.size < KINDS_MAX ? [] : this.#evictOldest();
    this.#kinds.set(key, {
      record,
      windowEndsAtMs: nowMs + windowMs(0),
      window: 0,
      held: 0,
    });
    return [...ended, ...evicted, record];
  }

  /** Ends the windows that are over and returns their sums. */
  expire(nowMs: number): LogRecord[] {
    const sums: LogRecord[] = [];
    for (const [key, kind] of this.#kinds) {
      if (kind.windowEndsAtMs > nowMs) continue;
      if (kind.held === 0) {
        this.#kinds.delete(key);
        continue;
      }
      sums.push(sumOf(kind));
      kind.held = 0;
      kind.window = Math.min(kind.window + 1, WINDOWS_MS.length - 1);
      kind.windowEndsAtMs = nowMs + windowMs(kind.window);
    }
    return sums;
  }

  /** Forgets everything and returns the sums that were still held back. */
  drain(): LogRecord[] {
    const sums = [...this.#kinds.values()].filter((kind) => kind.held > 0).map(
      sumOf,
    );
    this.#kinds.clear();
    return sums;
  }

  /** When the next window with something in it ends; undefined when nothing is held back. */
  get nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const kind of this.#kinds.values()) {
      if (kind.held > 0 && (next === undefined || kind.windowEndsAtMs < next)) {
        next = kind.windowEndsAtMs;
      }
    }
    return next;
  }

  #evictOldest(): LogRecord[] {
    for (const [key, kind] of this.#kinds) {
      this.#kinds.delete(key);
      return kind.held > 0 ? [sumOf(kind)] : [];
    }
    return [];
  }
}

function keyOf(record: LogRecord): string {
  return `${record.event}\0${record.fields.instance ?? ""}\0${record.message}`;
}

function sumOf(kind: Kind): LogRecord {
  return {
    ...kind.record,
    occurrences: kind.held,
    within: windowText(kind.window),
  };
}

function windowMs(window: number): number {
  return WINDOWS_MS[window] ?? 0;
}

function windowText(window: number): string {
  const minutes = windowMs(window) / 60_000;
  return minutes === 60 ? "hour" : `${minutes} minutes`;
}
