import { assert, assertEquals } from "@std/assert";
import { LOG_EVENTS, logEventDocument } from "./log_event.ts";

Deno.test("LOG_EVENTS gives every kind of event an identifier of its own", () => {
  const ids = Object.values(LOG_EVENTS).map((entry) => entry.id);
  for (const id of ids) assert(/^[0-9a-f]{32}$/.test(id), id);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("docs/log-messages.md is what scripts/write_log_messages.ts writes", () => {
  const path = new URL("../../docs/log-messages.md", import.meta.url);
  assertEquals(Deno.readTextFileSync(path), logEventDocument());
});
