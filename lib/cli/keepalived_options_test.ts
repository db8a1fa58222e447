import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type KeepalivedPlan,
  type KeepalivedSettings,
  keepalivedSignalNumber,
  readKeepalivedOptions,
} from "./keepalived_options.ts";

const DEFAULTS: KeepalivedSettings = {
  configFile: undefined,
  configId: undefined,
  isForeground: false,
  isWithoutVrrp: false,
  isWithoutBfd: false,
  logsToConsole: false,
  logsToSystem: true,
  isDetailed: false,
  facility: undefined,
  pidFile: undefined,
  vrrpPidFile: undefined,
  namespace: undefined,
  umask: undefined,
  notes: [],
};

function run(settings: Partial<KeepalivedSettings>): KeepalivedPlan {
  return { kind: "run", settings: { ...DEFAULTS, ...settings } };
}

function wrong(message: string): KeepalivedPlan {
  return { kind: "wrong", message };
}

for (
  const [args, expected] of [
    ["", run({})],
    ["-n", run({ isForeground: true })],
    ["--dont-fork", run({ isForeground: true })],
    ["--dont-f", run({ isForeground: true })],
    [
      "-nlD",
      run({ isForeground: true, logsToConsole: true, isDetailed: true }),
    ],
    ["-D -D", run({ isDetailed: true })],
    ["-f a.conf", run({ configFile: "a.conf" })],
    ["-fa.conf", run({ configFile: "a.conf" })],
    ["-nf a.conf", run({ isForeground: true, configFile: "a.conf" })],
    ["--use-file=a.conf", run({ configFile: "a.conf" })],
    ["--use-file a.conf", run({ configFile: "a.conf" })],
    ["--use a.conf", run({ configFile: "a.conf" })],
    ["-f a -f b", run({ configFile: "b" })],
    ["-S 6", run({ facility: "local6" })],
    ["-S local1", run({ facility: "local1" })],
    ["-S daemon", run({ facility: "daemon" })],
    ["-S 9", run({ notes: ["-S 9: no such facility; logging to daemon"] })],
    ["-G", run({ logsToSystem: false })],
    ["-P", run({})],
    ["-B", run({ isWithoutBfd: true })],
    ["-P -C", run({})],
    [
      "-C",
      run({
        isWithoutVrrp: true,
        notes: [
          "-C (--check): no VRRP instance runs, and this version has no checkers",
        ],
      }),
    ],
    ["-p p -r r", run({ pidFile: "p", vrrpPidFile: "r" })],
    [
      "-c c",
      run({
        notes: [
          "-c (--checkers_pid) has no effect: there is no process of its own for checkers",
        ],
      }),
    ],
    ["-i node1 -s blue", run({ configId: "node1", namespace: "blue" })],
    ["-u 022", run({ umask: 0o22 })],
    ["-u 9", wrong("'9' is not an octal umask")],
    [
      "-V -V",
      run({
        notes: [
          "-V (--dont-release-vrrp) has no effect: this version always removes its addresses at stop",
        ],
      }),
    ],
    [
      "-M -n",
      run({
        isForeground: true,
        notes: [
          "-M (--core-dump-pattern) has no effect: it is for debugging keepalived itself",
        ],
      }),
    ],
    [
      "left -n over",
      run({
        isForeground: true,
        notes: [
          "'left' is no option and is ignored",
          "'over' is no option and is ignored",
        ],
      }),
    ],
    ["-- -n", run({ notes: ["'-n' is no option and is ignored"] })],
    ["-t", {
      kind: "configTest",
      settings: { ...DEFAULTS, isForeground: true, logsToSystem: false },
      messageFile: undefined,
    }],
    ["-tout", {
      kind: "configTest",
      settings: { ...DEFAULTS, isForeground: true, logsToSystem: false },
      messageFile: "out",
    }],
    ["-t=out", {
      kind: "configTest",
      settings: { ...DEFAULTS, isForeground: true, logsToSystem: false },
      messageFile: "=out",
    }],
    ["--config-test=out -f x", {
      kind: "configTest",
      settings: {
        ...DEFAULTS,
        isForeground: true,
        logsToSystem: false,
        configFile: "x",
      },
      messageFile: "out",
    }],
    ["-v", { kind: "version" }],
    ["--version", { kind: "version" }],
    ["-h", { kind: "help" }],
    ["--signum=JSON", { kind: "signalNumber", name: "JSON" }],
    ["-T", wrong("genhash is not part of hakeep")],
    ["-q", wrong("unknown option '-q'")],
    ["-nq", wrong("unknown option '-q'")],
    ["-f", wrong("option '-f' needs a value")],
    ["--use-file", wrong("option '--use-file' needs a value")],
    ["--use-file=", wrong("option '--use-file' has an empty value")],
    ["--dont-fork=1", wrong("option '--dont-fork' takes no value")],
    ["--bogus", wrong("unknown option '--bogus'")],
    [
      "--log-f",
      wrong("option '--log-f' is ambiguous: --log-facility, --log-file"),
    ],
  ] satisfies [string, KeepalivedPlan][]
) {
  Deno.test(`readKeepalivedOptions() reads \`keepalived ${args}\``, () => {
    assertEquals(
      readKeepalivedOptions(args.split(" ").filter((word) => word !== "")),
      expected,
    );
  });
}

Deno.test("readKeepalivedOptions() has a plan for whatever it is given", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "-f",
      "-nl",
      "--",
      "-",
      "--log",
      "--pid=x",
      "-t",
      "-S",
      "x",
    ),
  );
  fc.assert(fc.property(fc.array(word), (args) => {
    readKeepalivedOptions(args);
  }));
});

Deno.test("keepalivedSignalNumber() knows keepalived's names and no others", () => {
  const names = [
    "STOP",
    "RELOAD",
    "DATA",
    "STATS",
    "STATS_CLEAR",
    "JSON",
    "TDUMP",
    "stop",
    "toString",
  ];
  assertEquals(names.map(keepalivedSignalNumber), [
    15,
    1,
    10,
    12,
    63,
    36,
    64,
    undefined,
    undefined,
  ]);
});
