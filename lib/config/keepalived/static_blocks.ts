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
import { type Followed, followed, TrackGroupWord } from "./track_group.ts";

/** What a file says of them so far. */
export class StaticDraft {
  readonly addresses: AddressEntry[] = [];
  readonly routes: RouteEntry[] = [];
  readonly rules: RuleEntry[] = [];
  /** What groups of instances follow. */
  readonly followed: Followed[] = [];
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

  /** Remembers what a line has its group follow. */
  follow(one: Followed | undefined): void {
    if (one !== undefined) this.followed.push(one);
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
  static_ipaddress: entries(({ statics }: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const word = new TrackGroupWord();
    const entry = readAddressLine(line, context, word);
    if (entry === undefined) return;
    statics.addresses.push(entry);
    const { interface: name, at: { of } } = entry;
    const device = { interface: name, at: of.interface, mayDefault: true };
    statics.follow(followed(word, entry, device, line, context));
  }, ({ statics }, line) => statics.mark("staticAddresses", line.wordSpan(0))),
  static_routes: entries(({ statics }: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const word = new TrackGroupWord();
    const entry = readRouteLine(line, context, word);
    if (entry === undefined) return;
    statics.routes.push(entry);
    const { interface: name, at: { of } } = entry;
    const device = { interface: name, at: of.interface };
    statics.follow(followed(word, entry, device, line, context));
  }, ({ statics }, line) => statics.mark("staticRoutes", line.wordSpan(0))),
  static_rules: entries(({ statics }: HasStatics, line, context) => {
    if (line.kind !== "words") return;
    const word = new TrackGroupWord();
    const entry = readRuleLine(line, context, word);
    if (entry === undefined) return;
    statics.rules.push(entry);
    const { inputInterface: name, at: { of } } = entry;
    const device = { interface: name, at: of.inputInterface };
    statics.follow(followed(word, entry, device, line, context));
  }, ({ statics }, line) => statics.mark("staticRules", line.wordSpan(0))),
};
