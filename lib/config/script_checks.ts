/**
 * Whether the scripts that a configuration runs are there, can be run, and can be changed by nobody but root.
 *
 * Says:    keepalived's check of every script when the configuration is read. What is said here depends on the machine.
 * @module
 */
import { unreachable } from "../assert.ts";
import type { Diagnostic, Span } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { Config } from "./model.ts";
import type { GlobalNotify, ScriptLine } from "./notify_model.ts";
import {
  lookUpUser,
  prepareScript,
  type ScriptHost,
  type ScriptProblem,
} from "./prepare_script.ts";
import type { ScriptUser } from "./tracking_model.ts";

/** A command that a configuration runs, and whom it runs as; `script_user` unless given. */
export interface CheckedScript {
  readonly at: Span;
  readonly command: string;
  readonly user?: ScriptUser | undefined;
}

type Globals = Pick<GlobalNotify, "scriptUser" | "enableScriptSecurity"> & {
  readonly at?: { readonly of: { readonly scriptUser?: Span } };
};

/** Checks each script once for each user that it runs as. */
export function checkScripts(
  scripts: readonly CheckedScript[],
  globals: Globals,
  host: ScriptHost,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  const told = new Set<string>();
  const userAt = globals.at?.of.scriptUser;
  const defaultUser = userAt && lookUpUser(undefined, globals, host);
  if (
    userAt !== undefined && defaultUser !== undefined &&
    "problem" in defaultUser
  ) {
    const { code, message } = wordProblem(defaultUser.problem, false);
    told.add(message);
    sink.warning(code, userAt, message, {
      scope: "host",
      label: "scripts that name no user are not run",
    });
  }
  for (const { at, command, user } of scripts) {
    const { problem } = prepareScript(command, user, globals, host);
    if (problem === undefined) continue;
    const { code, message, details } = wordProblem(
      problem,
      globals.enableScriptSecurity ?? false,
    );
    if (told.has(message)) continue;
    told.add(message);
    const scope = code === "HK0405" || code === "HK0424" ? "file" : "host";
    sink.warning(code, at, message, { scope, ...details });
  }
  return sink.diagnostics;
}

/** Checks the owners of FIFOs. */
export function checkFifos(
  globals: GlobalNotify,
  host: ScriptHost,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  const { notifyFifo, vrrpNotifyFifo } = globals;
  for (const fifo of [notifyFifo, vrrpNotifyFifo]) {
    if (fifo === undefined) continue;
    const found = lookUpUser(fifo.owner, {
      ...globals,
      enableScriptSecurity: false,
    }, host);
    if ("problem" in found) {
      const { code, message } = wordProblem(found.problem, false);
      sink.warning(code, fifo.at.self, message, {
        scope: "host",
        label: "there is no FIFO",
      });
    }
  }
  if (
    notifyFifo !== undefined && vrrpNotifyFifo !== undefined &&
    notifyFifo.path === vrrpNotifyFifo.path
  ) {
    sink.warning("HK0230", vrrpNotifyFifo.at.self, "two FIFOs of one name", {
      label: "ignored: `notify_fifo` gets the same lines",
    });
  }
  return sink.diagnostics;
}

/** The scripts that `config` can track. */
export function trackedScriptsOf(
  { scripts }: Config,
): readonly CheckedScript[] {
  return scripts.flatMap(({ script, user, at }) =>
    script === undefined
      ? []
      : { at: at.of.script ?? at.self, command: script, user }
  );
}

/** The scripts that `config` runs, in no particular order. */
export function scriptsOf(config: Config): readonly CheckedScript[] {
  const { globals, instances, groups } = config;
  const told = [
    globals.startupScript,
    globals.shutdownScript,
    globals.notifyFifoScript,
    globals.vrrpNotifyFifoScript,
    globals.lvsNotifyFifoScript,
    ...config.lvs.virtualServers.flatMap((service) => [
      service.quorumUp,
      service.quorumDown,
      ...service.realServers.flatMap((one) => [one.notifyUp, one.notifyDown]),
    ]),
    ...[...groups, ...instances].flatMap((one) => [
      one.notifyMaster,
      one.notifyBackup,
      one.notifyFault,
      one.notifyStop,
      one.notify,
    ]),
    ...instances.flatMap((one) => [
      one.notifyDeleted,
      one.notifyMasterRxLowerPriority,
    ]),
  ].filter(isScript);
  const checked = config.lvs.virtualServers
    .flatMap(({ realServers }) => realServers)
    .flatMap(({ miscChecks }) => miscChecks ?? [])
    .flatMap(({ command, user, at }) =>
      command === undefined
        ? []
        : [{ at: at.of.command ?? at.self, command, user }]
    );
  return [
    ...trackedScriptsOf(config),
    ...checked,
    ...told.map(({ command, user, at }) => ({ at: at.self, command, user })),
  ];
}

function isScript(
  line: ScriptLine | boolean | undefined,
): line is ScriptLine {
  return typeof line === "object";
}

interface Wording {
  readonly code:
    | "HK0303"
    | "HK0304"
    | "HK0405"
    | "HK0424"
    | "HK0436"
    | "HK0437"
    | "HK0438";
  readonly message: string;
  readonly details: { readonly label: string; readonly help?: string };
}

function wordProblem(problem: ScriptProblem, isSecure: boolean): Wording {
  const warning = (
    code: Wording["code"],
    message: string,
    label: string,
    help?: string,
  ): Wording => ({
    code,
    message,
    details: help === undefined ? { label } : { label, help },
  });
  switch (problem.kind) {
    case "blank":
      return warning("HK0424", "an empty command", "nothing is run");
    case "openQuote":
      return warning(
        "HK0405",
        "a quote in the command is not closed",
        "nothing is run",
      );
    case "unknownUser":
      return warning(
        "HK0303",
        `there is no user \`${problem.user}\``,
        "the script is not run",
      );
    case "unknownGroup":
      return warning(
        "HK0303",
        `there is no group \`${problem.group}\``,
        "the script is not run",
      );
    case "noUser":
      return warning(
        "HK0304",
        "no user to run scripts as",
        "the script is not run",
        "name one with `script_user`, or make a user `keepalived_script`",
      );
    case "missing":
      return warning(
        "HK0436",
        `there is no script \`${problem.program}\``,
        "it is disabled",
      );
    case "notExecutable": {
      const { program, isFile, user } = problem;
      return warning(
        "HK0437",
        user === undefined
          ? `\`${program}\` cannot be run`
          : `\`${program}\` cannot be run by \`${user}\``,
        isFile ? "it is not executable" : "it is no file",
        isFile ? `chmod a+x ${program}` : undefined,
      );
    }
    case "changeable": {
      const { program, what, remedy } = problem;
      return warning(
        "HK0438",
        `others than root can change \`${program}\``,
        isSecure ? `${what}; it is disabled` : what,
        remedy,
      );
    }
    default:
      return unreachable(problem);
  }
}
