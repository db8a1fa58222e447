/**
 * Where the engine's Worker is: beside this file in a checkout, beside the bundle in the binary.
 * @module
 */

/** `scripts/build` bundles lib/engine/worker.ts under this name, next to the main bundle. */
const BUNDLED = "engine_worker.js";

/** The Worker's module. */
export function engineUrl(): URL {
  return Deno.build.standalone
    ? new URL(`./${BUNDLED}`, import.meta.url)
    : new URL("../engine/worker.ts", import.meta.url);
}
