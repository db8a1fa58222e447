/**
 * Slips of the pen in configurations that are right: does the report name the right line, and the right word?
 *
 * `deno run --allow-read tests/fuzz/slips.ts [COUNT] [SEED]` prints both shares and the slips that were missed.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { checkConfig } from "../../lib/config/checks.ts";
import { memorySurroundings } from "../../lib/config/keepalived/memory_files.ts";
import { readKeepalived } from "../../lib/config/keepalived/read.ts";
import type { Diagnostic, Span } from "../../lib/diag/diagnostic.ts";
import { SeededRandom } from "./mutate.ts";

/** One slip: the text with it, and where it is. */
export interface Slip {
  readonly kind: "letter" | "brace" | "value";
  readonly text: string;
  /** Line of the slip, from 1; of a lost brace also the end of the block, where it is missed. */
  readonly lines: readonly number[];
  /** The keyword as it was before; undefined if the slip is another. */
  readonly keyword: string | undefined;
}

export interface SlipReport {
  readonly count: number;
  /** Slips of which some complaint names the line. */
  readonly located: number;
  readonly misspelt: number;
  /** Misspelt keywords whose right spelling is proposed. */
  readonly corrected: number;
  readonly missed: readonly string[];
}

/** Keywords whose misspelling some other keyword would be, or which stand where any word may. */
const OPEN_BLOCKS =
  /^(virtual_ipaddress|virtual_ipaddress_excluded|virtual_routes|unicast_peer|group|track_(interface|script|process))$/;

/** Makes `count` slips from `seed` and judges what is said of them. */
export function judgeSlips(count: number, seed: number): SlipReport {
  const random = new SeededRandom(seed);
  const bases = baseTexts();
  const report = { count: 0, located: 0, misspelt: 0, corrected: 0 };
  const missed: string[] = [];
  while (report.count < count) {
    const base = random.pick(bases, "");
    const slip = slipIn(base, random);
    if (slip === undefined) continue;
    report.count++;
    const known = new Set(complaintsOf(base).map(({ message }) => message));
    const fresh = complaintsOf(slip.text).filter(({ message }) =>
      !known.has(message)
    );
    const isLocated = fresh.some((one) =>
      placesOf(one).some((span) => slip.lines.includes(lineOf(span)))
    );
    if (isLocated) report.located++;
    const { keyword } = slip;
    const isCorrected = keyword !== undefined &&
      fresh.some(({ help, label }) =>
        `${help ?? ""} ${label ?? ""}`.includes(`\`${keyword}\``)
      );
    if (keyword !== undefined) report.misspelt++;
    if (isCorrected) report.corrected++;
    if (isLocated && (keyword === undefined || isCorrected)) continue;
    const line = slip.text.split("\n")[(slip.lines[0] ?? 1) - 1] ?? "";
    missed.push(
      `${slip.kind} in ${slip.lines.join(" or ")}: ${line.trim()} -> ${
        fresh.map((one) => `${lineOf(one.span)}: ${one.message}`).join("; ") ||
        "nothing"
      }`,
    );
  }
  return { ...report, missed };
}

function baseTexts(): readonly string[] {
  const folder = fromFileUrl(new URL("./bases/", import.meta.url));
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
    .map((name) => Deno.readTextFileSync(folder + name));
}

function complaintsOf(text: string): readonly Diagnostic[] {
  const { config, diagnostics } = readKeepalived("/keepalived.conf", {
    surroundings: memorySurroundings({ "/keepalived.conf": text }),
  });
  return config === undefined
    ? diagnostics
    : [...diagnostics, ...checkConfig(config)];
}

function placesOf({ span, related = [] }: Diagnostic): readonly Span[] {
  return [span, ...related.map((place) => place.span)];
}

function lineOf({ source, start }: Span): number {
  return source.text.slice(0, start).split("\n").length;
}

function slipIn(base: string, random: SeededRandom): Slip | undefined {
  const lines = base.split("\n");
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  switch (random.below(3)) {
    case 0:
      return misspell(lines, at, line, random);
    case 1:
      return loseBrace(lines, at, line);
    default:
      return spoilValue(lines, at, line);
  }
}

function withLine(
  lines: readonly string[],
  at: number,
  changed: string,
): string {
  return lines.with(at, changed).join("\n");
}

