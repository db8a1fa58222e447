/**
 * keepalived's keywords that have no TOML key yet: who writes one is told so, instead of being called wrong.
 *
 * A keyword leaves this list when the model learns it.
 * @module
 */

/** At the top of the file. */
export const LATER_TABLES: ReadonlySet<string> = new Set([
  "net_namespace_ipvs",
]);

/** In `[global_defs]`. */
export const LATER_GLOBAL_KEYS: ReadonlySet<string> = new Set([
  "include_check",
]);

/** In `[vrrp_instance.NAME]`. */
export const LATER_INSTANCE_KEYS: ReadonlySet<string> = new Set([
  "debug",
  "lvs_sync_daemon_interface",
  "track_src_ip",
]);
