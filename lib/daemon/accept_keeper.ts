/**
 * Keeps the accept mode of instances: packets to the virtual addresses of those that do not accept them are dropped.
 *
 * An instance's addresses are filtered as long as it takes part, so that there is no moment in which it holds an
 * address and answers. The table is made anew as a whole in one transaction, whenever it is to change or was changed
 * by somebody else; it goes when the daemon stops.
 *
 * Errors:  without libnftables, or where the kernel refuses, the addresses accept packets, and the log says so once.
 * @module
 */
import {
  filterCommands,
  type FilteredAddress,
  type FilterOptions,
} from "../vrrp/accept_filter.ts";
import { type LogRecord, PRIORITY, type Priority } from "../log/log_record.ts";
import type { EngineNotice } from "../engine/port.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import type { RouterStateName } from "../vrrp/router_io.ts";
import { OwnTable, type OwnTableOptions } from "./own_table.ts";

export interface AcceptKeeperOptions extends OwnTableOptions {
  readonly log: (record: LogRecord) => void;
}

export class AcceptKeeper {
  readonly #options: AcceptKeeperOptions;
  readonly #table: OwnTable;
  #routers: readonly RouterConfig[] = [];
  #filter: FilterOptions | undefined;
  readonly #running = new Set<string>();
  /** Commands that were carried out last. */
  #done: string | undefined;

  constructor(options: AcceptKeeperOptions) {
    this.#options = options;
    this.#table = new OwnTable(options, {
      family: "inet",
      troubled: (why) =>
        this.#log(
          PRIORITY.error,
          `packets to virtual addresses are accepted though \`no_accept\` or strict mode forbid it: ${why}; is the package libnftables1 installed, and does the kernel have nf_tables?`,
        ),
      repair: () => this.check(),
    });
  }

  /** These routers run from now on. What a killed predecessor left goes. */
  replan(routers: readonly RouterConfig[], filter: FilterOptions): void {
    const { left } = this.#table;
    this.#routers = filter.isOff ? [] : routers;
    if (left !== undefined && (left !== filter.table || !this.#isNeeded())) {
      this.#remove(left);
    }
    this.#filter = filter;
    this.#apply();
  }

  hear(notice: EngineNotice): void {
    if (notice.kind !== "transition") return;
    const { router, to } = notice.transition;
    if (takesPart(to)) this.#running.add(router);
    else this.#running.delete(router);
    if (this.#filter === undefined || !this.#isNeeded()) return;
    this.#table.soon(() => this.#apply());
  }

  /** Puts back what somebody else has changed; whether there was something. What failed is tried again. */
  check(): boolean {
    const { table } = this.#filter ?? {};
    if (table === undefined) return false;
    const isChanged = this.#table.isChanged;
    if (isChanged) this.#done = undefined;
    this.#apply();
    if (!isChanged) return false;
    if (this.#done !== undefined) {
      this.#log(
        PRIORITY.warning,
        `somebody changed the nftables table inet ${table}; it is as it should be again`,
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

  #isNeeded(): boolean {
    return this.#routers.some(({ acceptsPackets }) => !acceptsPackets);
  }

  #apply(): void {
    const filter = this.#filter;
    if (filter === undefined || !this.#isNeeded()) return;
    const commands = filterCommands(filter, this.#filtered());
    if (commands === this.#done) return;
    const isMade = this.#table.make(filter.table, commands);
    this.#done = isMade ? commands : undefined;
  }

  #filtered(): readonly FilteredAddress[] {
    return this.#routers
      .filter(({ acceptsPackets, name }) =>
        !acceptsPackets && this.#running.has(name)
      )
      .flatMap((router) => [
        ...router.virtualAddresses,
        ...router.excludedAddresses,
      ]);
  }

  #remove(table: string): void {
    if (this.#table.remove(table)) this.#done = undefined;
  }

  #log(priority: Priority, message: string): void {
    this.#options.log({ event: "acceptMode", priority, message, fields: {} });
  }
}

/** A BACKUP may be MASTER before we hear of it. */
function takesPart(state: RouterStateName): boolean {
  return state === "BACKUP" || state === "MASTER";
}
