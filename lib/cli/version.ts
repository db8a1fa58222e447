/**
 * `hakeep version`: which build this is, in one line.
 * @module
 */
import { buildInfo } from "../build_info.ts";
import { EXIT, printOut } from "./verb.ts";

/** Prints version, git commit, Deno version and target. */
export function version(): number {
  const { version, commit, deno, target } = buildInfo();
  printOut(`hakeep ${version} (commit ${commit}, Deno ${deno}, ${target})\n`);
  return EXIT.ok;
}
