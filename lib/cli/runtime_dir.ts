/**
 * The daemon's runtime directory on the command line.
 * @module
 */
import type { OptionSpec } from "./option_table.ts";

/** Where the control socket lives unless told otherwise. */
export const DEFAULT_RUNTIME_DIR = "/run/hakeep";

/** `--runtime-dir DIR`, the same for every verb that talks to the daemon or is it. */
export const RUNTIME_DIR_OPTION: OptionSpec = {
  long: "runtime-dir",
  value: "DIR",
  help: "the daemon's runtime directory",
  fallback: DEFAULT_RUNTIME_DIR,
};
