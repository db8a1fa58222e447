/**
 * Asking the running daemon, for the verbs that do: what can go wrong is said the same way by all of them.
 * @module
 */
import { askControl } from "../control/client.ts";
import {
  controlPath,
  type ControlRequest,
  type ControlResponse,
  PROTOCOL_VERSION,
} from "../control/protocol.ts";
import { DEFAULT_RUNTIME_DIR, namespaceRuntimeDirs } from "./runtime_dir.ts";
import { EXIT, printError } from "./verb.ts";

/** A response of a daemon that did what it was asked. */
export type DaemonAnswer = Extract<ControlResponse, { ok: true }>;

/** That of the only daemon, if it runs in a network namespace that is named. */
function usualRuntimeDir(): string {
  if (isThere(DEFAULT_RUNTIME_DIR)) return DEFAULT_RUNTIME_DIR;
  const [only, ...others] = namespaceRuntimeDirs().filter(isThere);
  return only === undefined || others.length > 0 ? DEFAULT_RUNTIME_DIR : only;
}

function isThere(runtimeDir: string): boolean {
  try {
    return Deno.statSync(controlPath(runtimeDir)).isSocket === true;
  } catch {
    return false;
  }
}

/** Where else a daemon may run, for who asks in the wrong place. */
function elsewhere(runtimeDir: string | undefined): string {
  if (runtimeDir !== undefined) return "";
  const directories = namespaceRuntimeDirs();
  return directories.length === 0
    ? ""
    : `; of network namespaces there are ${
      directories.map((one) => `--runtime-dir ${one}`).join(", ")
    }`;
}

/** Sends `request` on behalf of `verb`; an exit code when there is no answer to go on with, and stderr says why. */
export async function askDaemon(
  verb: string,
  runtimeDir: string | undefined,
  request: ControlRequest["request"],
): Promise<DaemonAnswer | number> {
  const path = controlPath(runtimeDir ?? usualRuntimeDir());
  const answer = await askControl(path, {
    protocol: PROTOCOL_VERSION,
    request,
  });
  const fail = (why: string, code: number) => {
    printError(`hakeep ${verb}: ${why}\n`);
    return code;
  };
  switch (answer.kind) {
    case "answered":
      return answer.response.ok
        ? answer.response
        : fail(answer.response.error, EXIT.failed);
    case "absent":
      return fail(
        `no daemon runs here: ${path} does not exist${elsewhere(runtimeDir)}`,
        EXIT.notRunning,
      );
    case "stale":
      return fail(
        `no daemon runs here: nobody listens on ${path} any more`,
        EXIT.notRunning,
      );
    case "denied":
      return fail(
        `not allowed to talk to the daemon on ${path}: run this as root`,
        EXIT.failed,
      );
    case "silent":
      return fail(
        `what listens on ${path} gives no answer`,
        EXIT.failed,
      );
  }
}
