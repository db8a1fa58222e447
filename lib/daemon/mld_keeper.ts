/**
 * Keeps the MLD reports of virtual links away from the virtual MAC address: their parents send them.
 *
 * The table is made anew as a whole when the links or the indexes of their parents change, or somebody else changed it;
 * it goes when the daemon stops.
 *
 * Errors:  without libnftables, or where the kernel refuses, reports leave with the virtual MAC address, and the log
 *          says so once.
 * @module
 */
import { mldCommands, type SpokenFor } from "../vrrp/mld_filter.ts";
import type { FilterOptions } from "../vrrp/accept_filter.ts";
import { PRIORITY } from "../log/log_record.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { virtualLinksOf } from "../vrrp/virtual_link.ts";
import type { EngineNotice } from "../engine/port.ts";
import type { AcceptKeeperOptions } from "./accept_keeper.ts";
import { OwnTable } from "./own_table.ts";

export interface MldKeeperOptions extends AcceptKeeperOptions {
  /** Indexes of the links of this network namespace, by name. */
  readonly indexes: () => ReadonlyMap<string, number>;
}

export class MldKeeper {
  readonly #options: MldKeeperOptions;
  readonly #table: OwnTable;
  /** Names of virtual links, and of their parents. */
  #parents: ReadonlyMap<string, string> = new Map();
  #filter: FilterOptions | undefined;
  /** Commands that were tried last. */
  #done: string | undefined;

  constructor(options: MldKeeperOptions) {
    this.#options = options;
    this.#table = new OwnTable(options, {
      family: "ip6",
      troubled: (why) =>
        this.#warn(
          `MLD reports of virtual links leave with the virtual MAC address, on backups too: ${why}; is the package libnftables1 installed, and does the kernel have nft_dup_ipv6?`,
        ),
      repair: () => this.check(),
    });
  }

  /** These routers run from now on. What a killed predecessor left goes. */
  replan(routers: readonly RouterConfig[], filter: FilterOptions): void {
    this.#parents = new Map(
      (filter.isOff ? [] : routers).flatMap(virtualLinksOf)
        .filter((link) => link.kind === "macvlan" && link.hasIpv6)
        .map(({ name, parent }) => [name, parent]),
    );
    const { left } = this.#table;
    if (
      left !== undefined && (left !== filter.table || this.#parents.size === 0)
    ) this.#remove(left);
    this.#filter = filter;
    this.check();
  }

  /** A change of state may come of a link's. */
  hear(notice: EngineNotice): void {
    if (notice.kind !== "transition" || this.#parents.size === 0) return;
    this.#table.soon(() => this.check());
  }

  /**
   * Follows parents that came, went or came back as another link, and puts back what somebody else has changed; whether
   * there was something.
   */
  check(): boolean {
    const filter = this.#filter;
    if (filter === undefined || this.#parents.size === 0) return false;
    const { table, priority } = filter;
    const commands = mldCommands(table, priority, this.#links());
    if (commands !== this.#done) {
      this.#done = commands;
      this.#table.make(table, commands);
      return false;
    }
    if (!this.#table.isChanged) return false;
    if (this.#table.make(table, commands)) {
      this.#warn(
        `somebody changed the nftables table ip6 ${table}; it is as it should be again`,
      );
    }
    return true;
  }

  /** The daemon stops. */
  close(): void {
    this.#filter = undefined;
    const { left } = this.#table;
    if (left !== undefined) this.#remove(left);
    this.#table.close();
  }

  /** Virtual links whose parents are there. */
  #links(): readonly SpokenFor[] {
    const indexes = this.#options.indexes();
    return [...this.#parents].flatMap(([link, parent]) => {
      const parentIndex = indexes.get(parent);
      return parentIndex === undefined ? [] : [{ link, parentIndex }];
    });
  }

  #warn(message: string): void {
    this.#options.log({
      event: "mldReports",
      priority: PRIORITY.warning,
      message,
      fields: {},
    });
  }

  #remove(table: string): void {
    this.#done = undefined;
    this.#table.remove(table);
  }
}
