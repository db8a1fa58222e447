/**
 * The control socket's protocol: one JSON request a line, one JSON response a line, one of each a connection.
 *
 * `{"protocol":1,"request":"status"}` is answered by `{"ok":true,"status":{…}}`, with lib/status/snapshot.ts's document.
 * `{"protocol":1,"request":"reload"}` is answered by `{"ok":true,"message":"…"}`. What goes wrong is
 * `{"ok":false,"error":"…"}`. Another protocol number is refused, so an old client never misreads a new daemon.
 *
 * Checks:  requests wholly. Of a response only the outline: the daemon is the same program.
 * @module
 */
import type { StatusDocument } from "../status/snapshot.ts";

export const PROTOCOL_VERSION = 1;

export interface ControlRequest {
  readonly protocol: number;
  readonly request: "status" | "reload";
}

export type ControlResponse =
  | { readonly ok: true; readonly status: StatusDocument }
  /** A reload's outcome, in words. */
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly error: string };

/** The control socket of a runtime directory. */
export function controlPath(runtimeDir: string): string {
  return `${runtimeDir}/control.sock`;
}

/** Reads a request; the text of what is wrong with it instead, if it is none. */
export function parseRequest(line: string): ControlRequest | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "the request is not JSON";
  }
  if (typeof value !== "object" || value === null) {
    return "the request is not an object";
  }
  const protocol = "protocol" in value ? value.protocol : undefined;
  const request = "request" in value ? value.request : undefined;
  if (protocol !== PROTOCOL_VERSION) {
    return `the daemon speaks protocol ${PROTOCOL_VERSION}, not ${protocol}`;
  }
  if (request !== "status" && request !== "reload") {
    return `unknown request ${JSON.stringify(request)}`;
  }
  return { protocol, request };
}

/** Reads a response; undefined if it is none. */
export function readResponse(line: string): ControlResponse | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isResponse(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isResponse(value: unknown): value is ControlResponse {
  if (typeof value !== "object" || value === null || !("ok" in value)) {
    return false;
  }
  if (value.ok === false) {
    return "error" in value && typeof value.error === "string";
  }
  if ("message" in value) return typeof value.message === "string";
  return "status" in value && typeof value.status === "object" &&
    value.status !== null && "instances" in value.status &&
    Array.isArray(value.status.instances);
}
