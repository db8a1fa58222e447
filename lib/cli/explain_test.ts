import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HostAddress } from "../config/host_facts.ts";
import type { FileFacts } from "../config/keepalived/file_access.ts";
import { memorySurroundings } from "../config/keepalived/memory_files.ts";
import { readKeepalived } from "../config/keepalived/read.ts";
import { readToml } from "../config/toml/read.ts";
import { diagnosticCodes } from "../diag/codes.ts";
import type { Diagnostic } from "../diag/diagnostic.ts";
import { type Example, exampleText } from "../diag/examples/example.ts";
import { exampleOf } from "../diag/examples/examples.ts";
import { parseIpAddress } from "../addr/ip_address.ts";
import { explanationPage } from "./explain.ts";
import { importKeepalived } from "./import.ts";
import { type CheckedHost, checkOnHost } from "./load_config.ts";

const MAIN = "/etc/keepalived/keepalived.conf";

const KEY = new TextEncoder().encode("hex:" + "0f".repeat(32));

function file(mode: number, uid = 0): FileFacts {
  return { kind: "file", mode, uid, gid: uid };
}

const DIRECTORY: FileFacts = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };

const FACTS: Readonly<Record<string, FileFacts>> = {
  "/": DIRECTORY,
  "/etc": DIRECTORY,
  "/etc/keepalived": DIRECTORY,
  "/etc/keepalived/vrrp.key": file(0o600),
  "/etc/keepalived/open.key": file(0o644),
  "/home": DIRECTORY,
  "/home/alice": { ...DIRECTORY, uid: 1000, gid: 1000 },
  "/home/alice/notify": file(0o755, 1000),
  "/run": DIRECTORY,
  "/usr": DIRECTORY,
  "/usr/bin": DIRECTORY,
  "/usr/bin/pgrep": file(0o755),
  "/usr/local": DIRECTORY,
  "/usr/local/bin": DIRECTORY,
  "/usr/local/bin/mail": file(0o755),
  "/usr/local/bin/notify": file(0o755),
  "/usr/local/share": DIRECTORY,
  "/usr/local/share/doc": DIRECTORY,
  "/usr/local/share/doc/notify.txt": file(0o644),
};

function network(text: string): readonly HostAddress[] {
  const address = parseIpAddress(text);
  return address === undefined ? [] : [{ address, prefixLength: 24 }];
}

/** The machine that all examples are for. */
const HOST: CheckedHost = {
  factsOf: (path) => FACTS[path],
  realPathOf: (path) => path in FACTS ? path : undefined,
  accountOf: (name) =>
    ["root", "nobody"].includes(name)
      ? { name, uid: name === "root" ? 0 : 65534, gid: 0, groups: [] }
      : undefined,
  groupIdOf: () => undefined,
  searchPath: ["/usr/bin"],
  contentOf: (path) => path in FACTS ? KEY : undefined,
  interfaces: new Map([
    ["eth0", { addresses: network("192.0.2.11"), canMulticast: true }],
    ["eth1", { addresses: network("198.51.100.11"), canMulticast: true }],
    ["eth2", { addresses: [], canMulticast: true }],
    ["tun0", { addresses: [], canMulticast: false }],
  ]),
};

/** What examples may have beside: virtual servers are not acted on yet, and passwords are what they are. */
const BESIDE: ReadonlySet<string> = new Set(["HK0004", "HK0102", "HK0229"]);

/** Everything that `check` and `import` say about an example. */
function told(example: Example, which: "mistake" | "remedy") {
  const text = exampleText(example, which);
  if (example.language === "toml") {
    const read = readToml({ name: "x.toml", text, includedFrom: undefined });
    return read.config === undefined
      ? read.diagnostics
      : checkOnHost(read.config, read, true, HOST).diagnostics;
  }
  const isCommand = example.language === "shell";
  const main = isCommand ? text.trim().split(" ").at(-1) ?? "" : MAIN;
  const read = readKeepalived(main, {
    surroundings: memorySurroundings({
      [MAIN]: isCommand ? "" : text,
      "/etc/keepalived/vips.conf": "",
    }),
    keepComments: true,
  });
  if (read.config === undefined) return read.diagnostics;
  return [
    ...checkOnHost(read.config, read, false, HOST).diagnostics,
    ...importKeepalived(read).diagnostics,
  ];
}

function codesOf(diagnostics: readonly Diagnostic[]) {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

for (const code of diagnosticCodes()) {
  Deno.test(`the example of ${code} triggers it, and its remedy silences it`, () => {
    const example = exampleOf(code);
    const mistake = codesOf(told(example, "mistake"));
    assert(mistake.includes(code), `${code} is not among ${mistake}`);
    const rest = told(example, "remedy").filter((one) =>
      one.code === code || !BESIDE.has(one.code)
    );
    assertEquals(codesOf(rest), []);
  });
}

Deno.test("a page says what a code means, then what triggers it and what silences it", () => {
  assertStringIncludes(
    explanationPage("HK0208"),
    `routers: it counts in hundredths of a second.

Example (lines with - trigger it, lines with + are what to write instead):

      vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
    +     version 3
          advert_int 0.5
`,
  );
});
