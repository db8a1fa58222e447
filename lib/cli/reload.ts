/**
 * `hakeep reload`: asks the running daemon to read its configuration again.
 * @module
 */
import { askDaemon } from "./ask_daemon.ts";
import type { VerbSpec } from "./option_table.ts";
import { RUNTIME_DIR_OPTION } from "./runtime_dir.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<"runtimeDir"> = {
  verb: "reload",
  summary:
    "Asks the running daemon to read its configuration again; a bad one changes nothing.",
  operands: [],
  options: { runtimeDir: RUNTIME_DIR_OPTION },
};

/** Prints what came of it. */
export async function reload(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const answer = await askDaemon(
    SPEC.verb,
    read.options.value("runtimeDir"),
    "reload",
  );
  if (typeof answer === "number") return answer;
  if (!("message" in answer)) {
    printError("hakeep reload: the daemon answered something else\n");
    return EXIT.failed;
  }
  printOut(`${answer.message}\n`);
  return EXIT.ok;
}
