/**
 * Who may import whom: imports point downward only, so that a pure core can never reach the kernel.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** A room, and the rooms it may import from besides itself. Files of their own come before their room. */
const MAY_IMPORT:
  readonly (readonly [room: string, from: readonly string[]])[] = [
    ["main.ts", ["lib/cli"]],
    ["lib/build_info.ts", ["deno.json"]],
    ["lib/assert.ts", []],
    ["lib/addr", ["lib/assert.ts"]],
    ["lib/bytes", ["lib/assert.ts"]],
    ["lib/time", ["lib/assert.ts"]],
    ["lib/wire", ["lib/assert.ts", "lib/addr", "lib/bytes"]],
    ["lib/bfd", ["lib/assert.ts", "lib/addr"]],
    ["lib/route", ["lib/assert.ts", "lib/addr", "lib/vrrp"]],
    ["lib/vrrp", [
      "lib/assert.ts",
      "lib/addr",
      "lib/bytes",
      "lib/time",
      "lib/wire",
      "lib/route",
    ]],
    ["lib/diag", ["lib/assert.ts"]],
    ["lib/log/log_level.ts", ["lib/config/model.ts", "lib/log"]],
    ["lib/config", [
      "lib/assert.ts",
      "lib/bfd",
      "lib/addr",
      "lib/time",
      "lib/diag",
      "lib/vrrp",
      "lib/wire",
      "lib/log/log_level.ts",
    ]],
    ["lib/track", [
      "lib/assert.ts",
      "lib/time",
      "lib/config/tracking_model.ts",
    ]],
    ["lib/status", [
      "lib/assert.ts",
      "lib/bfd",
      "lib/addr",
      "lib/time",
      "lib/vrrp",
      "lib/engine/port.ts",
    ]],
    ["lib/log", ["lib/assert.ts", "lib/config/model.ts", "lib/time"]],
    ["lib/world", [
      "lib/assert.ts",
      "lib/bfd",
      "lib/addr",
      "lib/route",
      "lib/vrrp",
      "lib/wire",
      "lib/config/host_facts.ts",
      "lib/config/notify_model.ts",
      "lib/config/prepare_script.ts",
      "lib/config/keepalived/file_access.ts",
      "lib/engine/port.ts",
      "ffi",
    ]],
    ["lib/engine", [
      "lib/assert.ts",
      "lib/bfd",
      "lib/addr",
      "lib/route",
      "lib/vrrp",
      "lib/wire",
      "lib/world",
      "lib/bytes",
    ]],
    ["lib/control", ["lib/assert.ts", "lib/status"]],
    // A double of the engine for the daemon's tests.
    ["lib/daemon/fake_engine.ts", [
      "lib/engine/port.ts",
      "lib/world/command_pipe.ts",
      "lib/bfd",
      "lib/vrrp",
      "lib/addr",
    ]],
    ["lib/daemon", [
      "lib/assert.ts",
      "lib/bfd",
      "lib/config",
      "lib/control",
      "lib/diag",
      "lib/engine/port.ts",
      "lib/log",
      "lib/status",
      "lib/time",
      "lib/track",
      "lib/vrrp",
      "lib/world/child_processes.ts",
      "lib/world/daemon_linux.ts",
      "lib/world/firewall.ts",
      "lib/world/host_settings.ts",
      "lib/world/link_beats.ts",
      "lib/world/notify_fifo.ts",
      "lib/world/path_watches.ts",
      "lib/world/processes.ts",
      "lib/world/name_claims.ts",
      "lib/world/table_news.ts",
      "lib/wire/nftables_event.ts",
    ]],
    ["lib/cli", [
      "lib/assert.ts",
      "lib/build_info.ts",
      "lib/config",
      "lib/control",
      "lib/daemon",
      "lib/diag",
      "lib/engine/port.ts",
      "lib/log",
      "lib/status",
      "lib/time",
      "lib/vrrp",
      "lib/world/config_files.ts",
      "lib/world/host_interfaces.ts",
      "lib/world/network_namespace.ts",
      "lib/world/script_host.ts",
      "lib/world/daemon_linux.ts",
      "lib/world/output_file.ts",
    ]],
    ["ffi", ["lib/assert.ts"]],
  ];

