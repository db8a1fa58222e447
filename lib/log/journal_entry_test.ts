import { assertEquals } from "@std/assert";
import { encodeJournalEntry, type LogIdentity } from "./journal_entry.ts";
import { type LogRecord, PRIORITY } from "./log_record.ts";

const IDENTITY: LogIdentity = {
  identifier: "hakeep",
  pid: 77,
  facility: "local6",
};
const RECORD: LogRecord = {
  priority: PRIORITY.notice,
  message: "VI_1: MASTER",
  event: "stateChanged",
  fields: { instance: "VI_1", state: "MASTER", vrid: 51, interface: "eth0" },
};

function text(record: LogRecord, messageBytesMax = 1000): string {
  return new TextDecoder("latin1").decode(
    encodeJournalEntry(record, IDENTITY, messageBytesMax),
  );
}

Deno.test("encodeJournalEntry() writes one line a field and leaves absent ones out", () => {
  const lines = text(RECORD).split("\n");
  assertEquals(
    lines.map((line) => line.startsWith("MESSAGE_ID=") ? "MESSAGE_ID" : line),
    [
      "MESSAGE=VI_1: MASTER",
      "PRIORITY=5",
      "SYSLOG_FACILITY=22",
      "SYSLOG_IDENTIFIER=hakeep",
      "SYSLOG_PID=77",
      "MESSAGE_ID",
      "HAKEEP_INSTANCE=VI_1",
      "HAKEEP_STATE=MASTER",
      "HAKEEP_VRID=51",
      "HAKEEP_INTERFACE=eth0",
      "",
    ],
  );
});

Deno.test("encodeJournalEntry() sends a value with a newline in binary form", () => {
  const entry = text({ ...RECORD, message: "two\nlines" });
  assertEquals(
    entry.slice(0, entry.indexOf("PRIORITY")),
    "MESSAGE\n\t\0\0\0\0\0\0\0two\nlines\n",
  );
});

Deno.test("encodeJournalEntry() cuts the message, not the fields", () => {
  const entry = text({ ...RECORD, message: "x".repeat(5000) }, 10);
  assertEquals(
    entry.slice(0, entry.indexOf("\n")).length,
    "MESSAGE=".length + 10,
  );
  assertEquals(entry.includes("HAKEEP_INSTANCE=VI_1\n"), true);
});

Deno.test("encodeJournalEntry() says how many occurrences an entry stands for", () => {
  const entry = text({ ...RECORD, occurrences: 12, within: "minute" });
  assertEquals(
    entry.split("\n")[0],
    "MESSAGE=VI_1: MASTER (12 more in the last minute)",
  );
  assertEquals(entry.includes("HAKEEP_OCCURRENCES=12\n"), true);
});
