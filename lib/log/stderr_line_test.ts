import { assertEquals } from "@std/assert";
import { type LogRecord, PRIORITY } from "./log_record.ts";
import { formatStderrLine, isJournalStream } from "./stderr_line.ts";

const RECORD: LogRecord = {
  priority: PRIORITY.warning,
  message: "two\nlines",
  event: "advertRejected",
  fields: {},
};

Deno.test("formatStderrLine() names time and severity on a terminal", () => {
  assertEquals(
    formatStderrLine(
      RECORD,
      "plain",
      new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 67)),
    ),
    "2026-01-02T03:04:05.067Z warning: two#012lines\n",
  );
});

Deno.test("formatStderrLine() gives the journal its severity prefix", () => {
  assertEquals(
    formatStderrLine(RECORD, "journal", new Date(0)),
    "<4>two#012lines\n",
  );
});

for (
  const [name, stream, stderr, expected] of [
    ["the same stream", "8:1234", { dev: 8, ino: 1234 }, true],
    ["another inode", "8:1234", { dev: 8, ino: 1235 }, false],
    ["no variable", undefined, { dev: 8, ino: 1234 }, false],
    ["no standard error", "8:1234", undefined, false],
  ] satisfies [
    string,
    string | undefined,
    { dev: number; ino: number } | undefined,
    boolean,
  ][]
) {
  Deno.test(`isJournalStream() is ${expected} for ${name}`, () => {
    assertEquals(isJournalStream(stream, stderr), expected);
  });
}
