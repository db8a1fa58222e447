import { assertEquals } from "@std/assert";
import {
  facilityNumber,
  LOG_FACILITIES,
  parseLogFacility,
  parseLogLevel,
  passesLevel,
} from "./log_level.ts";
import { PRIORITY } from "./log_record.ts";

Deno.test("facilityNumber() is syslog's number", () => {
  assertEquals(LOG_FACILITIES.map(facilityNumber), [
    3,
    1,
    16,
    17,
    18,
    19,
    20,
    21,
    22,
    23,
  ]);
});

for (
  const [word, expected] of [
    ["daemon", "daemon"],
    ["local6", "local6"],
    ["6", "local6"],
    ["local8", undefined],
    ["8", undefined],
    ["LOCAL1", undefined],
    ["", undefined],
  ] satisfies [string, string | undefined][]
) {
  Deno.test(`parseLogFacility() reads \`${word}\` as ${expected ?? "nothing"}`, () => {
    assertEquals(parseLogFacility(word), expected);
  });
}

Deno.test("parseLogLevel() knows the five levels only", () => {
  assertEquals(parseLogLevel("notice"), "notice");
  assertEquals(parseLogLevel("loud"), undefined);
});

Deno.test("passesLevel() lets the level and what is worse through", () => {
  assertEquals(passesLevel(PRIORITY.critical, "error"), true);
  assertEquals(passesLevel(PRIORITY.error, "error"), true);
  assertEquals(passesLevel(PRIORITY.warning, "error"), false);
  assertEquals(passesLevel(PRIORITY.debug, "info"), false);
  assertEquals(passesLevel(PRIORITY.debug, "debug"), true);
});
