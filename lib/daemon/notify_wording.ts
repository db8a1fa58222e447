/**
 * Puts into words what goes wrong with notify scripts and FIFOs: which, how it ended, and its last words.
 * @module
 */
import { lastWords } from "./last_words.ts";
import { unreachable } from "../assert.ts";
import type { NotifyScript } from "../config/notify_model.ts";
import type { LogEvent } from "../log/log_event.ts";
import { type LogRecord, PRIORITY } from "../log/log_record.ts";
import type { NotifyEvent } from "./notify_event.ts";
import type { ScriptOutcome } from "./script_process.ts";

/** The log record of a run that went wrong; undefined for one that did not. */
export function wordOutcome(
  event: NotifyEvent,
  { words }: NotifyScript,
  outcome: ScriptOutcome,
): LogRecord | undefined {
  const what = endingText(outcome);
  if (what === undefined) return undefined;
  return record(
    "scriptFailed",
    event,
    `${event.name}: script \`${words[0]}\` for ${event.state} ${what}`,
  );
}

/** How a script ended, as the end of a sentence; undefined when all is well. */
export function endingText(outcome: ScriptOutcome): string | undefined {
  switch (outcome.kind) {
    case "ended": {
      const { code, signal } = outcome;
      if (code === 0) return undefined;
      const how = signal === undefined
        ? `ended with ${code}`
        : `was ended by ${signal}`;
      return how + lastWords(outcome.errorTail);
    }
    case "timedOut":
    case "aborted":
      return `took too long and was ended${lastWords(outcome.errorTail)}`;
    case "failed":
      return `could not be started: ${outcome.why}`;
    default:
      return unreachable(outcome);
  }
}

/** The log record of an event that no script is told of. */
export function wordDropped(event: NotifyEvent): LogRecord {
  return record(
    "notifyDropped",
    event,
    `${event.name}: scripts were not told ${event.state}: they are slower than the changes`,
  );
}

/** The log record of trouble with the FIFO at `path`. */
export function wordFifo(path: string, what: string): LogRecord {
  return {
    event: "fifoFailed",
    priority: PRIORITY.warning,
    message: `notify FIFO ${path}: ${what}`,
    fields: {},
  };
}

/** The log record of a mail that was not sent. */
export function wordMail(
  host: string,
  subject: string,
  why: string,
): LogRecord {
  return {
    event: "mailFailed",
    priority: PRIORITY.warning,
    message: `no mail \`${subject}\` by ${host}: ${why}`,
    fields: {},
  };
}

/** The log record of a reader that ended. */
export function wordReader(path: string, outcome: ScriptOutcome): LogRecord {
  const how = endingText(outcome) ?? "ended";
  return {
    event: "fifoReaderEnded",
    priority: PRIORITY.warning,
    message: `the script that reads ${path} ${how}; it is started again`,
    fields: {},
  };
}

function record(
  kind: LogEvent,
  { subject, name, state }: NotifyEvent,
  message: string,
): LogRecord {
  return {
    event: kind,
    priority: PRIORITY.warning,
    message,
    fields: subject === "INSTANCE" ? { instance: name, state } : { state },
  };
}
