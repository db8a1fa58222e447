/**
 * From what a configuration says about the daemon as a process to what it does: defaults applied, scripts made ready.
 *
 * Errors:  none: a script that cannot run is left out, and script_checks.ts says why.
 * @module
 */
import type { GlobalDefs } from "./model.ts";
import type { ScriptLine } from "./notify_model.ts";
import { prepareScript, type ScriptHost } from "./prepare_script.ts";
import type { ProcessPlan, TimedScript } from "./process_model.ts";

const NS_PER_MS = 1e6;
const SCRIPT_TIMEOUT_NS = 10e9;

/** What the daemon does beside its instances, on this machine. */
export function resolveProcess(
  globals: GlobalDefs,
  host: ScriptHost,
): ProcessPlan {
  const timed = (
    line: ScriptLine | undefined,
    timeoutNs = SCRIPT_TIMEOUT_NS,
  ): TimedScript | undefined => {
    if (line === undefined) return undefined;
    const { script } = prepareScript(line.command, line.user, globals, host);
    return script === undefined
      ? undefined
      : { script, timeoutMs: timeoutNs / NS_PER_MS };
  };
  return {
    netNamespace: globals.netNamespace,
    startup: timed(globals.startupScript, globals.startupScriptTimeoutNs),
    shutdown: timed(globals.shutdownScript, globals.shutdownScriptTimeoutNs),
    reloadFile: globals.reloadFile ?? false,
    reloadTimeFile: globals.reloadTimeFile,
    reloadRepeats: globals.reloadRepeat ?? false,
  };
}
