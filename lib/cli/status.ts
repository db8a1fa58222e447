/**
 * `hakeep status`: what the running daemon does, for people or as JSON.
 * @module
 */
import type { StatusDocument } from "../status/snapshot.ts";
import { statusText } from "../status/status_text.ts";
import { askDaemon } from "./ask_daemon.ts";
import type { VerbSpec } from "./option_table.ts";
import { RUNTIME_DIR_OPTION } from "./runtime_dir.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";

const SPEC: VerbSpec<"json" | "watch" | "runtimeDir"> = {
  verb: "status",
  summary: "Shows the state of the running daemon.",
  operands: [],
  options: {
    json: { long: "json", help: "print the status document as JSON" },
    watch: {
      long: "watch",
      short: "w",
      help: "print it every second until interrupted; with --json one a line",
    },
    runtimeDir: RUNTIME_DIR_OPTION,
  },
};

const WATCH_MS = 1000;
/** Cursor home, and clear from there on: no flicker. */
const TOP_OF_SCREEN = "\x1b[H\x1b[J";

/** Prints the status once, or until interrupted. */
export async function status(args: readonly string[]): Promise<number> {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options } = read;
  const isJson = options.has("json");
  const isWatch = options.has("watch");
  for (;;) {
    const document = await askStatus(options.value("runtimeDir"));
    // Who watches also wants to see the daemon come back.
    if (!isWatch && typeof document === "number") return document;
    if (typeof document !== "number") show(document, isJson, isWatch);
    if (!isWatch) return EXIT.ok;
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

async function askStatus(
  runtimeDir: string | undefined,
): Promise<StatusDocument | number> {
  const answer = await askDaemon(SPEC.verb, runtimeDir, "status");
  if (typeof answer === "number") return answer;
  if ("status" in answer) return answer.status;
  printError("hakeep status: the daemon answered something else\n");
  return EXIT.failed;
}

function show(
  document: StatusDocument,
  isJson: boolean,
  isWatch: boolean,
): void {
  if (isJson) {
    printOut(`${JSON.stringify(document, null, isWatch ? undefined : 2)}\n`);
    return;
  }
  const isScreen = isWatch && Deno.stdout.isTerminal();
  const before = isScreen ? TOP_OF_SCREEN : "";
  printOut(`${before}${statusText(document)}${isWatch ? "\n" : ""}`);
}
