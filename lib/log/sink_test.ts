import { assert, assertEquals } from "@std/assert";
import { type LogRecord, PRIORITY } from "./log_record.ts";
import {
  journalSink,
  type LogSink,
  type SendOutcome,
  STDERR_LINE_MAX,
  stderrSink,
  syslogSink,
  teeSink,
} from "./sink.ts";

const IDENTITY = { identifier: "hakeep", pid: 7, facility: "daemon" } as const;
const RECORD: LogRecord = {
  priority: PRIORITY.notice,
  message: "x".repeat(50_000),
  event: "stateChanged",
  fields: {},
};

Deno.test("journalSink() tries again with a short message when the datagram is too big", () => {
  const lengths: number[] = [];
  const outcomes: SendOutcome[] = ["tooBig", "sent"];
  const sink = journalSink((bytes) => {
    lengths.push(bytes.length);
    return outcomes.shift() ?? "absent";
  }, IDENTITY);
  assertEquals(sink.write(RECORD), true);
  assertEquals(lengths.map((length) => length < 2_000), [false, true]);
});

for (const outcome of ["full", "absent", "tooBig"] satisfies SendOutcome[]) {
  Deno.test(`journalSink() and syslogSink() lose a message when the socket is ${outcome}`, () => {
    assertEquals(journalSink(() => outcome, IDENTITY).write(RECORD), false);
    assertEquals(
      syslogSink(() => outcome, IDENTITY, () => new Date(0)).write(RECORD),
      false,
    );
  });
}

Deno.test("stderrSink() keeps a line within what a pipe takes whole, newline included", () => {
  const lines: Uint8Array[] = [];
  const sink = stderrSink(
    (bytes) => {
      lines.push(bytes);
      return true;
    },
    "plain",
    () => new Date(0),
  );
  assertEquals(sink.write(RECORD), true);
  assertEquals(lines.length, 1);
  assert((lines[0]?.length ?? Infinity) <= STDERR_LINE_MAX);
  assertEquals(lines[0]?.at(-1), 0x0a);
});

Deno.test("teeSink() writes to every sink and loses a message only if all do", () => {
  const written: string[] = [];
  const sink = (name: string, takes: boolean): LogSink => ({
    write() {
      written.push(name);
      return takes;
    },
  });
  assertEquals(
    teeSink([sink("a", true), sink("b", false)]).write(RECORD),
    true,
  );
  assertEquals(teeSink([sink("c", false)]).write(RECORD), false);
  assertEquals(written, ["a", "b", "c"]);
});
