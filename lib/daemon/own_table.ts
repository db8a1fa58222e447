/**
 * An nftables table of the daemon's own: made anew as a whole, remembered beyond a kill, removed in the end.
 *
 * Errors:  what goes wrong is told once, until something went well again; libnftables is loaded with the first order.
 * @module
 */
import type { Firewall, TableMark } from "../world/firewall.ts";

export interface OwnTableOptions {
  readonly open: () => Firewall;
  readonly mark: TableMark;
  /** Calls back when what happened at the same time has been told. */
  readonly later: (act: () => void) => void;
}

export class OwnTable {
  readonly #options: OwnTableOptions;
  readonly #troubled: (why: string) => void;
  #firewall: Firewall | undefined;
  #isTroubleTold = false;
  #isDue = false;

  /** `troubled` is told what nftables says. */
  constructor(options: OwnTableOptions, troubled: (why: string) => void) {
    this.#options = options;
    this.#troubled = troubled;
  }

  /** Name of the table that this daemon or a killed predecessor made. */
  get left(): string | undefined {
    return this.#options.mark.read();
  }

  /** Carries out the commands that make the table `name`; false if that failed. */
  make(name: string, commands: string): boolean {
    return this.#attempt(() => {
      this.#options.mark.write(name);
      this.run(commands);
      this.#isTroubleTold = false;
    });
  }

  /** Carries out the commands that remove it; false if that failed. */
  remove(commands: string): boolean {
    return this.#attempt(() => {
      this.run(commands);
      this.#options.mark.write(undefined);
    });
  }

  /** Returns what the commands print; throws what nftables says of them. */
  run(commands: string): string {
    this.#firewall ??= this.#options.open();
    return this.#firewall.run(commands);
  }

  /** Calls back once, however often it is asked for meanwhile: many instances change state together. */
  soon(act: () => void): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#options.later(() => {
      this.#isDue = false;
      act();
    });
  }

  close(): void {
    this.#firewall?.close();
    this.#firewall = undefined;
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (this.#isTroubleTold) return false;
      this.#isTroubleTold = true;
      this.#troubled(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
