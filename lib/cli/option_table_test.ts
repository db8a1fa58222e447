import { assertEquals } from "@std/assert";
import {
  helpText,
  parseArguments,
  usageLine,
  type VerbSpec,
} from "./option_table.ts";

const SPEC: VerbSpec<"config" | "log" | "json"> = {
  verb: "try",
  summary: "Tries.",
  operands: ["FILE"],
  options: {
    config: {
      long: "config",
      short: "f",
      value: "PATH",
      help: "configuration",
    },
    log: {
      long: "log",
      value: "TARGET",
      choices: ["stderr", "journal"],
      fallback: "stderr",
      help: "where to",
    },
    json: { long: "json", help: "as JSON" },
  },
};

function outcome(args: readonly string[]): unknown {
  const parsed = parseArguments(SPEC, args);
  if (parsed.kind !== "parsed") return parsed;
  const { options, operands } = parsed;
  return {
    config: options.value("config"),
    log: options.value("log"),
    json: options.has("json"),
    operands: [...operands],
  };
}

const NOTHING = {
  config: undefined,
  log: undefined,
  json: false,
  operands: ["x"],
};

for (
  const [args, expected] of [
    [["x"], NOTHING],
    [["--config", "a", "x"], { ...NOTHING, config: "a" }],
    [["--config=a", "x"], { ...NOTHING, config: "a" }],
    [["-f", "a", "x"], { ...NOTHING, config: "a" }],
    [["-fa", "x"], { ...NOTHING, config: "a" }],
    [["--config=a=b", "x"], { ...NOTHING, config: "a=b" }],
    [["-f", "a", "-f", "b", "x"], { ...NOTHING, config: "b" }],
    [["--json", "x"], { ...NOTHING, json: true }],
    [["--log", "journal", "x"], { ...NOTHING, log: "journal" }],
    [["--", "-x"], { ...NOTHING, operands: ["-x"] }],
    [["-"], { ...NOTHING, operands: ["-"] }],
    [["--bogus", "-h"], { kind: "help" }],
    [[], { kind: "wrong", message: "FILE is missing" }],
    [["x", "y"], { kind: "wrong", message: "unexpected word `y`" }],
    [["x", "--config"], {
      kind: "wrong",
      message: "--config needs a value: --config PATH",
    }],
    [["x", "--config="], {
      kind: "wrong",
      message: "--config needs a value: --config PATH",
    }],
    [["x", "--json=1"], {
      kind: "wrong",
      message: "--json takes no value, got `1`",
    }],
    [["x", "--confg", "a"], {
      kind: "wrong",
      message: "unknown option `--confg`; did you mean `--config`?",
    }],
    [["x", "--zzzzzz"], {
      kind: "wrong",
      message: "unknown option `--zzzzzz`",
    }],
    [["x", "-q"], { kind: "wrong", message: "unknown option `-q`" }],
    [["x", "--log", "journl"], {
      kind: "wrong",
      message:
        "--log is one of stderr, journal, not `journl`; did you mean `journal`?",
    }],
  ] satisfies [string[], unknown][]
) {
  Deno.test(`parseArguments() reads \`${args.join(" ")}\``, () => {
    assertEquals(outcome(args), expected);
  });
}

Deno.test("helpText() aligns the options and names every choice", () => {
  assertEquals(
    helpText(SPEC),
    `usage: hakeep try FILE [options]

Tries.

options:
  -f, --config PATH  configuration
      --log TARGET   where to: stderr, journal (default stderr)
      --json         as JSON
  -h, --help         print this help
`,
  );
});

Deno.test("a required option stands in the usage line and is missed when it is not there", () => {
  const spec: VerbSpec<"config"> = {
    verb: "go",
    summary: "Goes.",
    operands: [],
    options: {
      config: { long: "config", value: "FILE", isRequired: true, help: "what" },
    },
  };
  assertEquals(usageLine(spec), "usage: hakeep go --config FILE [options]");
  assertEquals(parseArguments(spec, []), {
    kind: "wrong",
    message: "--config FILE is missing",
  });
  assertEquals(parseArguments(spec, ["--config", "x"]).kind, "parsed");
});
