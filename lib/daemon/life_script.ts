/**
 * The scripts around the daemon's life: `startup_script` before the first instance, `shutdown_script` after the last.
 *
 * Says:    as keepalived 2.2.7 was seen to do it: the daemon waits for either; one that fails or does not end in time
 *          is told in the log and stops nothing; a stop ends a `startup_script`, and `shutdown_script` still runs.
 * Errors:  none are thrown: what went wrong is in the log.
 * @module
 */
import type { TimedScript } from "../config/process_model.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import { endingText } from "./notify_wording.ts";
import type { ScriptOutcome, ScriptRun } from "./script_process.ts";

export interface LifeScriptOptions {
  readonly keyword: "startup_script" | "shutdown_script";
  readonly script: TimedScript;
  readonly run: (run: ScriptRun) => Promise<ScriptOutcome>;
  readonly log: (record: LogRecord) => void;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

/** Runs the script to its end. */
export async function runLifeScript(options: LifeScriptOptions): Promise<void> {
  const { keyword, script: { script, timeoutMs }, run, log, signal } = options;
  const [program = ""] = script.words;
  const tell = (priority: LogRecord["priority"], what: string) =>
    log({
      event: "lifeScript",
      priority,
      message: `${keyword} ${program} ${what}`,
      fields: {},
    });
  tell(PRIORITY.info, "runs");
  const outcome = await run({
    words: script.words,
    user: script.user,
    environment: {},
    input: "",
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.kind === "aborted") {
    tell(PRIORITY.notice, "was ended, for the daemon stops");
    return;
  }
  const trouble = endingText(outcome);
  if (trouble === undefined) tell(PRIORITY.info, "succeeded");
  else tell(PRIORITY.warning, trouble);
}
