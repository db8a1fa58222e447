/**
 * The machine as preparing a script wants it: files, users, groups, and where programs are.
 *
 * Errors:  undefined for what is not there.
 * @module
 */
import { groupNamed, userNamed } from "../../ffi/account.ts";
import type { ScriptHost } from "../config/prepare_script.ts";
import { factsOf, realPathOf } from "./config_files.ts";

/** This machine. */
export function scriptHost(): ScriptHost {
  return {
    factsOf,
    accountOf: userNamed,
    groupIdOf: groupNamed,
    realPathOf,
    searchPath: (Deno.env.get("PATH") ?? "").split(":").filter((one) =>
      one.startsWith("/")
    ),
  };
}
