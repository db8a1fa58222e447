import { assertEquals } from "@std/assert";
import type { LogTarget } from "../config/model.ts";
import { type LogOptions, logTargets } from "./open_logger.ts";

const UNSAID: LogOptions = {
  targets: undefined,
  facility: undefined,
  level: undefined,
};

for (
  const [name, targets, target, expected] of [
    ["the command line before the file", ["syslog"], "journal", ["syslog"]],
    ["the file where the command line is silent", undefined, "syslog", [
      "syslog",
    ]],
    ["several at once", ["journal", "stderr"], undefined, [
      "journal",
      "stderr",
    ]],
    ["nowhere, if that is what was asked", [], "journal", []],
  ] satisfies [
    string,
    LogTarget[] | undefined,
    LogTarget | undefined,
    LogTarget[],
  ][]
) {
  Deno.test(`logTargets() takes ${name}`, () => {
    assertEquals(
      logTargets({ ...UNSAID, targets }, {
        target,
        facility: undefined,
        level: undefined,
      }),
      expected,
    );
  });
}
