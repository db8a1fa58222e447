/**
 * What settings of interfaces mean together, whichever language they were written in.
 * @module
 */
import type { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { formatDuration } from "../time/duration.ts";
import type { Config } from "./model.ts";
import { underStrictMode } from "./strict_mode.ts";

const DEFAULT_INTERVAL_NS = 1e9;
const DEFAULT_ADVERTS = 3;

/** A delay after which others have taken over is no delay. */
export function checkInterfaceDelays(
  { globals, instances }: Config,
  sink: DiagnosticSink,
): void {
  for (const { interface: name, downNs, at } of globals.interfaceDelays ?? []) {
    const limits = instances.filter((one) => one.interface === name)
      .map((written) => {
        const instance = underStrictMode(written, globals);
        const intervalNs = instance.advertIntervalNs ?? DEFAULT_INTERVAL_NS;
        const adverts = instance.downTimerAdverts ?? globals.downTimerAdverts ??
          DEFAULT_ADVERTS;
        const maxNs = (adverts - 1) * intervalNs - intervalNs / 256;
        return { instance, maxNs: Math.max(0, maxNs) };
      })
      .toSorted((a, b) => a.maxNs - b.maxNs);
    const [strictest] = limits;
    if (strictest === undefined || downNs <= strictest.maxNs) continue;
    sink.warning(
      "HK0262",
      at.of.downNs ?? at.self,
      `\`${strictest.instance.name}\` cannot wait so long for \`${name}\``,
      {
        label: `${formatDuration(strictest.maxNs)} is used`,
        notes: ["longer than that, and its backups take over"],
      },
    );
  }
}
