/**
 * Which build this is.
 *
 * `scripts/build` replaces the marker in the bundled text by `VERSION COMMIT TARGET`; in a checkout it stays and
 * says so. It is a marker in a string, not a generated module, so that type checking and tests need no build.
 * @module
 */
import project from "../deno.json" with { type: "json" };

/** What the build writes here: three words. */
const STAMP = "@hakeep-build-info@";

export interface BuildInfo {
  /** Semantic version. */
  readonly version: string;
  /** Git commit, with `-dirty` behind it if the tree had changes; `dev` in a checkout. */
  readonly commit: string;
  /** Target triple. */
  readonly target: string;
  /** Version of the Deno runtime inside. */
  readonly deno: string;
}

/** This build. */
export function buildInfo(): BuildInfo {
  return { ...readStamp(STAMP), deno: Deno.version.deno };
}

/** Reads a stamp; an unreplaced marker is a checkout. */
export function readStamp(stamp: string): Omit<BuildInfo, "deno"> {
  const [version, commit, target] = stamp.split(" ");
  if (version === undefined || commit === undefined || target === undefined) {
    return {
      version: project.version,
      commit: "dev",
      target: Deno.build.target,
    };
  }
  return { version, commit, target };
}
