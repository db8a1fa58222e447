/**
 * `hakeep import`: a keepalived.conf becomes TOML.
 *
 * What has no effect in hakeep is said on standard error and stands in the output as a comment.
 * @module
 */
import { checkConfig } from "../config/checks.ts";
import {
  type CarriedText,
  carryComments,
} from "../config/keepalived/carry_comments.ts";
import {
  type KeepalivedReading,
  readKeepalived,
} from "../config/keepalived/read.ts";
import { printedPlaces, printToml } from "../config/toml/print.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { diagnosticDocuments } from "../diag/json.ts";
import { renderDiagnostics } from "../diag/render.ts";
import { compareSpans, inTextOrder } from "../diag/text_order.ts";
import { isColored } from "./check.ts";
import { surroundings } from "./load_config.ts";
import type { VerbSpec } from "./option_table.ts";
import { EXIT, printError, printOut, readArguments } from "./verb.ts";
import { writeNewFile } from "./write_new_file.ts";

const SPEC: VerbSpec<"output" | "force" | "json" | "configId" | "color"> = {
  verb: "import",
  summary:
    "Turns a keepalived.conf into TOML, on standard output unless -o names a file.",
  operands: ["FILE"],
  options: {
    output: {
      long: "output",
      short: "o",
      value: "OUT.toml",
      help: "write there; an existing file is left alone",
    },
    force: { long: "force", help: "with -o: replace an existing file" },
    json: {
      long: "json",
      help: "print the diagnostics as a JSON array, on standard error",
    },
    configId: {
      long: "config-id",
      short: "i",
      value: "ID",
      help:
        "what `@ID` lines are for (default: the host name to its first dot)",
    },
    color: {
      long: "color",
      value: "WHEN",
      choices: ["auto", "always", "never"],
      help: "colour (default auto)",
    },
  },
};

/** For editors: `hakeep schema > hakeep.schema.json` beside the file, and they complete and check. */
const SCHEMA_LINE = "#:schema ./hakeep.schema.json";

/** The verb. */
export function importFile(args: readonly string[]): number {
  const read = readArguments(SPEC, args);
  if (read.kind === "exit") return read.code;
  const { options, operands: [path = ""] } = read;
  const output = options.value("output");
  if (options.has("force") && output === undefined) {
    printError("hakeep import: --force needs -o\n");
    return EXIT.usage;
  }
  const { toml, diagnostics } = importKeepalived(
    readKeepalived(path, {
      surroundings: surroundings(options.value("configId")),
      keepComments: true,
    }),
  );
  printError(
    options.has("json")
      ? `${JSON.stringify(diagnosticDocuments(diagnostics), null, 2)}\n`
      : renderDiagnostics(diagnostics, {
        color: isColored(options.value("color")),
      }),
  );
  if (diagnostics.some(({ severity }) => severity === "error")) {
    printError(
      `hakeep import: keepalived refuses ${path}; nothing was written\n`,
    );
    return EXIT.failed;
  }
  const text = `${SCHEMA_LINE}\n${toml}`;
  if (output === undefined) {
    printOut(text);
    return EXIT.ok;
  }
  const problem = writeNewFile(output, text, options.has("force"));
  if (problem === undefined) return EXIT.ok;
  printError(`hakeep import: ${problem}\n`);
  return EXIT.failed;
}

export interface Imported {
  /** Reads back as the model of what was imported. */
  readonly toml: string;
  /** What is wrong with the source, and what has no effect in hakeep. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Prints what was read as TOML, with its comments. */
export function importKeepalived(reading: KeepalivedReading): Imported {
  const { config } = reading;
  if (config === undefined) {
    return { toml: "", diagnostics: reading.diagnostics };
  }
  const compare = compareSpans;
  const carried: CarriedText = carryComments(
    reading,
    printedPlaces(config, { compare }),
  );
  return {
    toml: printToml(config, { ...carried, compare }),
    diagnostics: inTextOrder([
      ...reading.diagnostics,
      ...checkConfig(config, reading.leftOut),
      ...lostByImport(reading),
    ]),
  };
}

/** What the source can say and TOML cannot. */
function lostByImport({ text }: KeepalivedReading): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  for (const at of text.forOthers) {
    sink.advice("HK0434", at, "the line is for another configuration id", {
      label: "kept as a comment",
      help: "import once per router, each with its own --config-id",
    });
  }
  const files = text.includes.flatMap((include) => include.files);
  for (const source of [text.main, ...files]) {
    for (const found of source.text.matchAll(/\$\{?_(?:ENV|RANDOM)\b/g)) {
      const start = found.index;
      const span = { source, start, end: start + found[0].length };
      sink.advice("HK0433", span, "the value differs elsewhere or later", {
        label: "import writes what it is here and now",
      });
    }
  }
  return sink.diagnostics;
}
