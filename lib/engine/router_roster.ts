/**
 * The routers the engine runs, and how to find them: by name, by row of the timer table, by interface.
 *
 * A row outlives its router's configuration: who is reconfigured keeps it, and with it the timers.
 * @module
 */
import type { IpAddress } from "../addr/ip_address.ts";
import { trackedInterfaces } from "../vrrp/gate.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";
import { linksOfMember, type SyncGroupConfig } from "../vrrp/sync_group.ts";
import { virtualLinksOf } from "../vrrp/virtual_link.ts";
import { interfacesOfPolicy } from "../vrrp/virtual_route.ts";
import { RouterRuntime } from "./router_runtime.ts";
import { SyncGroup } from "./sync_group.ts";
import { trackerKey } from "./tracker_table.ts";

const NOBODY: readonly RouterRuntime[] = [];

export class RouterRoster {
  /** In the order of their rows. */
  #rows: (RouterRuntime | undefined)[] = [];
  #routers: readonly RouterRuntime[] = [];
  #byInterface = new Map<string, RouterRuntime[]>();
  #virtual = new Set<IpAddress>();
  #withPolicies: readonly RouterRuntime[] = NOBODY;
  #bySource = new Map<IpAddress, RouterRuntime[]>();

  #withVirtualLinks: readonly RouterRuntime[] = NOBODY;
  #withPromotion: readonly RouterRuntime[] = NOBODY;
  #byTracker = new Map<string, RouterRuntime[]>();
  #groups: readonly SyncGroup[] = [];

  constructor(
    configs: readonly RouterConfig[],
    groups: readonly SyncGroupConfig[] = [],
  ) {
    this.#rows = configs.map((config, row) => new RouterRuntime(config, row));
    this.#list(groups);
  }

  [Symbol.iterator](): Iterator<RouterRuntime> {
    return this.#routers[Symbol.iterator]();
  }

  get all(): readonly RouterRuntime[] {
    return this.#routers;
  }

  /** Rows that were ever in use. */
  get rows(): number {
    return this.#rows.length;
  }

  atRow(row: number): RouterRuntime | undefined {
    return this.#rows[row];
  }

  get groups(): readonly SyncGroup[] {
    return this.#groups;
  }

  /** Those that follow a script, file or process, by its `trackerKey`. */
  following(key: string): readonly RouterRuntime[] {
    return this.#byTracker.get(key) ?? NOBODY;
  }

  named(name: string): RouterRuntime | undefined {
    return this.#routers.find(({ config }) => config.name === name);
  }

  /** Those whom a change of the interface concerns. */
  on(interfaceName: string): readonly RouterRuntime[] {
    return this.#byInterface.get(interfaceName) ?? NOBODY;
  }

  /** Whether some router holds `address` or may hold it: it is nobody's source. */
  isVirtual(address: IpAddress): boolean {
    return this.#virtual.has(address);
  }

  /** Those that have routes or rules. */
  get withPolicies(): readonly RouterRuntime[] {
    return this.#withPolicies;
  }

  /** Those that make links for themselves. */
  get withVirtualLinks(): readonly RouterRuntime[] {
    return this.#withVirtualLinks;
  }

  /** Those with `promote_secondaries`. */
  get withPromotion(): readonly RouterRuntime[] {
    return this.#withPromotion;
  }

  /** Those that are to send from `address`. */
  withSource(address: IpAddress): readonly RouterRuntime[] {
    return this.#bySource.get(address) ?? NOBODY;
  }

  /**
   * Lets `removed` go and takes `added` in; `exchanged` routers take the rows of those they replace; the groups are
   * `groups` from now on. Returns the new routers, those of `added` first.
   */
  change(
    removed: readonly RouterRuntime[],
    added: readonly RouterConfig[],
    exchanged: ReadonlyMap<RouterRuntime, RouterConfig>,
    groups: readonly SyncGroupConfig[],
  ): readonly RouterRuntime[] {
    for (const { row } of removed) this.#rows[row] = undefined;
    const fresh = added.map((config) => {
      const free = this.#rows.indexOf(undefined);
      const row = free < 0 ? this.#rows.length : free;
      return this.#rows[row] = new RouterRuntime(config, row);
    });
    for (const [{ row }, config] of exchanged) {
      fresh.push(this.#rows[row] = new RouterRuntime(config, row));
    }
    this.#list(groups);
    return fresh;
  }

  #list(groups: readonly SyncGroupConfig[]): void {
    this.#routers = this.#rows.filter((router) => router !== undefined);
    this.#group(groups);
    this.#byTracker = new Map();
    this.#byInterface = new Map();
    this.#virtual = new Set();
    this.#bySource = new Map();
    this.#withPolicies = this.#routers.filter(({ config }) =>
      config.policies.length > 0
    );
    this.#withVirtualLinks = this.#routers.filter(({ config }) =>
      virtualLinksOf(config).length > 0
    );
    this.#withPromotion = this.#routers.filter(({ config }) =>
      config.promotesSecondaries
    );
    for (const router of this.#routers) {
      const { config, addresses } = router;
      const names = new Set([
        config.interface,
        ...trackedInterfaces(config),
        ...addresses.map((address) => address.interface),
        ...config.policies.flatMap(interfacesOfPolicy),
      ]);
      for (const { kind, tracker } of router.links) {
        if (kind === "interface") names.add(tracker);
        else list(this.#byTracker, trackerKey(kind, tracker), router);
      }
      for (const name of names) list(this.#byInterface, name, router);
      for (const { address } of addresses) this.#virtual.add(address);
      const { sourceAddress } = config;
      if (sourceAddress !== undefined) {
        list(this.#bySource, sourceAddress, router);
      }
    }
  }

  /** Groups and their members find each other; a group tells its state anew only when that changes. */
  #group(configs: readonly SyncGroupConfig[]): void {
    const byName = new Map(
      this.#routers.map((router) => [router.config.name, router]),
    );
    for (const router of this.#routers) {
      router.group = undefined;
      router.links = router.config.links;
    }
    const before = this.#groups;
    this.#groups = configs.map((config) => {
      const members = config.members.map((name) => byName.get(name))
        .filter((router) => router !== undefined);
      const group = new SyncGroup(config, members);
      group.told = before.find((old) => old.config.name === config.name)?.told;
      for (const router of members) {
        router.group = group;
        router.links = linksOfMember(router.config.links, config.links);
      }
      return group;
    });
  }
}

function list<K>(
  lists: Map<K, RouterRuntime[]>,
  key: K,
  router: RouterRuntime,
): void {
  const routers = lists.get(key);
  if (routers === undefined) lists.set(key, [router]);
  else routers.push(router);
}
