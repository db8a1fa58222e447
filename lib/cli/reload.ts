/**
 * `hakeep reload`: asks the running daemon to read its configuration again.
 * @module
 */
import { askControl } from "../control/client.ts";
import { controlPath, PROTOCOL_VERSION } from "../control/protocol.ts";
import type { VerbSpec } from "./option_table.ts";
import { DEFAULT_RUNTIME_DIR } from "./status.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<"runtimeDir"> = {
  verb: "reload",
  summary: "Asks the running daemon to read its configuration again; a bad one changes nothing.",
  operands: [],
  options: {
    runtimeDir: {
      long: "runtime-dir",
      value: "DIR",
      help: `the daemon's runtime directory (default ${DEFAULT_RUNTIME_DIR})`,
    },
  },
};

export async function reload(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const path = controlPath(read.options.value("runtimeDir") ?? DEFAULT_RUNTIME_DIR);
  const answer = await askControl(path, { protocol: PROTOCOL_VERSION, request: "reload" });
  if (answer.kind !== "answered") {
    printError(`hakeep reload: no daemon answers on ${path}\n`);
    return EXIT.notRunning;
  }
  const { response } = answer;
  if (response.ok && "message" in response) {
    printOut(`${response.message}\n`);
    return EXIT.ok;
  }
  printError(`hakeep reload: ${response.ok ? "the daemon answered something else" : response.error}\n`);
  return EXIT.failed;
}
