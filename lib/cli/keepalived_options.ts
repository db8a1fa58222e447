/**
 * keepalived's command line: its options read as getopt_long reads them, and what they ask of hakeep.
 *
 * Says:    keepalived(8). Long options may be cut to a unique beginning; a value follows after `=` or as the next
 *          word, an optional value only attached; words that are no options are reported and ignored.
 * Errors:  {@linkcode readKeepalivedOptions} returns a `wrong` plan; it never throws on input.
 * @module
 */
import type { LogFacility } from "../config/model.ts";
import { parseLogFacility } from "../log/log_level.ts";

/** What a command line asks for. */
export type KeepalivedPlan =
  | { readonly kind: "version" }
  | { readonly kind: "help" }
  /** Print the number of a signal. */
  | { readonly kind: "signalNumber"; readonly name: string }
  | {
    readonly kind: "configTest";
    readonly settings: KeepalivedSettings;
    readonly messageFile: string | undefined;
  }
  | { readonly kind: "run"; readonly settings: KeepalivedSettings }
  | { readonly kind: "wrong"; readonly message: string };

/** Settings of a run. */
export interface KeepalivedSettings {
  /** undefined: where keepalived looks. */
  readonly configFile: string | undefined;
  readonly configId: string | undefined;
  readonly isForeground: boolean;
  /** `-C` without `-P`: no VRRP. */
  readonly isWithoutVrrp: boolean;
  /** `-B`. */
  readonly isWithoutBfd: boolean;
  /** `-l`. */
  readonly logsToConsole: boolean;
  /** Unless `-G`. */
  readonly logsToSystem: boolean;
  /** `-D`. */
  readonly isDetailed: boolean;
  readonly facility: LogFacility | undefined;
  /** `-p`. */
  readonly pidFile: string | undefined;
  /** `-r`: keepalived's VRRP child. */
  readonly vrrpPidFile: string | undefined;
  /** `-s`: the network namespace to be in. */
  readonly namespace: string | undefined;
  /** `-u`. */
  readonly umask: number | undefined;
  /** What had no effect, one sentence each. */
  readonly notes: readonly string[];
}

interface KeepalivedOption {
  readonly short?: string;
  readonly long: string;
  readonly value: "none" | "required" | "optional";
  readonly help: string;
  /** Why it has no effect; undefined when it has. */
  readonly note?: string;
}

const OUT_OF_SCOPE = "this version has no such part";
const DEBUGGING = "it is for debugging keepalived itself";

