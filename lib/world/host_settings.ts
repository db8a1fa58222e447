/**
 * Settings under /proc/sys/net: those of our own links, and those of the host that are only borrowed.
 *
 * Errors:  none: a setting that is not there, or not ours to write, stays as it is.
 * @module
 */
const ROOT = "/proc/sys/net";

export class HostSettings {
  /** What borrowed settings were before. */
  readonly #before = new Map<string, string>();

  /** Sets something of a link that is ours: it goes with the link. */
  own(path: string, value: string): void {
    write(path, value);
  }

  /** Sets something of the host until {@linkcode HostSettings.restore}. */
  borrow(path: string, value: string): void {
    const before = read(path);
    if (before === undefined || before === value) return;
    if (!this.#before.has(path)) this.#before.set(path, before);
    write(path, value);
  }

  /** Sets one borrowed setting back. */
  giveBack(path: string): void {
    const before = this.#before.get(path);
    if (before !== undefined) write(path, before);
    this.#before.delete(path);
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
    for (const [path, value] of [...this.#before].toReversed()) {
      write(path, value);
    }
    this.#before.clear();
  }
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
