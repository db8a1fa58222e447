/**
 * An nftables table of the daemon's own: made anew as a whole, remembered beyond a kill, removed in the end, and looked
 * at as soon as somebody changes it.
 *
 * Errors:  what goes wrong is told once, until something went well again; libnftables is loaded with the first order.
 * @module
 */
import { removalCommands, withoutCounters } from "../vrrp/nftables_table.ts";
import type { Firewall, TableMark } from "../world/firewall.ts";
import type { TableNews } from "../world/table_news.ts";
import type { TableFamily, TableTitle } from "../wire/nftables_event.ts";
import { Lookout } from "./lookout.ts";
import type { Timers } from "./timers.ts";

export interface OwnTableOptions {
  readonly open: () => Firewall;
  readonly mark: TableMark;
  /** Calls back when what happened at the same time has been told. */
  readonly later: (act: () => void) => void;
  readonly timers: Timers;
  /** What anybody does to tables. */
  readonly news: TableNews;
}

/** What a table is to its keeper. */
export interface TableKeeping {
  readonly family: TableFamily;
  /** Told what nftables says. */
  readonly troubled: (why: string) => void;
  /** Puts back what somebody else has changed; whether there was something. */
  readonly repair: () => boolean;
}

export class OwnTable {
  readonly #options: OwnTableOptions;
  readonly #keeping: TableKeeping;
  readonly #lookout: Lookout;
  #firewall: Firewall | undefined;
  #isTroubleTold = false;
  #isDue = false;
  /** The table as it was made, and as the kernel showed it then. */
  #made: { readonly title: TableTitle; readonly listing: string } | undefined;
  #following:
    | { readonly title: TableTitle; readonly end: () => void }
    | undefined;

  constructor(options: OwnTableOptions, keeping: TableKeeping) {
    this.#options = options;
    this.#keeping = keeping;
    this.#lookout = new Lookout(options.timers, keeping.repair);
  }

  /** Name of the table that this daemon or a killed predecessor made. */
  get left(): string | undefined {
    return this.#options.mark.read();
  }

  /** Carries out the commands that make the table `name`; false if that failed. */
  make(name: string, commands: string): boolean {
    const title = this.#titleOf(name);
    // Before it is made, so that nobody's change is missed.
    this.#follow(title);
    this.#made = undefined;
    return this.#attempt(() => {
      this.#options.mark.write(name);
      this.#run(commands);
      this.#isTroubleTold = false;
      this.#made = { title, listing: this.#listed(title) };
    });
  }

  /** Removes the table `name`; false if that failed. */
  remove(name: string): boolean {
    this.#unfollow();
    this.#made = undefined;
    return this.#attempt(() => {
      this.#run(removalCommands(this.#titleOf(name)));
      this.#options.mark.write(undefined);
    });
  }

  /** Whether the table is not as it was made, though it was made. */
  get isChanged(): boolean {
    const made = this.#made;
    return made !== undefined && this.#listed(made.title) !== made.listing;
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
    this.#unfollow();
    this.#firewall?.close();
    this.#firewall = undefined;
  }

  #titleOf(name: string): TableTitle {
    return `${this.#keeping.family} ${name}`;
  }

  #follow(title: TableTitle): void {
    if (this.#following?.title === title) return;
    this.#unfollow();
    const end = this.#options.news.follow(title, () => this.#lookout.wake());
    this.#following = { title, end };
  }

  #unfollow(): void {
    this.#following?.end();
    this.#following = undefined;
    this.#lookout.sleep();
  }

  /** Returns what the commands print; throws what nftables says of them. */
  #run(commands: string): string {
    this.#firewall ??= this.#options.open();
    return this.#firewall.run(commands);
  }

  /** What the kernel shows, without what changes by itself. */
  #listed(title: TableTitle): string {
    try {
      return withoutCounters(this.#run(`list table ${title}`));
    } catch {
      // A table that cannot be shown is not as it was left.
      return "";
    }
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (this.#isTroubleTold) return false;
      this.#isTroubleTold = true;
      this.#keeping.troubled(
        error instanceof Error ? error.message : String(error),
      );
      return false;
    }
  }
}
