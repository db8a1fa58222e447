/**
 * Ranges that `[global_defs]` and instances share: keepalived's, so that everything it takes can be imported.
 * @module
 */
import { duration, oneOf, whole } from "./value_type.ts";

const COUNT_MAX = 2 ** 32 - 1;

/** `version`, `vrrp_version`. */
export const VERSION = oneOf([2, 3] as const);

/** Lost adverts until a master counts as down. */
export const DOWN_TIMER_ADVERTS = whole(1, 100);

export const GARP_DELAY = duration(0, 4294e9);
export const GARP_REFRESH = duration(0, COUNT_MAX * 1e9);
/** Between two announcements. */
export const GARP_INTERVAL = duration(1e3, COUNT_MAX * 1e3);
export const GARP_GROUP_INTERVAL = duration(0, COUNT_MAX * 1e3);
export const GARP_REPEAT = whole(1, COUNT_MAX);
/** Before instances start. */
export const START_DELAY = duration(1e6, COUNT_MAX * 1e3);
/** Here 0 is a value: send none. */
export const GARP_LOWER_REPEAT = whole(0, 2 ** 31 - 1);
