/**
 * Fixtures: files of `tests/fixtures/toml`, each with its input and what is to come of it.
 *
 * `UPDATE_FIXTURES=1 deno test -A` writes what comes of them; read the difference before it is committed.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import fc from "fast-check";
import { diagnosticCodes } from "../../diag/codes.ts";
import { renderDiagnostics } from "../../diag/render.ts";
import { inTextOrder } from "../../diag/text_order.ts";
import { checkConfig } from "../checks.ts";
import { parseIpAddress } from "../../addr/ip_address.ts";
import { defined } from "../../assert.ts";
import { type KeyFileHost, readKeyFiles } from "../hmac_checks.ts";
import { checkInterfaces, checkTrackFiles } from "../host_checks.ts";
import type { HostInterfaces } from "../host_facts.ts";
import type { ScriptHost } from "../prepare_script.ts";
import { checkFifos, checkScripts, scriptsOf } from "../script_checks.ts";
import { readToml } from "./read.ts";

const FIXTURES = fromFileUrl(
  new URL("../../../tests/fixtures/toml/", import.meta.url),
);

function read(text: string) {
  return readToml({ name: "hakeep.toml", text, includedFrom: undefined });
}

/** The parts of a fixture: `--- NAME` and what follows. */
function parts(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(/^--- /m).slice(1)) {
    const end = part.indexOf("\n");
    found.set(part.slice(0, end), part.slice(end + 1));
  }
  return found;
}

