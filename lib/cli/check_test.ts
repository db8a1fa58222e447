/** `hakeep check` and `hakeep explain` as a user calls them: a process, its exit code and both its outputs. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { diagnosticCodes } from "../diag/codes.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function hakeep(...args: readonly string[]): Outcome {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", MAIN, ...args],
    env: { NO_COLOR: "" },
  }).outputSync();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

/** A folder with `files`, for as long as `use` runs. */
function withFiles(
  files: Readonly<Record<string, string>>,
  use: (path: (name: string) => string) => void,
) {
  const folder = Deno.makeTempDirSync({ prefix: "hakeep-check-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${folder}/${name}`, text);
    }
    use((name) => `${folder}/${name}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function toml(lines: string): string {
  return `[vrrp_instance.VI_1]\ninterface = "hk-none"\nvirtual_router_id = 51\n${lines}\n`;
}

const GOOD = toml('virtual_ipaddress = ["192.0.2.10/24"]');
/** Two warnings and, of this machine, one advice. */
const WARNED = toml(
  'virtual_ipaddress = ["192.0.2.10/24", "192.0.2.10/25"]\nunicast_ttl = 5',
);
const REFUSED = toml('virtual_ipadress = ["192.0.2.10/24"]\npriority = 300');
const KEEPALIVED =
  "vrrp_instance VI_1 {\n  interface hk-none\n  virtual_router_id 51\n  virtual_ipaddress {\n    192.0.2.10/24\n  }\n}\n";

Deno.test("hakeep check ends with 0 when the configuration would run, in either language", () => {
  withFiles({ "a.toml": GOOD, "keepalived.conf": KEEPALIVED }, (path) => {
    for (const name of ["a.toml", "keepalived.conf"]) {
      const { code, out, error } = hakeep("check", path(name));
      assertEquals([code, out], [0, ""], error);
      assertStringIncludes(error, "no interface `hk-none` on this machine");
      assert(error.endsWith(`${path(name)}: would run (1 advice)\n`), error);
    }
  });
});

Deno.test("hakeep check ends with 1 when it is refused, and shows every mistake in its place", () => {
  withFiles({ "a.toml": REFUSED }, (path) => {
    const { code, out, error } = hakeep(
      "check",
      "--no-host",
      path("a.toml"),
    );
    assertEquals([code, out], [1, ""]);
    assertEquals(
      error.replaceAll(path("a.toml"), "a.toml"),
      `warning[HK0213]: \`VI_1\` has no virtual address
 --> a.toml:1:16
  |
1 | [vrrp_instance.VI_1]
  |                ^^^^ being MASTER changes nothing

error[HK0101]: unknown key \`virtual_ipadress\` in [vrrp_instance.VI_1]
 --> a.toml:4:1
  |
4 | virtual_ipadress = ["192.0.2.10/24"]
  | ^^^^^^^^^^^^^^^^
help: did you mean \`virtual_ipaddress\`?

error[HK0104]: 300 is out of range
 --> a.toml:5:12
  |
5 | priority = 300
  |            ^^^ must be 1 to 255

a.toml: refused (2 errors, 1 warning)
`,
    );
  });
});

Deno.test("hakeep check --strict refuses on warnings, and on nothing less", () => {
  withFiles({ "good.toml": GOOD, "warned.toml": WARNED }, (path) => {
    assertEquals(hakeep("check", path("warned.toml")).code, 0);
    assertEquals(hakeep("check", "--strict", path("warned.toml")).code, 1);
    assertEquals(hakeep("check", "--strict", path("good.toml")).code, 0);
  });
});

Deno.test("hakeep check --json prints the diagnostics as an array on standard output and nothing else", () => {
  withFiles({ "a.toml": WARNED }, (path) => {
    const { code, out, error } = hakeep("check", path("a.toml"), "--json");
    assertEquals([code, error], [0, ""]);
    const found: unknown = JSON.parse(out);
    assertEquals(found, [
      {
        code: "HK0301",
        severity: "advice",
        scope: "host",
        file: path("a.toml"),
        line: 2,
        column: 13,
        message: "no interface `hk-none` on this machine",
        help: null,
      },
      {
        code: "HK0215",
        severity: "warning",
        scope: "file",
        file: path("a.toml"),
        line: 4,
        column: 39,
        message: "`192.0.2.10` is listed twice",
        help: null,
      },
      {
        code: "HK0217",
        severity: "warning",
        scope: "file",
        file: path("a.toml"),
        line: 5,
        column: 15,
        message: "`VI_1` has unicast settings and no peer",
        help: null,
      },
    ]);
    const noHost = hakeep("check", "--json", "--no-host", path("a.toml")).out;
    assert(!noHost.includes("HK0301"), noHost);
  });
});

Deno.test("hakeep check --json prints an empty array when nothing is wrong", () => {
  withFiles({ "a.toml": GOOD }, (path) => {
    const { code, out } = hakeep(
      "check",
      "--json",
      "--no-host",
      path("a.toml"),
    );
    assertEquals([code, out], [0, "[]\n"]);
  });
});

Deno.test("hakeep check says that a file cannot be read, without a line", () => {
  withFiles({}, (path) => {
    for (const name of ["none.toml", "none.conf"]) {
      const { code, out } = hakeep("check", "--json", path(name));
      assertEquals(code, 1);
      assertStringIncludes(out, '"code": "HK0001"');
      assertStringIncludes(out, '"line": null');
    }
    const { code, error } = hakeep("check", path("."));
    assertEquals(code, 1);
    assertStringIncludes(error, "HK0001");
  });
});

Deno.test("hakeep check --format reads a file in that language, whatever its name", () => {
  withFiles({ "a.toml": KEEPALIVED, "a.conf": GOOD }, (path) => {
    const wrong = hakeep("check", path("a.toml"));
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.error, "help: use `--format keepalived`");
    const right = ["check", path("a.toml"), "--format", "keepalived"];
    assertEquals(hakeep(...right).code, 0);
    assertEquals(hakeep("check", "--format=toml", path("a.conf")).code, 0);
  });
});

Deno.test("hakeep check ends with 2 on wrong usage", () => {
  for (
    const args of [[], ["a", "b"], ["--jsn", "a"], ["--format", "yaml", "a"]]
  ) {
    const { code, out, error } = hakeep("check", ...args);
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(error, "hakeep check: ");
  }
});

Deno.test("hakeep check colours when it is told to, and not into a file", () => {
  withFiles({ "a.toml": REFUSED }, (path) => {
    const escape = "\x1b[";
    for (
      const [when, isColored] of [
        ["auto", false],
        ["never", false],
        ["always", true],
      ] as const
    ) {
      const { error } = hakeep("check", "--color", when, path("a.toml"));
      assertEquals(error.includes(escape), isColored, when);
    }
  });
});

Deno.test("hakeep explain prints what a code stands for, in either case", () => {
  for (const code of ["HK0203", "hk0203"]) {
    const { code: exit, out } = hakeep("explain", code);
    assertEquals(exit, 0);
    assert(out.startsWith("HK0203: a virtual_router_id is used twice\n\n"));
    for (const line of out.split("\n")) assert(line.length <= 80, line);
  }
});

Deno.test("hakeep explain ends with 2 on a code that does not exist, and names one that does", () => {
  const { code, out, error } = hakeep("explain", "HK0999");
  assertEquals([code, out], [2, ""]);
  const named = /did you mean (HK[0-9]{4})\?/.exec(error)?.[1];
  assert(diagnosticCodes().some((one) => one === named), error);
});
