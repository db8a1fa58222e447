/**
 * What the model has and this version does not act on: said once for each part, in both languages, never silently.
 *
 * A part leaves this file when the daemon learns it.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { Config } from "./model.ts";

/** Warns of each part of `config` that has no effect yet. */
export function tellInactive({ lvs }: Config, sink: DiagnosticSink) {
  for (const { at } of lvs.virtualServers) {
    sink.warning(
      "HK0102",
      at.self,
      "this version of hakeep does not act on `virtual_server` yet",
      { label: "it is checked, and has no effect" },
    );
  }
}
