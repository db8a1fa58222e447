/**
 * What a configuration needs of the machine it is checked on. hakeep waits for what is missing, so this only advises.
 * @module
 */
import type { Diagnostic, Span } from "../diag/diagnostic.ts";
import { DiagnosticSink } from "../diag/diagnostic_sink.ts";
import { didYouMean } from "../diag/suggest.ts";
import type { Config } from "./model.ts";

/** Interfaces that the configuration names and `existing` does not have; nothing when `existing` is empty. */
export function checkInterfaces(
  config: Config,
  existing: readonly string[],
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  if (existing.length === 0) return [];
  const known = new Set(existing);
  const told = new Set<string>();
  const check = (name: string | undefined, span: Span | undefined) => {
    if (
      name === undefined || span === undefined || known.has(name) ||
      told.has(name)
    ) return;
    told.add(name);
    const near = didYouMean(name, existing);
    sink.advice("HK0301", span, `no interface \`${name}\` on this machine`, {
      scope: "host",
      label: "the instance would wait for it",
      ...(near === undefined ? {} : { help: near }),
    });
  };
  for (const instance of config.instances) {
    check(instance.interface, instance.at.of.interface);
    for (
      const entry of [
        ...instance.virtualAddresses,
        ...instance.excludedAddresses,
      ]
    ) {
      check(entry.interface, entry.at.of.interface ?? entry.at.self);
    }
  }
  return sink.diagnostics;
}
