/**
 * From a script as a configuration says it to one that runs, or to why it may not.
 *
 * Says:    keepalived's verdicts when it has read a configuration: who does not exist, what is not there or cannot be
 *          run disables a script; what others than root could change disables it with `enable_script_security` if it
 *          would run as root.
 * Errors:  returned as a problem, for whoever wants to tell it.
 * @module
 */
import { cutCommand } from "./command_words.ts";
import type { FileFacts } from "./keepalived/file_access.ts";
import type { Account, GlobalNotify, NotifyScript } from "./notify_model.ts";
import type { ProcessGlobals } from "./process_model.ts";
import type { ScriptUser } from "./tracking_model.ts";

/** What preparing a script asks of the machine. */
export interface ScriptHost {
  /** Undefined for what is not there, or not for us to see. */
  readonly factsOf: (path: string) => FileFacts | undefined;
  /** A user's id and primary group. */
  readonly accountOf: (user: string) => Account | undefined;
  readonly groupIdOf: (group: string) => number | undefined;
  /** Where a path leads when its symbolic links are followed; undefined for what is not there. */
  readonly realPathOf: (path: string) => string | undefined;
  /** Directories in which programs without a slash are looked for; none: they are taken as they are. */
  readonly searchPath: readonly string[];
}

export type ScriptProblem =
  | { readonly kind: "blank" }
  | { readonly kind: "openQuote" }
  | { readonly kind: "unknownUser"; readonly user: string }
  | { readonly kind: "unknownGroup"; readonly group: string }
  /** `enable_script_security`, and neither `script_user` nor a user `keepalived_script`. */
  | { readonly kind: "noUser" }
  | { readonly kind: "missing"; readonly program: string }
  | {
    readonly kind: "notExecutable";
    readonly program: string;
    readonly isFile: boolean;
    /** The user for whom it is not, unless it is for nobody. */
    readonly user: string | undefined;
  }
  | {
    readonly kind: "changeable";
    readonly program: string;
    /** The file, or the directory on the way to it, and who could change it. */
    readonly what: string;
    readonly remedy: string;
  };

/** `script` is undefined if it may not run; then there is a problem. */
export interface Preparation {
  readonly script: NotifyScript | undefined;
  readonly problem: ScriptProblem | undefined;
}

/** Who runs scripts that name nobody, as keepalived has it. */
const DEFAULT_USER = "keepalived_script";
/** Runs `</path`: keepalived's way to ask whether a file can be opened. */
const SHELL = "/bin/sh";
const ANY_EXECUTE = 0o111;
const SET_USER = 0o4000;
const SET_GROUP = 0o2000;
const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

type Globals =
  & Pick<GlobalNotify, "scriptUser" | "enableScriptSecurity">
  & Partial<Pick<ProcessGlobals, "setSupplementaryGroups">>;

/** Makes a command ready to run as `user`, or as `globals` have it. */
export function prepareScript(
  command: string,
  user: ScriptUser | undefined,
  globals: Globals,
  host: ScriptHost,
): Preparation {
  const words = command.startsWith("<")
    ? [SHELL, "-c", command]
    : cutCommand(command);
  if (words === undefined) return refused({ kind: "openQuote" });
  const [name = "", ...args] = words;
  if (name === "") return refused({ kind: "blank" });
  const found = lookUpUser(user, globals, host);
  if ("problem" in found) return refused(found.problem);
  const account = withGroups(found.account, globals);
  const program = programPath(name, host);
  const problem = program.startsWith("/")
    ? problemOf(program, account, user ?? globals.scriptUser, host)
    : host.searchPath.length > 0
    ? { kind: "missing" as const, program: name }
    : undefined;
  const isDisabled = problem !== undefined &&
    (problem.kind !== "changeable" || globals.enableScriptSecurity === true);
  return {
    script: isDisabled
      ? undefined
      : { words: [program, ...args], user: account },
    problem,
  };
}

function refused(problem: ScriptProblem): Preparation {
  return { script: undefined, problem };
}

type Lookup =
  | { readonly account: Account | undefined }
  | { readonly problem: ScriptProblem };

/** Whom something belongs to that names `user`; undefined: the daemon itself. */
export function lookUpUser(
  user: ScriptUser | undefined,
  globals: Globals,
  host: Pick<ScriptHost, "accountOf" | "groupIdOf">,
): Lookup {
  const named = user ?? globals.scriptUser;
  if (named === undefined) {
    const account = host.accountOf(DEFAULT_USER);
    return account === undefined && globals.enableScriptSecurity === true
      ? { problem: { kind: "noUser" } }
      : { account };
  }
  const account = host.accountOf(named.user);
  if (account === undefined) {
    return { problem: { kind: "unknownUser", user: named.user } };
  }
  if (named.group === undefined) return { account };
  const gid = host.groupIdOf(named.group);
  return gid === undefined
    ? { problem: { kind: "unknownGroup", group: named.group } }
    : { account: { uid: account.uid, gid } };
}

function withGroups(
  account: Account | undefined,
  { setSupplementaryGroups = false }: Globals,
): Account | undefined {
  return account === undefined || !setSupplementaryGroups
    ? account
    : { ...account, hasSupplementaryGroups: true };
}

function programPath(name: string, host: ScriptHost): string {
  if (name.includes("/")) return name;
  const directory = host.searchPath.find((one) => {
    const facts = host.factsOf(`${one}/${name}`);
    return facts?.kind === "file" && (facts.mode & ANY_EXECUTE) !== 0;
  });
  return directory === undefined ? name : `${directory}/${name}`;
}

function problemOf(
  program: string,
  account: Account | undefined,
  user: ScriptUser | undefined,
  { factsOf, realPathOf }: ScriptHost,
): ScriptProblem | undefined {
  const facts = factsOf(program);
  if (facts === undefined) return { kind: "missing", program };
  const isFile = facts.kind === "file";
  if (!isFile || (facts.mode & ANY_EXECUTE) === 0) {
    return { kind: "notExecutable", program, isFile, user: undefined };
  }
  if (account !== undefined && !mayExecute(facts, account)) {
    return { kind: "notExecutable", program, isFile, user: user?.user };
  }
  if (!runsAsRoot(facts, account)) return undefined;
  // Who can change where a link leads can change the script; so can who can change what it leads to.
  const paths = [program, realPathOf(program) ?? program].flatMap(pathsTo);
  for (const path of new Set(paths)) {
    const danger = dangerOf(path, factsOf(path));
    if (danger !== undefined) return { kind: "changeable", program, ...danger };
  }
  return undefined;
}

function mayExecute({ mode, uid, gid }: FileFacts, account: Account): boolean {
  if (account.uid === 0) return true;
  const shift = account.uid === uid ? 6 : account.gid === gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1;
}

/** By its user, its group, or bits of its own. */
function runsAsRoot(
  { mode, uid, gid }: FileFacts,
  account: Account | undefined,
): boolean {
  return account === undefined || account.uid === 0 || account.gid === 0 ||
    (uid === 0 && (mode & SET_USER) !== 0) ||
    (gid === 0 && (mode & SET_GROUP) !== 0);
}

/** `/`, then every directory on the way, then the file. */
function pathsTo(path: string): readonly string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`)];
}

function dangerOf(
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
