/**
 * Whether the scripts that a configuration runs are there, can be run, and can be changed by nobody but root.
 *
 * Says:    keepalived's check of every script when the configuration is read. What is said here depends on the machine.
 * @module
 */
import type { Diagnostic, Span } from "../../diag/diagnostic.ts";
import { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import type { FileFacts } from "./file_access.ts";
import type { ScriptUse } from "./read_context.ts";

const ANY_EXECUTE = 0o111;
const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Checks each script once; `factsOf` is undefined for what is not there. */
export function checkScripts(
  scripts: readonly ScriptUse[],
  factsOf: (path: string) => FileFacts | undefined,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  const seen = new Set<string>();
  for (const { at, command } of scripts) {
    const [program = ""] = command.trim().split(/\s/, 1);
    // A name without a path is looked for by the shell, when it runs.
    if (!program.startsWith("/") || seen.has(program)) continue;
    seen.add(program);
    checkScript(program, at, factsOf, sink);
  }
  return sink.diagnostics;
}

function checkScript(
  program: string,
  at: Span,
  factsOf: (path: string) => FileFacts | undefined,
  sink: DiagnosticSink,
) {
  const facts = factsOf(program);
  if (facts === undefined) {
    sink.warning("HK0436", at, `there is no script \`${program}\``, {
      scope: "host",
      label: "keepalived disables it",
    });
    return;
  }
  if (facts.kind !== "file" || (facts.mode & ANY_EXECUTE) === 0) {
    const isFile = facts.kind === "file";
    sink.warning("HK0437", at, `\`${program}\` cannot be run`, {
      scope: "host",
      label: isFile ? "it is not executable" : "it is no file",
      ...(isFile ? { help: `chmod a+x ${program}` } : {}),
    });
    return;
  }
  const unsafe = pathsTo(program).find((path) =>
    danger(path, factsOf(path)) !== undefined
  );
  if (unsafe === undefined) return;
  const found = danger(unsafe, factsOf(unsafe));
  sink.warning("HK0438", at, `others than root can change \`${program}\``, {
    scope: "host",
    label: found?.what ?? "",
    help: found?.remedy ?? "",
  });
}

/** `/`, then every directory on the way, then the file. */
function pathsTo(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

function danger(
  path: string,
  facts: FileFacts | undefined,
): { readonly what: string; readonly remedy: string } | undefined {
  if (facts === undefined) return undefined;
  const { kind, mode, uid, gid } = facts;
  if (uid !== 0) {
    return {
      what: `\`${path}\` belongs to user ${uid}`,
      remedy: `chown root ${path}`,
    };
  }
  // In a directory with the sticky bit nobody can rename what is another's.
  if (kind === "directory" && (mode & STICKY) !== 0) return undefined;
  const bits = (mode & 0o7777).toString(8).padStart(4, "0");
  if ((mode & OTHERS_WRITE) !== 0) {
    return {
      what: `\`${path}\` has mode ${bits}: everybody may write`,
      remedy: `chmod go-w ${path}`,
    };
  }
  return (mode & GROUP_WRITE) !== 0 && gid !== 0
    ? {
      what: `\`${path}\` has mode ${bits}: group ${gid} may write`,
      remedy: `chmod g-w ${path}`,
    }
    : undefined;
}
