/**
 * What is told about a change of state: to scripts by arguments, environment and standard input, to FIFOs by a line.
 *
 * Says:    keepalived's trailing arguments of `notify` and the lines of `notify_fifo`.
 * @module
 */

/** The states that keepalived's scripts know, and those that only `notify_fifo` and `notify_priority_changes` tell. */
export type NotifyState =
  | "MASTER"
  | "BACKUP"
  | "FAULT"
  | "STOP"
  | "DELETED"
  | "MASTER_RX_LOWER_PRI"
  | "MASTER_PRIORITY"
  | "BACKUP_PRIORITY";

export interface NotifyEvent {
  readonly subject: "INSTANCE" | "GROUP";
  readonly name: string;
  readonly state: NotifyState;
  /** Effective priority, 0 to 255; a group has none and tells 0. */
  readonly priority: number;
}

/** The four arguments that follow those of a generic `notify` script. */
export function notifyArguments(event: NotifyEvent): readonly string[] {
  return [event.subject, event.name, event.state, String(toldPriority(event))];
}

/** One line for a FIFO, with its newline. The name is quoted and, as in keepalived, not escaped. */
export function fifoLine(event: NotifyEvent): string {
  const { subject, name, state } = event;
  return `${subject} "${name}" ${state} ${toldPriority(event)}\n`;
}

/** Variables that a script finds in its environment; keepalived sets none. */
export function notifyEnvironment(
  event: NotifyEvent,
): Readonly<Record<string, string>> {
  return {
    HAKEEP_SUBJECT: event.subject,
    HAKEEP_NAME: event.name,
    HAKEEP_STATE: event.state,
    HAKEEP_PRIORITY: String(toldPriority(event)),
  };
}

/** The event as one JSON document and a newline, for a script's standard input. */
export function notifyJson(event: NotifyEvent): string {
  const { subject, name, state } = event;
  return JSON.stringify({
    subject,
    name,
    state,
    priority: toldPriority(event),
  }) + "\n";
}

function toldPriority({ subject, priority }: NotifyEvent): number {
  return subject === "GROUP" ? 0 : priority;
}
