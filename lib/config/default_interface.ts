/**
 * Where static addresses go that name no interface.
 * @module
 */

/** keepalived's, unless `default_interface` names another one. */
export const DEFAULT_INTERFACE = "eth0";
