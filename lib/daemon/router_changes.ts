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
  const before = new Map(running.map((router) => [identity(router), router]));
  const added: RouterConfig[] = [];
  const changed: (PutRouter & { readonly replaces: string })[] = [];
  const removed = new Set(running);
  for (const router of wanted) {
    const old = before.get(identity(router));
    // Unicast instances may look the same; each running one goes on as one of them only.
    if (old === undefined || !removed.has(old)) {
      added.push(router);
      continue;
    }
    removed.delete(old);
    if (old !== router && JSON.stringify(old) !== JSON.stringify(router)) {
      changed.push({ router, replaces: old.name });
    }
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
