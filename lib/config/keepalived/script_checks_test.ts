import { assertEquals } from "@std/assert";
import type { FileFacts } from "./file_access.ts";
import { checkScripts } from "./script_checks.ts";

const SOURCE = { name: "a.conf", text: "script", includedFrom: undefined };
const AT = { source: SOURCE, start: 0, end: 6 };
const ROOT: FileFacts = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };
const SCRIPT: FileFacts = { kind: "file", mode: 0o755, uid: 0, gid: 0 };

/** Code, label and remedy of what is said of `command` where the file system has `files`. */
function said(command: string, files: Record<string, FileFacts>) {
  const scripts = [{ keyword: "script", at: AT, command }];
  const all = new Map(Object.entries({ "/": ROOT, "/opt": ROOT, ...files }));
  return checkScripts(scripts, (path) => all.get(path))
    .map(({ code, label, help, scope, severity }) => [
      code,
      label,
      help,
      scope,
      severity,
    ]);
}

Deno.test("checkScripts() says nothing of a script that only root can change", () => {
  assertEquals(said("/opt/a.sh -x 1", { "/opt/a.sh": SCRIPT }), []);
  assertEquals(said("systemctl stop x", {}), []);
  const sticky = { ...ROOT, mode: 0o1777 };
  assertEquals(said("/t/a", { "/t": sticky, "/t/a": SCRIPT }), []);
  const byRoots = { ...SCRIPT, mode: 0o775 };
  assertEquals(said("/opt/a", { "/opt/a": byRoots }), []);
});

for (
  const [what, command, files, expected] of [
    [
      "a script that is not there",
      "/opt/a",
      {},
      ["HK0436", "keepalived disables it", undefined],
    ],
    [
      "a script without an execute bit",
      "/opt/a",
      { "/opt/a": { ...SCRIPT, mode: 0o644 } },
      ["HK0437", "it is not executable", "chmod a+x /opt/a"],
    ],
    [
      "a directory",
      "/opt/a",
      { "/opt/a": ROOT },
      ["HK0437", "it is no file", undefined],
    ],
    [
      "a script that everybody may write",
      "/opt/a",
      { "/opt/a": { ...SCRIPT, mode: 0o777 } },
      [
        "HK0438",
        "`/opt/a` has mode 0777: everybody may write",
        "chmod go-w /opt/a",
      ],
    ],
    [
      "a directory on the way that a group may write",
      "/opt/b/a",
      { "/opt/b": { ...ROOT, mode: 0o775, gid: 50 }, "/opt/b/a": SCRIPT },
      [
        "HK0438",
        "`/opt/b` has mode 0775: group 50 may write",
        "chmod g-w /opt/b",
      ],
    ],
    [
      "a home directory on the way",
      "/opt/b/a",
      { "/opt/b": { ...ROOT, uid: 1000 }, "/opt/b/a": SCRIPT },
      ["HK0438", "`/opt/b` belongs to user 1000", "chown root /opt/b"],
    ],
  ] as const
) {
  Deno.test(`checkScripts() warns of ${what}`, () => {
    assertEquals(said(command, files), [[...expected, "host", "warning"]]);
  });
}

Deno.test("checkScripts() names a script once, however often it is run", () => {
  const use = { keyword: "script", at: AT, command: "/opt/a" };
  assertEquals(checkScripts([use, use], () => undefined).length, 1);
});