const OPTIONS: readonly KeepalivedOption[] = [
  {
    short: "f",
    long: "use-file",
    value: "required",
    help: "the configuration file",
  },
  { short: "P", long: "vrrp", value: "none", help: "VRRP only" },
  { short: "C", long: "check", value: "none", help: "checkers only: no VRRP" },
  { short: "B", long: "no_bfd", value: "none", help: "without BFD" },
  {
    long: "all",
    value: "none",
    help: "all parts, even without configuration",
    note: OUT_OF_SCOPE,
  },
  {
    short: "l",
    long: "log-console",
    value: "none",
    help: "log to standard error too",
  },
  { short: "D", long: "log-detail", value: "none", help: "log in detail" },
  {
    short: "S",
    long: "log-facility",
    value: "required",
    help: "syslog facility: 0-7, local0-7, user, daemon",
  },
  {
    short: "g",
    long: "log-file",
    value: "optional",
    help: "log to files",
    note: "hakeep logs to the journal, to syslog or to standard error",
  },
  {
    long: "flush-log-file",
    value: "none",
    help: "flush log files at every line",
    note: "hakeep writes no log files",
  },
  {
    short: "G",
    long: "no-syslog",
    value: "none",
    help: "do not log to the system's log",
  },
  { short: "u", long: "umask", value: "required", help: "umask for files" },
  {
    short: "X",
    long: "release-vips",
    value: "none",
    help: "remove addresses when a signal ends the process",
    note: "hakeep always does that",
  },
  {
    short: "V",
    long: "dont-release-vrrp",
    value: "none",
    help: "keep addresses at stop",
    note: "this version always removes its addresses at stop",
  },
  {
    short: "I",
    long: "dont-release-ipvs",
    value: "none",
    help: "keep the IPVS table at stop",
    note: OUT_OF_SCOPE,
  },
  {
    short: "R",
    long: "dont-respawn",
    value: "none",
    help: "stop when a child dies",
    note: "hakeep always starts its engine again",
  },
  {
    short: "n",
    long: "dont-fork",
    value: "none",
    help: "stay in the foreground",
  },
  {
    short: "d",
    long: "dump-conf",
    value: "none",
    help: "log the configuration at start",
    note: "`hakeep import` shows how a file was understood",
  },
  {
    short: "p",
    long: "pid",
    value: "required",
    help: "file for the process id",
  },
  {
    short: "r",
    long: "vrrp_pid",
    value: "required",
    help: "another file for the process id",
  },
  {
    short: "c",
    long: "checkers_pid",
    value: "required",
    help: "file for the checkers' process id",
    note: "there is no process of its own for checkers",
  },
  {
    short: "b",
    long: "bfd_pid",
    value: "required",
    help: "file for BFD's process id",
    note: "there is no process of its own for BFD",
  },
  {
    short: "a",
    long: "address-monitoring",
    value: "none",
    help: "log every change of an address",
    note: "`ip monitor address` shows them",
  },
  { short: "x", long: "snmp", value: "none", help: "SNMP", note: OUT_OF_SCOPE },
  {
    short: "A",
    long: "snmp-agent-socket",
    value: "required",
    help: "SNMP agent",
    note: OUT_OF_SCOPE,
  },
  {
    short: "s",
    long: "namespace",
    value: "required",
    help: "network namespace to run in",
  },
  {
    short: "m",
    long: "core-dump",
    value: "none",
    help: "allow core files",
    note: DEBUGGING,
  },
  {
    short: "M",
    long: "core-dump-pattern",
    value: "optional",
    help: "name of core files",
    note: DEBUGGING,
  },
  {
    short: "e",
    long: "all-config",
    value: "none",
    help: "every trouble with includes is fatal",
    note:
      "a missing main file is always fatal, and a missing include is always told",
  },
  {
    short: "i",
    long: "config-id",
    value: "required",
    help: "name for lines that begin with @",
  },
  {
    short: "t",
    long: "config-test",
    value: "optional",
    help: "test the configuration and exit",
  },
  {
    long: "signum",
    value: "required",
    help:
      "print a signal's number: STOP RELOAD DATA STATS STATS_CLEAR JSON TDUMP",
  },
  {
    long: "ignore-sigint",
    value: "none",
    help: "ignore SIGINT",
    note: DEBUGGING,
  },
  { long: "config-fd", value: "required", help: "internal", note: DEBUGGING },
  { long: "perf", value: "optional", help: "perf recording", note: DEBUGGING },
  {
    long: "no-mem-check",
    value: "none",
    help: "memory debugging",
    note: DEBUGGING,
  },
  {
    short: "L",
    long: "mem-check-log",
    value: "none",
    help: "memory debugging",
    note: DEBUGGING,
  },
  {
    short: "O",
    long: "openssl-mem-check",
    value: "none",
    help: "memory debugging",
    note: DEBUGGING,
  },
  { long: "debug", value: "optional", help: "debugging", note: DEBUGGING },
  {
    short: "T",
    long: "genhash",
    value: "none",
    help: "compute the digest of a page",
  },
  { short: "v", long: "version", value: "none", help: "print the version" },
  { short: "h", long: "help", value: "none", help: "print this list" },
];

/** One option that was given. */
interface Given {
  readonly option: KeepalivedOption;
  readonly value: string | undefined;
}

/** Reads the words after the program's name. */
export function readKeepalivedOptions(args: readonly string[]): KeepalivedPlan {
  const given: Given[] = [];
  const leftOver: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    if (word === "--") {
      leftOver.push(...args.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      leftOver.push(word);
      continue;
    }
    const read = word.startsWith("--")
      ? readLong(word.slice(2), args[i + 1])
      : readCluster(word.slice(1), args[i + 1]);
    if (typeof read === "string") return { kind: "wrong", message: read };
    given.push(...read.given);
    if (read.tookNext) i++;
  }
  return planOf(given, leftOver);
}

interface ReadWord {
  readonly given: readonly Given[];
  readonly tookNext: boolean;
}

function readLong(text: string, next: string | undefined): ReadWord | string {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const attached = equals < 0 ? undefined : text.slice(equals + 1);
  const option = findLong(name);
  if (typeof option === "string") return option;
  if (option.value === "none") {
    if (attached === undefined) {
      return { given: [{ option, value: undefined }], tookNext: false };
    }
    return `option '--${option.long}' takes no value`;
  }
  if (attached === "") return `option '--${option.long}' has an empty value`;
  if (attached !== undefined || option.value === "optional") {
    return { given: [{ option, value: attached }], tookNext: false };
  }
  if (next === undefined) return `option '--${option.long}' needs a value`;
  return { given: [{ option, value: next }], tookNext: true };
}

function findLong(name: string): KeepalivedOption | string {
  const begun = OPTIONS.filter(({ long }) => long.startsWith(name));
  const exact = begun.find(({ long }) => long === name);
  if (exact !== undefined) return exact;
  const [only, another] = begun;
  if (name === "" || only === undefined) return `unknown option '--${name}'`;
  if (another === undefined) return only;
  return `option '--${name}' is ambiguous: ${
    begun.map(({ long }) => `--${long}`).join(", ")
  }`;
}

