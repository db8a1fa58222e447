/**
 * Which processes a tracked process means: pure.
 *
 * Says:    keepalived's `vrrp_track_process`: by the kernel's name for the process, of which it keeps 15 bytes, or
 *          with `full_command` by the command line.
 * @module
 */
import type { ProcessTracker } from "../config/tracking_model.ts";

/** The kernel's TASK_COMM_LEN without the zero. */
const NAME_LENGTH = 15;

/** What is known of one process. */
export interface ProcessFace {
  /** The kernel's name for it. */
  readonly name: string;
  /** Its command line; empty for a kernel thread. */
  readonly words: readonly string[];
}

/** What decides about a match. */
export type ProcessPattern = Pick<
  ProcessTracker,
  "command" | "parameters" | "parameterMatch" | "fullCommand"
>;

/** Whether `face` is a process that `pattern` means. */
export function matchesProcess(
  pattern: ProcessPattern,
  face: ProcessFace,
): boolean {
  if (!pattern.fullCommand) {
    return shortened(pattern.command) === face.name;
  }
  const [program, ...words] = face.words;
  return program === pattern.command && matchesParameters(pattern, words);
}

/** As the kernel keeps a name: cut by bytes. */
function shortened(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return bytes.length <= NAME_LENGTH
    ? name
    : new TextDecoder().decode(bytes.subarray(0, NAME_LENGTH));
}

function matchesParameters(
  { parameters, parameterMatch }: ProcessPattern,
  words: readonly string[],
): boolean {
  switch (parameterMatch) {
    case "exact":
      return words.length === parameters.length &&
        startsWith(words, parameters);
    case "partial":
      return startsWith(words, parameters);
    case "initial": {
      const last = parameters.at(-1) ?? "";
      return startsWith(words, parameters.slice(0, -1)) &&
        (parameters.length === 0 ||
          (words[parameters.length - 1]?.startsWith(last) ?? false));
    }
  }
}

function startsWith(
  words: readonly string[],
  beginning: readonly string[],
): boolean {
  return beginning.every((word, i) => words[i] === word);
}
