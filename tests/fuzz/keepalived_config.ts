/**
 * Fuzz target: mutated keepalived.conf files never crash or hang the reader, every position is real, and what is
 * imported reads back as the same.
 *
 * `deno task fuzz:config [SECONDS] [SEED]` runs for a time and prints the seed first.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { cpuUsage } from "node:process";
import { importKeepalived } from "../../lib/cli/import.ts";
import { checkConfig } from "../../lib/config/checks.ts";
import { memorySurroundings } from "../../lib/config/keepalived/memory_files.ts";
import {
  type KeepalivedReading,
  readKeepalived,
} from "../../lib/config/keepalived/read.ts";
import type { Config } from "../../lib/config/model.ts";
import { readToml } from "../../lib/config/toml/read.ts";
import type { Diagnostic, Span } from "../../lib/diag/diagnostic.ts";
import { mutate, SeededRandom } from "./mutate.ts";

/** No reading may take more of a processor; a hang shows as that. How busy the machine is does not matter. */
const READING_MS_MAX = 30_000;

/** The inputs of all fixtures: the main files. */
export function seedTexts(): readonly string[] {
  const folder = fromFileUrl(
    new URL("../fixtures/keepalived/", import.meta.url),
  );
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".txt"))
    .map(({ name }) => Deno.readTextFileSync(folder + name))
    .map((text) => /^--- .*\n([^]*?)(?=^--- )/m.exec(text)?.[1] ?? "")
    .sort();
}

/** Reads one text and checks what must hold whatever it says. Throws when it does not. */
export function readAny(text: string) {
  const started = cpuUsage();
  const reading = readKeepalived("/keepalived.conf", {
    surroundings: memorySurroundings({ "/keepalived.conf": text }),
    keepComments: true,
  });
  const { diagnostics, config } = reading;
  const { user, system } = cpuUsage(started);
  const took = (user + system) / 1000;
  assert(took < READING_MS_MAX, `reading took ${Math.round(took)} ms`);
  for (const diagnostic of diagnostics) checkDiagnostic(diagnostic);
  for (const instance of config?.instances ?? []) {
    checkSpan(instance.at.self);
    for (const span of Object.values(instance.at.of)) checkSpan(span);
  }
  checkImport(reading);
}

/** What is imported reads back as the same, and is not refused when its source is not. */
function checkImport(reading: KeepalivedReading) {
  const { toml, diagnostics } = importKeepalived(reading);
  const source = { name: "out.toml", text: toml, includedFrom: undefined };
  const back = readToml(source);
  assertEquals(plain(back.config), plain(reading.config), toml);
  if (back.config === undefined || diagnostics.some(isError)) return;
  assertEquals(checkConfig(back.config).filter(isError), [], toml);
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** A model as plain data without its places. */
function plain(config: Config | undefined): unknown {
  const text = JSON.stringify(
    config ?? null,
    (key, value) => key === "at" ? undefined : value,
  );
  return JSON.parse(text);
}

function checkDiagnostic({ span, message, notes, related }: Diagnostic) {
  checkSpan(span);
  for (const place of related ?? []) checkSpan(place.span);
  const texts = [message, ...notes ?? []].join("");
  assert(texts.length < 20_000, "a message has no bound");
}

function checkSpan(span: Span | undefined) {
  if (span === undefined) return;
  const { start, end, source } = span;
  assert(
    0 <= start && start <= end && end <= source.text.length,
    `no such place: ${start} to ${end} of ${source.text.length}`,
  );
}

/** Reads `count` mutations, or as many as fit before `deadlineMs` of the monotonic clock. */
export function fuzz(seed: number, count: number, deadlineMs: number): number {
  const random = new SeededRandom(seed);
  const texts = seedTexts();
  let done = 0;
  while (done < count && performance.now() < deadlineMs) {
    // Files are decoded from bytes and so never hold half a character.
    const text = mutate(random.pick(texts, ""), random).toWellFormed();
    try {
      readAny(text);
    } catch (cause) {
      throw new Error(
        `Cannot read mutation ${done} of seed ${seed}: ${JSON.stringify(text)}`,
        { cause },
      );
    }
    done++;
  }
  return done;
}

if (import.meta.main) {
  const seconds = Number(Deno.args[0] ?? "60");
  const seed = Number(
    Deno.args[1] ?? crypto.getRandomValues(new Uint32Array(1))[0],
  );
  console.log(`seed ${seed}, ${seconds} s`);
  const done = fuzz(seed, Infinity, performance.now() + seconds * 1000);
  console.log(`${done} mutations, no failure`);
}
