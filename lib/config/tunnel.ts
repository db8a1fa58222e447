/**
 * What the kinds of tunnel can do, for both languages.
 * @module
 */
import type { Tunnel } from "./lvs_model.ts";

/** Why no tunnel can be so; undefined when one can. */
export function tunnelProblem(
  { type, port, checksum }: Tunnel,
): string | undefined {
  if (type === "gue" && port === undefined) return "a gue tunnel needs a port";
  if (type !== "gue" && port !== undefined) {
    return `a ${type} tunnel has no port`;
  }
  if (type === "ipip" && checksum !== undefined && checksum !== "nocsum") {
    return "an ipip tunnel has no checksum";
  }
  if (type === "gre" && checksum === "remcsum") {
    return "a gre tunnel has no remote checksum";
  }
  return undefined;
}