/** For JSON: without places, and with keys in alphabetical order. */
function plain(key: string, value: unknown): unknown {
  if (key === "at") return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

/** `eth0 10.0.0.1/24 …`, an interface a line; `-multicast` behind the name of one that cannot. */
function interfacesOf(text: string): HostInterfaces {
  return new Map(
    text.trim().split("\n").filter(Boolean).map((line) => {
      const [name = "", ...words] = line.split(" ");
      const addresses = words.filter((word) => word !== "-multicast");
      return [name, {
        canMulticast: addresses.length === words.length,
        addresses: addresses.map((one) => {
          const [address = "", length] = one.split("/");
          return {
            address: defined(parseIpAddress(address), one),
            prefixLength: Number(length),
          };
        }),
      }];
    }),
  );
}

/**
 * `/path MODE UID [CONTENT]`, a file or, with a slash behind it, a directory a line; the only users are root and
 * nobody.
 */
function scriptHostOf(
  text: string | undefined,
): (ScriptHost & KeyFileHost) | undefined {
  if (text === undefined) return undefined;
  const files = new Map(
    text.trim().split("\n").filter(Boolean).map((line) => {
      const [path = "", mode = "", uid, content = ""] = line.split(" ");
      return [path, {
        kind: path.endsWith("/") ? "directory" as const : "file" as const,
        mode: parseInt(mode, 8),
        uid: Number(uid),
        gid: Number(uid),
        content,
      }];
    }),
  );
  const users = new Map([["root", 0], ["nobody", 65534]]);
  return {
    factsOf: (path) => files.get(path) ?? files.get(`${path}/`),
    accountOf: (user) => {
      const id = users.get(user);
      return id === undefined ? undefined : { uid: id, gid: id };
    },
    groupIdOf: (group) => users.get(group),
    realPathOf: (path) => path,
    searchPath: ["/usr/bin"],
    contentOf: (path) => {
      const file = files.get(path);
      return file && new TextEncoder().encode(`${file.content}\n`);
    },
  };
}

function outcome(
  text: string,
  interfaces: HostInterfaces,
  host: (ScriptHost & KeyFileHost) | undefined,
): string {
  const { config, diagnostics } = read(text);
  const all = config === undefined ? diagnostics : inTextOrder([
    ...diagnostics,
    ...checkConfig(config),
    ...checkInterfaces(config, interfaces),
    ...(host === undefined ? [] : [
      ...checkScripts(scriptsOf(config), config.globals, host),
      ...checkFifos(config.globals, host),
      ...checkTrackFiles(config, host.factsOf),
      ...readKeyFiles(config, host, "error").diagnostics,
    ]),
  ]);
  const isRefused = all.some(({ severity }) => severity === "error");
  const model = isRefused ? "refused" : JSON.stringify(config, plain, 1);
  return `--- diagnostics\n${renderDiagnostics(all)}--- model\n${model}\n`;
}

for (const { name } of Deno.readDirSync(FIXTURES)) {
  Deno.test(`readToml() reads fixture ${name}`, () => {
    const text = Deno.readTextFileSync(FIXTURES + name);
    const files = parts(text);
    files.delete("diagnostics");
    files.delete("model");
    const input = [...files].map(([file, body]) => `--- ${file}\n${body}`)
      .join("");
    const actual = input +
      outcome(
        files.get("hakeep.toml") ?? "",
        interfacesOf(files.get("interfaces") ?? ""),
        scriptHostOf(files.get("files")),
      );
    if (Deno.env.get("UPDATE_FIXTURES") === "1") {
      Deno.writeTextFileSync(FIXTURES + name, actual);
    } else assertEquals(actual, text);
  });
}

Deno.test("readToml() takes what Windows editors write: a byte order mark and CRLF", () => {
  const text = [
    "\ufeff[vrrp_instance.a]",
    'interface = "eth0"',
    "virtual_router_id = 300",
    "",
  ].join("\r\n");
  const { config, diagnostics } = read(text);
  assertEquals(config?.instances[0]?.interface, "eth0");
  const [{ code, span } = { code: undefined, span: undefined }] = diagnostics;
  assertEquals(code, "HK0104");
  assertEquals(text.slice(span?.start, span?.end), "300");
});

Deno.test("readToml() takes dotted keys, inline tables and tables for the same", () => {
  const forms = [
    '[vrrp_instance.a]\nauthentication.auth_type = "PASS"\nauthentication.auth_pass = "x"\n',
    '[vrrp_instance.a]\nauthentication = { auth_type = "PASS", auth_pass = "x" }\n',
    '[vrrp_instance.a.authentication]\nauth_type = "PASS"\nauth_pass = "x"\n',
    'vrrp_instance.a.authentication.auth_type = "PASS"\nvrrp_instance.a.authentication.auth_pass = "x"\n',
    'vrrp_instance = { a = { authentication = { auth_type = "PASS", auth_pass = "x" } } }\n',
  ];
  for (const form of forms) {
    const { config, diagnostics } = read(form);
    assertEquals(diagnostics, [], form);
    const { type, password } = config?.instances[0]?.authentication ?? {};
    assertEquals([type, password], ["PASS", "x"], form);
  }
});

for (
  const [text, seconds] of [
    ["1", 1],
    ["0.3", 0.3],
    ["1e0", 1],
    ['"300ms"', 0.3],
    ['"250000us"', 0.25],
    ['"2s"', 2],
    ['"1.5 s"', 1.5],
    ['"1m"', 60],
    ["true", undefined],
    ['"1"', undefined],
    ['"1 d"', undefined],
    ['"-1s"', undefined],
    ["inf", undefined],
    ["nan", undefined],
    ["1e999", undefined],
    ["-0.5", undefined],
  ] satisfies [string, number | undefined][]
) {
  Deno.test(`readToml() takes ${text} for ${seconds ?? "no"} seconds`, () => {
    const { config } = read(`[vrrp_instance.a]\nadvert_int = ${text}\n`);
    const ns = config?.instances[0]?.advertIntervalNs;
    assertEquals(ns, seconds === undefined ? undefined : seconds * 1e9);
  });
}

Deno.test("readToml() never throws, and every span is inside the text", () => {
  const word = fc.constantFrom(
    "[vrrp_instance.a]",
    "[vrrp_instance",
    "[[vrrp_instance]]",
    "[global_defs]",
    "[log]",
    "interface",
    "virtual_router_id",
    "virtual_ipaddress",
    "unicast_peer",
    "authentication",
    "advert_int",
    "=",
    ".",
    ",",
    "[",
    "]",
    "{",
    "}",
    '"eth0"',
    '"10.0.0.1/24"',
    "address",
    "5",
    "0.3",
    "true",
    "1979-05-27",
    "99999999999999999999",
    "\n",
    "\r\n",
    "#",
    '"""',
    "'",
    "\\",
    "\u0000",
    "\ufeff",
    "é",
    "😀",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const text = words.join(" ");
      const { config, diagnostics } = read(text);
      const all = config === undefined
        ? diagnostics
        : [...diagnostics, ...checkConfig(config)];
      for (const { span } of all) {
        assert(0 <= span.start && span.start <= span.end);
        assert(span.end <= text.length);
      }
      renderDiagnostics(all);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("every code that both languages can raise has a fixture", () => {
  const texts = [...Deno.readDirSync(FIXTURES)].map(({ name }) =>
    Deno.readTextFileSync(FIXTURES + name)
  );
  // Codes from HK0401 are keepalived's alone; HK0001 is about a file that is not there.
  const missing = diagnosticCodes().filter((code) =>
    code < "HK0400" && code !== "HK0001" &&
    !texts.some((text) => text.includes(`[${code}]`))
  );
  assertEquals(missing, []);
});
