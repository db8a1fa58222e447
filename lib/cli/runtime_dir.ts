/**
 * The daemon's runtime directory on the command line.
 * @module
 */
import type { OptionSpec } from "./option_table.ts";

/** Where the control socket lives unless told otherwise. */
export const DEFAULT_RUNTIME_DIR = "/run/hakeep";

const NAMESPACES_DIR = `${DEFAULT_RUNTIME_DIR}/netns`;

/** Where the files of a daemon are that runs in the named network namespace; each has its own. */
export function runtimeDirIn(namespace: string | undefined): string {
  return namespace === undefined
    ? DEFAULT_RUNTIME_DIR
    : `${NAMESPACES_DIR}/${namespace}`;
}

/** Runtime directories of daemons that run in named network namespaces. */
export function namespaceRuntimeDirs(): readonly string[] {
  try {
    return [...Deno.readDirSync(NAMESPACES_DIR)]
      .map(({ name }) => runtimeDirIn(name))
      .toSorted();
  } catch {
    return [];
  }
}

/** `--runtime-dir DIR`, the same for every verb that talks to the daemon or is it. */
export const RUNTIME_DIR_OPTION: OptionSpec = {
  long: "runtime-dir",
  value: "DIR",
  help: "the daemon's runtime directory",
  fallback:
    `${DEFAULT_RUNTIME_DIR}, and ${NAMESPACES_DIR}/NAME with net_namespace`,
};
