/**
 * `hakeep status`: what the running daemon does, for people or as JSON.
 * @module
 */
import { askControl } from "../control/client.ts";
import { controlPath, PROTOCOL_VERSION } from "../control/protocol.ts";
import type { StatusDocument } from "../status/snapshot.ts";
import { statusText } from "../status/status_text.ts";
import type { VerbSpec } from "./option_table.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<"json" | "watch" | "runtimeDir"> = {
  verb: "status",
  summary: "Shows the state of the running daemon, from its control socket.",
  operands: [],
  options: {
    json: { long: "json", help: "print the status document as JSON" },
    watch: {
      long: "watch",
      help: "print again every second until interrupted",
    },
    runtimeDir: {
      long: "runtime-dir",
      value: "DIR",
      help: "the daemon's runtime directory (default /run/hakeep)",
    },
  },
};

export const DEFAULT_RUNTIME_DIR = "/run/hakeep";
const WATCH_MS = 1000;
const CLEAR_SCREEN = "\x1b[H\x1b[2J";

export async function status(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options } = read;
  const runtimeDir = options.value("runtimeDir") ?? DEFAULT_RUNTIME_DIR;
  const isJson = options.has("json");
  if (!options.has("watch")) return await showOnce(runtimeDir, isJson, "");
  const prefix = Deno.stdout.isTerminal() && !isJson ? CLEAR_SCREEN : "";
  for (;;) {
    const code = await showOnce(runtimeDir, isJson, prefix);
    if (code !== EXIT.ok) return code;
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

async function showOnce(
  runtimeDir: string,
  isJson: boolean,
  prefix: string,
): Promise<number> {
  const path = controlPath(runtimeDir);
  const answer = await askControl(path, {
    protocol: PROTOCOL_VERSION,
    request: "status",
  });
  switch (answer.kind) {
    case "absent":
      printError(
        `hakeep status: no daemon runs here: ${path} does not exist\n`,
      );
      return EXIT.notRunning;
    case "stale":
      printError(
        `hakeep status: nobody answers on ${path}: the daemon is gone\n`,
      );
      return EXIT.notRunning;
    case "denied":
      printError(
        `hakeep status: not allowed to talk to the daemon on ${path}: run it as root\n`,
      );
      return EXIT.failed;
    case "answered": {
      const { response } = answer;
      if (response.ok && "status" in response) {
        printOut(prefix + show(response.status, isJson));
        return EXIT.ok;
      }
      printError(
        `hakeep status: ${
          response.ok ? "the daemon answered something else" : response.error
        }\n`,
      );
      return EXIT.failed;
    }
  }
}

function show(document: StatusDocument, isJson: boolean): string {
  return isJson
    ? `${JSON.stringify(document, null, 2)}\n`
    : statusText(document);
}