/** `-nlD`, `-fFILE`, `-lf FILE`. */
function readCluster(
  letters: string,
  next: string | undefined,
): ReadWord | string {
  const given: Given[] = [];
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i] ?? "";
    const option = OPTIONS.find(({ short }) => short === letter);
    if (option === undefined) return `unknown option '-${letter}'`;
    if (option.value === "none") {
      given.push({ option, value: undefined });
      continue;
    }
    const rest = letters.slice(i + 1);
    if (rest !== "" || option.value === "optional") {
      given.push({ option, value: rest === "" ? undefined : rest });
      return { given, tookNext: false };
    }
    if (next === undefined) return `option '-${letter}' needs a value`;
    given.push({ option, value: next });
    return { given, tookNext: true };
  }
  return { given, tookNext: false };
}

function planOf(
  given: readonly Given[],
  leftOver: readonly string[],
): KeepalivedPlan {
  const has = (long: string) =>
    given.some(({ option }) => option.long === long);
  const last = (long: string) =>
    given.findLast(({ option }) => option.long === long)?.value;
  if (has("genhash")) {
    return { kind: "wrong", message: "genhash is not part of hakeep" };
  }
  if (has("version")) return { kind: "version" };
  if (has("help")) return { kind: "help" };
  const signal = last("signum");
  if (signal !== undefined) return { kind: "signalNumber", name: signal };
  const umask = readUmask(last("umask"));
  if (umask === "wrong") {
    return {
      kind: "wrong",
      message: `'${last("umask")}' is not an octal umask`,
    };
  }
  const isTest = has("config-test");
  const facilityWord = last("log-facility");
  const facility = facilityWord === undefined
    ? undefined
    : parseLogFacility(facilityWord);
  const settings: KeepalivedSettings = {
    configFile: last("use-file"),
    configId: last("config-id"),
    isForeground: isTest || has("dont-fork"),
    isWithoutVrrp: has("check") && !has("vrrp"),
    isWithoutBfd: has("no_bfd"),
    logsToConsole: has("log-console"),
    logsToSystem: !isTest && !has("no-syslog"),
    isDetailed: has("log-detail"),
    facility,
    pidFile: last("pid"),
    vrrpPidFile: last("vrrp_pid"),
    namespace: last("namespace"),
    umask,
    notes: [
      ...notesOf(given),
      ...(facilityWord !== undefined && facility === undefined
        ? [`-S ${facilityWord}: no such facility; logging to daemon`]
        : []),
      ...(has("check") && !has("vrrp")
        ? [
          "-C (--check): no VRRP instance runs, and this version has no checkers",
        ]
        : []),
      ...leftOver.map((word) => `'${word}' is no option and is ignored`),
    ],
  };
  return isTest
    ? { kind: "configTest", settings, messageFile: last("config-test") }
    : { kind: "run", settings };
}

function notesOf(given: readonly Given[]): string[] {
  const notes = new Set<string>();
  for (const { option } of given) {
    if (option.note !== undefined) {
      notes.add(`${shown(option)} has no effect: ${option.note}`);
    }
  }
  return [...notes];
}

function shown({ short, long }: KeepalivedOption): string {
  return short === undefined ? `--${long}` : `-${short} (--${long})`;
}

function readUmask(text: string | undefined): number | undefined | "wrong" {
  if (text === undefined) return undefined;
  return /^[0-7]{1,4}$/.test(text) ? parseInt(text, 8) & 0o777 : "wrong";
}

/** glibc's numbers: SIGRTMIN is 34, SIGRTMAX 64. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  STOP: 15,
  RELOAD: 1,
  DATA: 10,
  STATS: 12,
  STATS_CLEAR: 63,
  JSON: 36,
  TDUMP: 64,
};

/** The number of a signal by keepalived's name for it; undefined for another name. */
export function keepalivedSignalNumber(name: string): number | undefined {
  return Object.hasOwn(SIGNAL_NUMBERS, name) ? SIGNAL_NUMBERS[name] : undefined;
}

/** The list of options. */
export function keepalivedHelp(): string {
  const rows = OPTIONS.map((
    option,
  ): [string, string] => [leftColumn(option), option.help]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
  return `usage: keepalived [options]\n\nThis is hakeep, invoked as keepalived.\n\n${
    lines.join("\n")
  }\n`;
}

function leftColumn({ short, long, value }: KeepalivedOption): string {
  const name = `${short === undefined ? "    " : `-${short}, `}--${long}`;
  if (value === "none") return name;
  return value === "required" ? `${name}=VALUE` : `${name}[=VALUE]`;
}
