/**
 * What a reload changes, virtual router by virtual router.
 *
 * Says:    keepalived's rule: the same vrid, family, interface (and link of its own) and way of
 *          sending make the same virtual router, whatever its name.
 * @module
 */
import type { PutRouter } from "../engine/port.ts";
import type { RouterConfig } from "../vrrp/router_config.ts";

/** Who is in none of the lists is untouched. */
export interface RouterChanges {
  readonly added: readonly RouterConfig[];
  /** As they are to be, and the name of the running one each of them replaces. */
  readonly changed: readonly (PutRouter & { readonly replaces: string })[];
  readonly removed: readonly RouterConfig[];
}

/** Compares what runs with what is to run. */
export function compareRouters(
  running: readonly RouterConfig[],
  wanted: readonly RouterConfig[],
): RouterChanges {
  const before = Map.groupBy(running, identity);
  const added: RouterConfig[] = [];
  const changed: (PutRouter & { readonly replaces: string })[] = [];
  const removed = new Set(running);
  const keep = (old: RouterConfig, router: RouterConfig) => {
    removed.delete(old);
    if (old !== router && JSON.stringify(old) !== JSON.stringify(router)) {
      changed.push({ router, replaces: old.name });
    }
  };
  const rest: RouterConfig[] = [];
  // Unicast instances may look the same but for their peers: whose name has stayed goes first.
  for (const router of wanted) {
    const same = before.get(identity(router));
    const namesake = same?.find(({ name }) => name === router.name);
    if (namesake === undefined || !removed.has(namesake)) rest.push(router);
    else keep(namesake, router);
  }
  for (const router of rest) {
    const old = before.get(identity(router))?.find((one) => removed.has(one));
    if (old === undefined) added.push(router);
    else keep(old, router);
  }
  return { added, changed, removed: [...removed] };
}

function identity(router: RouterConfig): string {
  const { vrid, family, unicastPeers, sourceAddress, ownLink } = router;
  const link = `${router.interface} ${ownLink?.link.name ?? "-"}`;
  const way = unicastPeers === undefined
    ? `to ${router.multicastGroup}`
    : `from ${sourceAddress ?? "anywhere"}`;
  return `${vrid} ${family} ${link} ${way}`;
}
