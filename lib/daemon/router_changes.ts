/**
 * What a reload changes, instance by instance.
 * @module
 */
import type { RouterConfig } from "../vrrp/router_config.ts";

/** Instances are the same by their name; who is in none of the lists is untouched. */
export interface RouterChanges {
  readonly added: readonly RouterConfig[];
  /** As they are to be. */
  readonly changed: readonly RouterConfig[];
  readonly removed: readonly RouterConfig[];
}

/** Compares what runs with what is to run. */
export function compareRouters(
  running: readonly RouterConfig[],
  wanted: readonly RouterConfig[],
): RouterChanges {
  const before = new Map(running.map((router) => [router.name, router]));
  const after = new Set(wanted.map(({ name }) => name));
  const added: RouterConfig[] = [];
  const changed: RouterConfig[] = [];
  for (const router of wanted) {
    const old = before.get(router.name);
    if (old === undefined) added.push(router);
    else if (JSON.stringify(old) !== JSON.stringify(router)) {
      changed.push(router);
    }
  }
  const removed = running.filter(({ name }) => !after.has(name));
  return { added, changed, removed };
}
