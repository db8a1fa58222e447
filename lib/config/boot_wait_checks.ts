/**
 * Waits before the start that are not needed: hakeep waits for interfaces and addresses by itself.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { Config } from "./model.ts";

const SLEEP = /\bsleep\s+[\d.$]/;

/** Advises against delays that only wait for a network that is not up yet. */
export function checkBootWaits({ globals }: Config, sink: DiagnosticSink) {
  const { startupDelayNs = 0, startupScript, at } = globals;
  const details = {
    label: "hakeep waits for interfaces and addresses by itself",
    help: "remove it, unless something else needs the time",
  };
  if (startupDelayNs > 0) {
    const message = "every instance starts late";
    sink.advice("HK0234", at.of.startupDelayNs ?? at.self, message, details);
  }
  if (startupScript !== undefined && SLEEP.test(startupScript.command)) {
    const message = "the start waits for a `sleep`";
    sink.advice("HK0234", startupScript.at.self, message, details);
  }
}
