/**
 * Watches a tracked file and tells the number in it.
 *
 * Says:    keepalived's `track_file`: read when a writer closed it, when it was moved in or away, and when it was
 *          deleted. A file that is missing or empty is 0; a number that needs more than 32 bits changes nothing.
 *          Beyond it: the directory may be missing and appear later; links are followed to where they lead; where the
 *          kernel does not tell of changes the file is read each second.
 * Errors:  none are thrown: what goes wrong is in the log and in status.
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import type { FileTracker } from "../config/tracking_model.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import type { FileFacts } from "../status/tracker_status.ts";
import { fileValue } from "../track/file_value.ts";
import type {
  PathEvent,
  PathFollower,
  PathWatches,
} from "../world/path_watches.ts";
import type { TrackerWiring } from "./tracker_wiring.ts";

const POLL_NS = 1e9;
const MODE = 0o644;
/** More than fileValue() looks at. */
const BYTES_MAX = 256;
/** A path that changes faster than it can be looked at is looked at again when the next event comes. */
const ARM_ROUNDS_MAX = 8;

export class FileRunner {
  readonly definition: FileTracker;
  readonly #wiring: TrackerWiring;
  readonly #follower: PathFollower;
  #value = 0;
  #problem: string | undefined;
  #changedAtNs: number | undefined;
  /** The directory is there and the file is no link: only the file's own name matters. */
  #isPlain = false;
  #cancelPoll: () => void = () => undefined;
  #isPollTold = false;

  constructor(
    definition: FileTracker,
    watches: PathWatches,
    wiring: TrackerWiring,
  ) {
    this.definition = definition;
    this.#wiring = wiring;
    this.#follower = watches.follower((events) => this.#hear(events));
  }

  /** `init_file`: before {@linkcode start}, and never at a reload. */
  initialize(): void {
    const { file, initFile } = this.definition;
    if (initFile === undefined) return;
    const { value, overwrite } = initFile;
    try {
      if (statOf(file)?.isFile === false) throw new Error("it is no file");
      Deno.writeTextFileSync(file, `${value}\n`, {
        createNew: !overwrite,
        mode: MODE,
      });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return;
      this.#trouble(`cannot write ${value} to ${file}: ${textOf(error)}`);
    }
  }

  /** Reads the file and tells its number; from then on tells each change. */
  start(): void {
    this.#arm();
    this.#value = this.#read() ?? 0;
    this.#tell();
  }

  stop(): void {
    this.#cancelPoll();
    this.#follower.close();
  }

  get facts(): FileFacts {
    return {
      kind: "file",
      name: this.definition.name,
      file: this.definition.file,
      value: this.#value,
      problem: this.#problem,
      changedAtNs: this.#changedAtNs,
    };
  }

  #hear(events: readonly PathEvent[]): void {
    const own = basename(this.definition.file);
    const mattering = this.#isPlain
      ? events.filter(({ name }) => name === own || name === "")
      : events;
    if (mattering.length === 0) return;
    const wasPlain = this.#isPlain;
    this.#arm();
    // A file that was just created is read when its writer closes it; a link is complete at once.
    if (
      wasPlain && this.#isPlain &&
      mattering.every(({ isOnlyCreated }) => isOnlyCreated) &&
      statOf(this.definition.file)?.nlink === 1
    ) return;
    this.#look();
  }

  /** Watches what decides about the file as things are now. */
  #arm(): void {
    this.#cancelPoll();
    const { file } = this.definition;
    let paths: readonly string[] = [];
    let problem: string | undefined;
    // What appeared while the watch was set would be told to nobody.
    for (let i = 0; i < ARM_ROUNDS_MAX; i++) {
      const found = deciding(file);
      if (found.join("\0") === paths.join("\0")) break;
      paths = found;
      problem = this.#follower.follow(paths);
    }
    this.#isPlain = paths.length === 1 && paths[0] === dirname(file);
    if (problem === undefined) return;
    if (!this.#isPollTold) this.#trouble(`${problem}: it is read each second`);
    this.#isPollTold = true;
    const { timers } = this.#wiring;
    this.#cancelPoll = timers.at(timers.nowNs() + POLL_NS, () => {
      this.#arm();
      this.#look();
    });
  }

  /** Reads the file and tells if the number is another one. */
  #look(): void {
    const value = this.#read();
    if (value === undefined || value === this.#value) return;
    const { name, file } = this.definition;
    const before = this.#value;
    this.#value = value;
    this.#changedAtNs = this.#wiring.timers.nowNs();
    this.#log({
      event: "fileChanged",
      priority: PRIORITY.notice,
      message: `file ${name} is ${value}, it was ${before} (${file})`,
      fields: { tracker: name },
    });
    this.#tell();
  }

  /** The number in the file; undefined if that is to change nothing. */
  #read(): number | undefined {
    const { file } = this.definition;
    const before = this.#problem;
    this.#problem = undefined;
    const bytes = this.#bytes();
    const value = fileValue(bytes);
    if (value === undefined) {
      this.#problem =
        `the number in ${file} needs more than 32 bits, so ${this.#value} stays`;
    }
    if (this.#problem !== undefined && this.#problem !== before) {
      this.#trouble(this.#problem);
    }
    return value;
  }

  #bytes(): Uint8Array {
    const { file } = this.definition;
    try {
      // To open a FIFO would be to wait for its writer.
      if (statOf(file)?.isFile === false) throw new Error("it is no file");
      return readBeginning(file);
    } catch (error) {
      if (!isMissing(error)) {
        this.#problem = `${file} counts as 0: ${textOf(error)}`;
      }
      return new Uint8Array();
    }
  }

  #tell(): void {
    this.#wiring.tell(this.definition.name, {
      kind: "file",
      value: this.#value,
    });
  }

  #trouble(message: string): void {
    const { name } = this.definition;
    this.#log({
      event: "trackingTrouble",
      priority: PRIORITY.warning,
      message: `file ${name}: ${message}`,
      fields: { tracker: name },
    });
  }

  #log(record: LogRecord): void {
    this.#wiring.log(record);
  }
}

/** The directories, and behind a link the file, where something may happen that decides what `file` is. */
function deciding(file: string): readonly string[] {
  const directory = nearestDirectory(dirname(file));
  const target = linkTarget(file);
  if (target === undefined) return [directory];
  const others = [nearestDirectory(dirname(target))];
  return [
    directory,
    ...others,
    ...(statOf(target)?.isFile === true ? [target] : []),
  ];
}

/** Where the link `file` leads to, whether or not it arrives; undefined if it is none. */
function linkTarget(file: string): string | undefined {
  try {
    if (!Deno.lstatSync(file).isSymlink) return undefined;
    return realPath(file) ?? resolve(dirname(file), Deno.readLinkSync(file));
  } catch {
    return undefined;
  }
}

function readBeginning(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(BYTES_MAX);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

/** `directory`, or the first one above it that is there. */
function nearestDirectory(directory: string): string {
  if (statOf(directory)?.isDirectory === true) return directory;
  const above = dirname(directory);
  return above === directory ? directory : nearestDirectory(above);
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** Where links lead to in the end; undefined if that is nowhere. */
function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
