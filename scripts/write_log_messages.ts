/**
 * Writes docs/log-messages.md from the registry of log events.
 * @module
 */
import { logEventDocument } from "../lib/log/log_event.ts";

Deno.writeTextFileSync(
  new URL("../docs/log-messages.md", import.meta.url),
  logEventDocument(),
);