/** A letter of the keyword is lost, doubled, or exchanged with the next one. */
function misspell(
  lines: readonly string[],
  at: number,
  line: string,
  random: SeededRandom,
): Slip | undefined {
  const [, indent, keyword, rest] = /^(\s*)([a-zA-Z_]{4,})(.*)$/.exec(line) ??
    [];
  if (keyword === undefined || isEntry(lines, at)) return undefined;
  const place = random.below(keyword.length);
  const letter = keyword[place] ?? "";
  const after = keyword.slice(place + 1);
  const before = keyword.slice(0, place);
  const changed = [
    before + after,
    before + letter + letter + after,
    before + (after[0] ?? "") + letter + after.slice(1),
  ][random.below(3)] ?? keyword;
  if (changed === keyword) return undefined;
  return {
    kind: "letter",
    text: withLine(lines, at, `${indent}${changed}${rest}`),
    lines: [at + 1],
    keyword,
  };
}

/** Whether a line is an entry of a list, where any word may stand. */
function isEntry(lines: readonly string[], at: number): boolean {
  const head = lines[opening(lines, at)] ?? "";
  return OPEN_BLOCKS.test(head.trim().split(/\s/)[0] ?? "");
}

/** The line that opens the block in which line `at` stands. */
function opening(lines: readonly string[], at: number): number {
  let depth = 0;
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above] ?? "";
    if (line.includes("}")) depth++;
    if (line.includes("{") && depth-- === 0) return above;
  }
  return -1;
}

/** A brace is lost: the report may name its own line, that of its partner, or that of the block around. */
function loseBrace(
  lines: readonly string[],
  at: number,
  line: string,
): Slip | undefined {
  const place = line.search(/[{}]/);
  if (place < 0) return undefined;
  const changed = line.slice(0, place) + line.slice(place + 1);
  const partner = line.includes("}") ? opening(lines, at) : closing(lines, at);
  return {
    kind: "brace",
    text: withLine(lines, at, changed),
    lines: [
      at,
      at + 1,
      at + 2,
      partner + 1,
      opening(lines, at) + 1,
      opening(lines, partner) + 1,
    ],
    keyword: undefined,
  };
}

function closing(lines: readonly string[], at: number): number {
  let depth = 0;
  for (let below = at; below < lines.length; below++) {
    const line = lines[below] ?? "";
    if (line.includes("{")) depth++;
    if (line.includes("}") && --depth === 0) return below;
  }
  return lines.length - 1;
}

const SPOILT: Readonly<Record<string, string>> = {
  virtual_router_id: "256",
  priority: "300",
  advert_int: "1000",
  garp_master_delay: "-3",
  vrrp_garp_master_refresh: "x",
  interval: "0",
  timeout: "-1",
  fall: "0",
  rise: "x",
  weight: "999999999999",
  quorum: "-1",
  preempt_delay: "5000",
  delay_loop: "0",
  persistence_timeout: "-1",
  connect_timeout: "x",
  retry: "-1",
  delay_before_retry: "-1",
  connect_port: "70000",
  misc_timeout: "-2",
  status_code: "20",
  protocol: "TPC",
  lb_kind: "DRR",
  state: "MASTRE",
  auth_type: "PAS",
  vrrp_version: "4",
  unicast_src_ip: "192.0.2.256",
  vrrp_mcast_group4: "192.0.2.1",
};

/** A value is out of its range, or none at all. */
function spoilValue(
  lines: readonly string[],
  at: number,
  line: string,
): Slip | undefined {
  const [, head, keyword] = /^(\s*([a-z_0-9]+)\s+)\S+$/.exec(line) ?? [];
  const spoilt = keyword === undefined ? undefined : SPOILT[keyword];
  if (head === undefined || spoilt === undefined) {
    return undefined;
  }
  return {
    kind: "value",
    text: withLine(lines, at, head + spoilt),
    lines: [at + 1],
    keyword: undefined,
  };
}

if (import.meta.main) {
  const [count = "1000", seed = "1"] = Deno.args;
  const { missed, ...shares } = judgeSlips(Number(count), Number(seed));
  console.log(shares);
  for (const one of new Set(missed)) console.log(one);
}
