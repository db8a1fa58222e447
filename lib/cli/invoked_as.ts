/**
 * Under which name the binary was started: `hakeep`, or `keepalived` through a symbolic link.
 *
 * `Deno.execPath()` follows the link, so the first word of our own command line in /proc is what counts.
 * HAKEEP_ARGV0 overrides it where the name cannot be set, as with `deno run`.
 * @module
 */

/** Whether we are to behave as keepalived. */
export function isInvokedAsKeepalived(): boolean {
  return programName(
    Deno.env.get("HAKEEP_ARGV0") ?? firstWordOfCommandLine(),
  ) === "keepalived";
}

/** The last part of `argv0`'s path. */
export function programName(argv0: string): string {
  return argv0.slice(argv0.lastIndexOf("/") + 1);
}

function firstWordOfCommandLine(): string {
  try {
    return Deno.readTextFileSync("/proc/self/cmdline").split("\0", 1)[0] ?? "";
  } catch {
    // No /proc: then nobody can tell us, and our own name is the safe answer.
    return "";
  }
}
