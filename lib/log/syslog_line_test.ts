import { assertEquals } from "@std/assert";
import type { LogIdentity } from "./journal_entry.ts";
import { type LogRecord, PRIORITY } from "./log_record.ts";
import { encodeSyslogLine, oneLine } from "./syslog_line.ts";

const IDENTITY: LogIdentity = {
  identifier: "hakeep",
  pid: 77,
  facility: "local1",
};
const RECORD: LogRecord = {
  priority: PRIORITY.notice,
  message: "VI_1: MASTER",
  event: "stateChanged",
  fields: {},
};

Deno.test("encodeSyslogLine() writes facility and severity, local time, tag and text", () => {
  const bytes = encodeSyslogLine(
    RECORD,
    IDENTITY,
    new Date(2026, 1, 5, 7, 2, 8),
    8000,
  );
  assertEquals(
    new TextDecoder().decode(bytes),
    "<141>Feb  5 07:02:08 hakeep[77]: VI_1: MASTER",
  );
});

Deno.test("encodeSyslogLine() keeps to its bound", () => {
  const long = { ...RECORD, message: "ü".repeat(9000) };
  assertEquals(
    encodeSyslogLine(long, IDENTITY, new Date(0), 1024).length <= 1024,
    true,
  );
});

Deno.test("oneLine() leaves no control character in a line", () => {
  assertEquals(oneLine("a\nb\tc\x7f"), "a#012b#011c#177");
});
