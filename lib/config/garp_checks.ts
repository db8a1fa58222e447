/**
 * What `garp_group`s mean together, whichever language they were written in.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import type { LimitedInterface } from "./garp_model.ts";
import type { Config } from "./model.ts";

/** An interface has one limit, and a group limits something. */
export function checkGarpGroups(
  { garpGroups }: Config,
  sink: DiagnosticSink,
): void {
  const seen = new Map<string, LimitedInterface>();
  for (const { garpIntervalNs, gnaIntervalNs, interfaces, at } of garpGroups) {
    // A value that was given and refused has been told already.
    const isGiven = at.of.garpIntervalNs !== undefined ||
      at.of.gnaIntervalNs !== undefined;
    if (
      garpIntervalNs === undefined && gnaIntervalNs === undefined && !isGiven
    ) {
      sink.warning(
        "HK0260",
        at.self,
        "a `garp_group` without `garp_interval` and `gna_interval`",
        { label: "it has no effect" },
      );
    }
    for (const one of interfaces) {
      const before = seen.get(one.name);
      if (before === undefined) seen.set(one.name, one);
      else {
        sink.warning(
          "HK0261",
          one.at.self,
          `\`${one.name}\` is in a \`garp_group\` already`,
          {
            label: "it has no effect",
            related: [{
              span: before.at.self,
              message: "the first one counts",
            }],
          },
        );
      }
    }
  }
}