/** Rooms without effects: no Deno, clock, timer, randomness, console. */
const PURE = [
  "lib/addr",
  "lib/bytes",
  "lib/time",
  "lib/wire",
  "lib/vrrp",
  "lib/route",
  "lib/config",
  "lib/diag",
  "lib/track",
  "lib/bfd",
];
const EFFECT =
  /\b(Deno\.|Date\.now|new Date\(|setTimeout|setInterval|Math\.random|performance\.|console\.|await )/;

function* sources(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(`${ROOT}${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sources(path);
    else if (path.endsWith(".ts") && !path.endsWith("_test.ts")) yield path;
  }
}

const FILES = ["main.ts", ...sources("lib"), ...sources("ffi")];

function roomOf(
  path: string,
): readonly [string, readonly string[]] | undefined {
  return MAY_IMPORT.findLast(([room]) => path === room) ??
    MAY_IMPORT.find(([room]) => path.startsWith(`${room}/`));
}

function imports(path: string): string[] {
  const text = Deno.readTextFileSync(`${ROOT}${path}`);
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map((match) => {
    const url = new URL(match[1] ?? "", `file:///${path}`);
    return url.pathname.slice(1);
  });
}

Deno.test("every file imports only from the rooms below its own", () => {
  const wrong: string[] = [];
  for (const path of FILES) {
    const room = roomOf(path);
    if (room === undefined) {
      wrong.push(`${path} is in no room`);
      continue;
    }
    const allowed = [room[0], ...room[1]];
    for (const target of imports(path)) {
      if (
        !allowed.some((one) => target === one || target.startsWith(`${one}/`))
      ) wrong.push(`${path} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("the two configuration languages do not import each other", () => {
  const wrong = FILES.filter((path) =>
    (path.startsWith("lib/config/toml/") &&
      imports(path).some((one) => one.startsWith("lib/config/keepalived/"))) ||
    (path.startsWith("lib/config/keepalived/") &&
      imports(path).some((one) => one.startsWith("lib/config/toml/")))
  );
  assertEquals(wrong, []);
});

Deno.test("pure rooms have no effects", () => {
  const wrong = FILES.filter((path) =>
    PURE.some((room) => path.startsWith(`${room}/`))
  ).flatMap((path) =>
    withoutComments(Deno.readTextFileSync(`${ROOT}${path}`))
      .split("\n")
      .filter((line) => EFFECT.test(line))
      .map((line) => `${path}: ${line.trim()}`)
  );
  assertEquals(wrong, []);
});

Deno.test("every file begins by saying what it is, and stays one thing", () => {
  const wrong = FILES.filter((path) => {
    const text = Deno.readTextFileSync(`${ROOT}${path}`);
    return !text.startsWith("/**\n") || text.split("\n").length > 900;
  });
  assertEquals(wrong, []);
});

Deno.test("nothing is untyped, left open, or named after nothing", () => {
  const wrong = FILES.flatMap((path) => {
    const text = withoutComments(Deno.readTextFileSync(`${ROOT}${path}`));
    const found: string[] = [];
    if (/: any\b|<any>|as any\b/.test(text)) found.push(`${path} uses any`);
    if (/\b(TODO|FIXME|XXX)\b/.test(Deno.readTextFileSync(`${ROOT}${path}`))) {
      found.push(`${path} leaves something open`);
    }
    if (/(^|\/)(utils|helpers|common|types|mod|index)\.ts$/.test(path)) {
      found.push(`${path} has a name without an owner`);
    }
    if (
      !path.startsWith("ffi/") && !path.startsWith("lib/bytes/") &&
      /\bas (?!const\b)[A-Z][A-Za-z<]/.test(text)
    ) {
      found.push(`${path} casts`);
    }
    return found;
  });
  assertEquals(wrong, []);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(
    /^\s*\/\/.*$/gm,
    "",
  )
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""').replaceAll(
      /`(?:[^`\\]|\\.)*`/g,
      "``",
    );
}
