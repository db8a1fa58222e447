/**
 * Settings under /proc/sys/net: those of our own links, and those of the host that are only borrowed.
 *
 * What is borrowed stands in a file beside, so that whoever starts after a daemon that was killed can set it back.
 *
 * Errors:  none: a setting that is not there, or not ours to write, stays as it is; without the file nothing outlives
 *          a killed daemon.
 * @module
 */
const ROOT = "/proc/sys/net";

interface Borrowed {
  /** What it was. */
  readonly before: string;
  /** What we made of it: if it is something else by now, it is somebody else's. */
  readonly ours: string;
}

export class HostSettings {
  readonly #file: string | undefined;
  /** In the order in which they were borrowed. */
  readonly #borrowed = new Map<string, Borrowed>();

  /** Sets back what a killed predecessor left in `file`. Without one nothing is written down. */
  constructor(file?: string) {
    this.#file = file;
    for (const [path, borrowed] of readRecord(file)) {
      this.#borrowed.set(path, borrowed);
    }
    this.restore();
  }

  /** Sets something of a link that is ours: it goes with the link. */
  own(path: string, value: string): void {
    write(path, value);
  }

  /** Sets something of the host until {@linkcode HostSettings.restore}. */
  borrow(path: string, value: string): void {
    const before = read(path);
    if (before === undefined || before === value) return;
    this.#borrowed.set(path, {
      before: this.#borrowed.get(path)?.before ?? before,
      ours: value,
    });
    // First, so that it can be set back whatever happens next.
    this.#record();
    write(path, value);
  }

  /** Sets one borrowed setting back. */
  giveBack(path: string): void {
    this.#setBack(path);
    this.#record();
  }

  /**
   * The kernel takes the larger of `all` and the link's own value: a strict `all` becomes the value of every link, so
   * that our own may have 0.
   */
  loosenReversePathFilter(): void {
    const all = read("ipv4/conf/all/rp_filter");
    if (all === undefined || all === "0") return;
    for (const { name } of Deno.readDirSync(`${ROOT}/ipv4/conf`)) {
      const path = `ipv4/conf/${name}/rp_filter`;
      if (name !== "all" && Number(read(path) ?? all) < Number(all)) {
        this.borrow(path, all);
      }
    }
    this.borrow("ipv4/conf/all/rp_filter", "0");
  }

  /** Sets everything borrowed back, what was borrowed last first. */
  restore(): void {
    if (this.#borrowed.size === 0) return;
    for (const path of [...this.#borrowed.keys()].toReversed()) {
      this.#setBack(path);
    }
    this.#record();
  }

  #setBack(path: string): void {
    const borrowed = this.#borrowed.get(path);
    this.#borrowed.delete(path);
    if (borrowed === undefined || read(path) !== borrowed.ours) return;
    write(path, borrowed.before);
  }

  #record(): void {
    const file = this.#file;
    if (file === undefined) return;
    try {
      if (this.#borrowed.size === 0) {
        Deno.removeSync(file);
        return;
      }
      const lines = [...this.#borrowed].map(([path, { before, ours }]) =>
        `${path} ${before} ${ours}\n`
      );
      Deno.writeTextFileSync(`${file}.new`, lines.join(""), { mode: 0o644 });
      Deno.renameSync(`${file}.new`, file);
    } catch {
      // A runtime directory that cannot be written was told at the start; the settings work without.
    }
  }
}

/** What a file says; lines that nobody of ours can have written are nothing. */
function readRecord(file: string | undefined): readonly [string, Borrowed][] {
  if (file === undefined) return [];
  let text = "";
  try {
    text = Deno.readTextFileSync(file);
  } catch {
    // It is there only after a daemon that was killed.
    return [];
  }
  return text.split("\n").flatMap((line): [string, Borrowed][] => {
    const found = /^(ipv[46]\/\S+) (\d+) (\d+)$/.exec(line);
    const [, path, before, ours] = found ?? [];
    const isOurs = path !== undefined && before !== undefined &&
      ours !== undefined && !path.split("/").includes("..");
    return isOurs ? [[path, { before, ours }]] : [];
  });
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(`${ROOT}/${path}`).trim();
  } catch {
    return undefined;
  }
}

function write(path: string, value: string): void {
  try {
    Deno.writeTextFileSync(`${ROOT}/${path}`, value, { create: false });
  } catch {
    // Without the setting some neighbours may learn the wrong hardware address; without the link nobody would learn any.
  }
}
