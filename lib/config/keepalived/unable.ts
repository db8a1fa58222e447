/**
 * Instances that are complete and for which keepalived's VRRP process does not start: its configuration test only
 * complains of them. Here the others run.
 * @module
 */
import type { DiagnosticSink } from "../../diag/diagnostic_sink.ts";
import type { GlobalDefs, VrrpInstance } from "../model.ts";
import { twinsOf, twinsReport } from "../same_router.ts";

/** Those of `instances` that can run beside each other; the others are reported. */
export function ableInstances(
  instances: readonly VrrpInstance[],
  globals: GlobalDefs,
  sink: DiagnosticSink,
): readonly VrrpInstance[] {
  const unable = new Set<VrrpInstance>();
  for (const twins of twinsOf(instances, globals)) {
    unable.add(twins.instance);
    const { span, message, details } = twinsReport(
      twins,
      "the instance is not run: ",
    );
    sink.warning("HK0203", span, message, details);
  }
  return instances.filter((instance) => !unable.has(instance));
}
