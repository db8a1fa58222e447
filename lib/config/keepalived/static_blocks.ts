/**
 * `static_ipaddress`, `static_routes` and `static_rules`: what is there as long as the daemon runs.
 * @module
 */
import type { Span } from "../../diag/diagnostic.ts";
import type { AddressEntry, GlobalDefs } from "../model.ts";
import type { RouteEntry, RuleEntry } from "../route_model.ts";
import { readAddressLine } from "./address_line.ts";
import { entries, type Row } from "./block.ts";
import { readRouteLine } from "./route_line.ts";
import { readRuleLine } from "./rule_line.ts";

/** What a file says of them so far. */
export class StaticDraft {
  readonly addresses: AddressEntry[] = [];
  readonly routes: RouteEntry[] = [];
  readonly rules: RuleEntry[] = [];
  readonly #at: {
    -readonly [K in keyof GlobalDefs["at"]["of"]]?: Span;
  } = {};

  /** `globals`, with all of them. */
  addTo(globals: GlobalDefs): GlobalDefs {
    return {
      ...globals,
      staticAddresses: this.addresses,
      staticRoutes: this.routes,
      staticRules: this.rules,
      at: { ...globals.at, of: { ...globals.at.of, ...this.#at } },
    };
  }

  /** Where a block stands; the first place counts. */
  mark(
    key: "staticAddresses" | "staticRoutes" | "staticRules",
    span: Span,
  ): void {
    this.#at[key] ??= span;
  }
}

interface HasStatics {
  readonly statics: StaticDraft;
}

/** The blocks, by their keywords. */
export const staticBlocks: Readonly<Record<string, Row<HasStatics>>> = {
  static_ipaddress: entries((draft: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const entry = readAddressLine(line, context, "static");
    if (entry !== undefined) draft.statics.addresses.push(entry);
  }, ({ statics }, line) => statics.mark("staticAddresses", line.wordSpan(0))),
  static_routes: entries((draft: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const entry = readRouteLine(line, context);
    if (entry !== undefined) draft.statics.routes.push(entry);
  }, ({ statics }, line) => statics.mark("staticRoutes", line.wordSpan(0))),
  static_rules: entries((draft: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const entry = readRuleLine(line, context);
    if (entry !== undefined) draft.statics.rules.push(entry);
  }, ({ statics }, line) => statics.mark("staticRules", line.wordSpan(0))),
};
