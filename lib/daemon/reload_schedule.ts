/**
 * Reloads at a time that stands in a file, so that several routers change what they do together.
 *
 * Says:    keepalived's `reload_time_file`: its first line is `HH:MM:SS`, the next time that it is so late, or
 *          `YYYY-MM-DD HH:MM:SS` (two digits of the year do), in local time, with `Z` behind it in UTC. When the time has
 *          come the file is deleted, or kept with `reload_repeat`. A date that is over means nothing.
 * Units:   `…Ms` milliseconds, on the wall clock where it is a time.
 * Errors:  none are thrown: what is wrong with the file is in the log.
 * @module
 */
import { basename, dirname } from "@std/path";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import type { PathFollower, PathWatches } from "../world/path_watches.ts";

const PATTERN =
  /^(?:(\d{2}|\d{4})-(\d{1,2})-(\d{1,2})[ T])?(\d{1,2}):(\d{2}):(\d{2}) ?(Z?)$/;
/** More than a time takes. */
const BYTES_MAX = 256;
/** Whoever sets the clock, or lets the machine sleep, is noticed after at most so long. */
const NAP_MAX_MS = 60_000;
/** A file that is not told of is looked at again so often. */
const LOOK_AGAIN_MS = 60_000;

/** The next time after `nowMs` that `line` means; "past": it has a date that is over. Undefined if it is no time. */
export function nextTimeMs(
  line: string,
  nowMs: number,
): number | "past" | undefined {
  const found = PATTERN.exec(line.trim());
  if (found === null) return undefined;
  const [, year, month, day, ...clock] = found;
  const isUtc = clock[3] === "Z";
  const [hour = 0, minute = 0, second = 0] = clock.slice(0, 3).map(Number);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const at = (y: number, m: number, d: number) =>
    isUtc
      ? Date.UTC(y, m, d, hour, minute, second)
      : new Date(y, m, d, hour, minute, second).getTime();
  if (year !== undefined) {
    const [m, d] = [Number(month), Number(day)];
    if (m < 1 || m > 12 || d < 1 || d > 31) return undefined;
    const time = at(Number(year) + (year.length === 2 ? 2000 : 0), m - 1, d);
    return time > nowMs ? time : "past";
  }
  const now = new Date(nowMs);
  const [y, m, d] = isUtc
    ? [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
    : [now.getFullYear(), now.getMonth(), now.getDate()];
  const today = at(y, m, d);
  return today > nowMs ? today : at(y, m, d + 1);
}

export interface ReloadScheduleOptions {
  readonly watches: PathWatches;
  readonly log: (record: LogRecord) => void;
  /** The time has come. */
  readonly onTime: () => void;
}

/** Follows one file, or none. */
export class ReloadSchedule {
  readonly #options: ReloadScheduleOptions;
  readonly #follower: PathFollower;
  #path: string | undefined;
  #repeats = false;
  /** The line that `#dueMs` is from. */
  #line = "";
  #dueMs: number | undefined;
  #timer: number | undefined;

  constructor(options: ReloadScheduleOptions) {
    this.#options = options;
    this.#follower = options.watches.follower((events) => {
      const own = basename(this.#path ?? "");
      if (events.some(({ name }) => name === own || name === "")) this.#look();
    });
  }

  /** When the next reload is due, if one is. */
  get dueMs(): number | undefined {
    return this.#dueMs;
  }

  /** Follows `path` from now on; undefined: none. */
  follow(path: string | undefined, repeats: boolean): void {
    this.#repeats = repeats;
    if (path === this.#path) return;
    this.#path = path;
    this.#line = "";
    this.#dueMs = undefined;
    const problem = this.#follower.follow(
      path === undefined ? [] : [dirname(path)],
    );
    if (problem !== undefined) {
      this.#tell(
        PRIORITY.warning,
        `${problem}: it is looked at once a minute`,
      );
    }
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#follower.close();
    this.#path = undefined;
  }

  #look(): void {
    const line = this.#path === undefined ? "" : firstLine(this.#path);
    if (line !== this.#line) {
      this.#line = line;
      this.#plan();
    }
    this.#nap();
  }

  #plan(): void {
    const hadTime = this.#dueMs !== undefined;
    this.#dueMs = undefined;
    if (this.#line === "") {
      if (hadTime) this.#tell(PRIORITY.notice, "no reload is due any more");
      return;
    }
    const next = nextTimeMs(this.#line, Date.now());
    if (typeof next === "number") {
      this.#dueMs = next;
      const when = new Date(next).toISOString();
      this.#tell(PRIORITY.notice, `the next reload is due at ${when}`);
    } else {
      const why = next === "past" ? "is over" : "is no time";
      this.#tell(PRIORITY.warning, `\`${this.#line}\` ${why}`);
    }
  }

  /** The wall clock may be set meanwhile, so it is looked at now and then. */
  #nap(): void {
    clearTimeout(this.#timer);
    if (this.#path === undefined) return;
    const leftMs = (this.#dueMs ?? Infinity) - Date.now();
    const napMs = Math.min(Math.max(leftMs, 0), NAP_MAX_MS, LOOK_AGAIN_MS);
    this.#timer = setTimeout(() => this.#wake(), napMs);
  }

  #wake(): void {
    if (this.#dueMs === undefined || this.#dueMs > Date.now()) {
      this.#look();
      return;
    }
    this.#tell(PRIORITY.notice, "the time of the reload has come");
    this.#dueMs = undefined;
    if (this.#repeats) this.#plan();
    else this.#remove();
    this.#nap();
    this.#options.onTime();
  }

  #remove(): void {
    try {
      if (this.#path !== undefined) Deno.removeSync(this.#path);
      this.#line = "";
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#tell(PRIORITY.warning, `it cannot be deleted: ${why}`);
    }
  }

  #tell(priority: LogRecord["priority"], what: string): void {
    this.#options.log({
      event: "scheduledReload",
      priority,
      message: `reload_time_file ${this.#path ?? ""}: ${what}`,
      fields: {},
    });
  }
}

/** Empty if there is no such file. */
function firstLine(path: string): string {
  try {
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(BYTES_MAX);
    const length = file.readSync(bytes) ?? 0;
    const text = new TextDecoder().decode(bytes.subarray(0, length));
    return (text.split("\n", 1)[0] ?? "").trim();
  } catch {
    return "";
  }
}
