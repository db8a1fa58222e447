/**
 * Keeps the MLD reports of virtual links away from the virtual MAC address: their parents send them.
 *
 * The table is made anew as a whole when the links or the indexes of their parents change; it goes when the daemon
 * stops.
 *
 * Errors:  without libnftables, or where the kernel refuses, reports leave with the virtual MAC address, and the log
 *          says so once.
 * @module
 */
import { mldCommands, mldRemovalCommands } from "../vrrp/mld_filter.ts";
import type { FilterOptions } from "../vrrp/accept_filter.ts";
import { PRIORITY } from "../log/log_record.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { virtualLinksOf } from "../vrrp/virtual_link.ts";
import type { Firewall } from "../world/firewall.ts";
import type { AcceptKeeperOptions } from "./accept_keeper.ts";

export interface MldKeeperOptions extends AcceptKeeperOptions {
  /** Index of a link of this network namespace; undefined if there is none of that name. */
  readonly indexOf: (link: string) => number | undefined;
}

export class MldKeeper {
  readonly #options: MldKeeperOptions;
  #firewall: Firewall | undefined;
  /** Names of virtual links, and of their parents. */
  #parents: ReadonlyMap<string, string> = new Map();
  #filter: FilterOptions | undefined;
  /** Commands that were tried last. */
  #done: string | undefined;
  #isTroubleTold = false;

  constructor(options: MldKeeperOptions) {
    this.#options = options;
  }

  /** These routers run from now on. What a killed predecessor left goes. */
  replan(routers: readonly RouterConfig[], filter: FilterOptions): void {
    this.#parents = new Map(
      routers.flatMap(virtualLinksOf)
        .filter((link) => link.kind === "macvlan" && link.hasIpv6)
        .map(({ name, parent }) => [name, parent]),
    );
    const left = this.#options.mark.read();
    if (
      left !== undefined && (left !== filter.table || this.#parents.size === 0)
    ) this.#remove(left);
    this.#filter = filter;
    this.check();
  }

  /** Follows parents that came, went or came back as another link. */
  check(): void {
    const filter = this.#filter;
    if (filter === undefined || this.#parents.size === 0) return;
    const links = [...this.#parents].flatMap(([link, parent]) => {
      const parentIndex = this.#options.indexOf(parent);
      return parentIndex === undefined ? [] : [{ link, parentIndex }];
    });
    const commands = mldCommands(filter.table, filter.priority, links);
    if (commands === this.#done) return;
    this.#done = commands;
    this.#attempt(() => {
      this.#options.mark.write(filter.table);
      this.#opened().run(commands);
      this.#isTroubleTold = false;
    });
  }

  /** The daemon stops. */
  close(): void {
    this.#filter = undefined;
    const left = this.#options.mark.read();
    if (left !== undefined) this.#remove(left);
    this.#firewall?.close();
    this.#firewall = undefined;
  }

  #remove(table: string): void {
    this.#done = undefined;
    this.#attempt(() => {
      this.#opened().run(mldRemovalCommands(table));
      this.#options.mark.write(undefined);
    });
  }

  #opened(): Firewall {
    return this.#firewall ??= this.#options.open();
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (this.#isTroubleTold) return;
      this.#isTroubleTold = true;
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log({
        event: "mldReports",
        priority: PRIORITY.warning,
        message:
          `MLD reports of virtual links leave with the virtual MAC address, on backups too: ${why}; is the package libnftables1 installed, and does the kernel have nft_dup_ipv6?`,
        fields: {},
      });
    }
  }
}
