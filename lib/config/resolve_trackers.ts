/**
 * From the blocks of tracked objects to what their runners take: the defaults of scripts, files and processes.
 *
 * Says:    keepalived's `vrrp_script`, `track_file`, `vrrp_track_process` and their defaults.
 * Units:   nanoseconds.
 * Errors:  undefined for a block without the setting it cannot do without; the checks have reported it.
 * @module
 */
import type { NotifyScript } from "./notify_model.ts";
import type {
  FileTracker,
  ProcessTracker,
  ScriptTracker,
  ScriptUser,
  TrackFile,
  TrackProcess,
  VrrpScript,
} from "./tracking_model.ts";

const INTERVAL_NS = 1e9;

/**
 * A `vrrp_script` with its defaults; `timeout` is the interval unless given. `run` is it, ready to be run;
 * `scriptUser` is the global one.
 */
export function resolveScript(
  block: VrrpScript,
  run: NotifyScript,
  scriptUser: ScriptUser | undefined,
): ScriptTracker | undefined {
  const { name, script, intervalNs = INTERVAL_NS } = block;
  if (script === undefined) return undefined;
  return {
    kind: "script",
    name,
    script,
    run,
    intervalNs,
    timeoutNs: block.timeoutNs ?? intervalNs,
    rise: block.rise ?? 1,
    fall: block.fall ?? 1,
    initFail: block.initFail ?? false,
    user: block.user ?? scriptUser,
  };
}

/** A `track_file` with its defaults. */
export function resolveFile(block: TrackFile): FileTracker | undefined {
  const { name, file, initFile } = block;
  return file === undefined
    ? undefined
    : { kind: "file", name, file, initFile };
}

/** A `vrrp_track_process` with its defaults; `quorum_max 0` asks for none, and so takes the quorum to 0. */
export function resolveProcess(
  block: TrackProcess,
): ProcessTracker | undefined {
  const { name, quorumMax } = block;
  const [command, ...parameters] = block.process ?? [];
  if (command === undefined) return undefined;
  return {
    kind: "process",
    name,
    command,
    parameters,
    parameterMatch: block.parameterMatch ?? "exact",
    // Parameters are part of the command line alone.
    fullCommand: parameters.length > 0 || (block.fullCommand ?? false),
    quorum: quorumMax === 0 ? 0 : block.quorum ?? 1,
    quorumMax,
    terminateDelayNs: block.terminateDelayNs ?? block.delayNs ?? 0,
    forkDelayNs: block.forkDelayNs ?? block.delayNs ?? 0,
  };
}
