/**
 * Names of nftables tables that are this daemon's alone: another one in the same network namespace, whose configuration
 * has the same name or none, makes its tables under another.
 * @module
 */
import type { FilterOptions } from "../vrrp/accept_filter.ts";

/** Whoever has this many daemons in one network namespace has named their tables. */
const DAEMONS_MAX = 16;

/** What keeps names from other daemons. */
export interface TableClaims {
  /** undefined: it is ours. */
  claim(name: string): unknown;
  close(): void;
}

export class TableNames {
  readonly #claims: TableClaims;
  /** By the name that a configuration has. */
  readonly #ours = new Map<string, string>();

  constructor(claims: TableClaims) {
    this.#claims = claims;
  }

  /** `filter` with a table of ours: the one it names, or that name with `_2`, `_3` and so on behind it. */
  own(filter: FilterOptions): FilterOptions {
    const { table } = filter;
    const known = this.#ours.get(table);
    const name = known ?? this.#firstFree(table);
    this.#ours.set(table, name);
    return name === table ? filter : { ...filter, table: name };
  }

  /** The daemon ends. */
  close(): void {
    this.#claims.close();
  }

  #firstFree(table: string): string {
    for (let i = 1; i <= DAEMONS_MAX; i++) {
      const name = i === 1 ? table : `${table}_${i}`;
      if (this.#claims.claim(name) === undefined) return name;
    }
    return table;
  }
}
