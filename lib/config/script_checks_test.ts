import { assertEquals } from "@std/assert";
import type { FileFacts } from "./keepalived/file_access.ts";
import type { ScriptHost } from "./prepare_script.ts";
import { checkScripts } from "./script_checks.ts";

const SOURCE = { name: "a.conf", text: "script", includedFrom: undefined };
const AT = { source: SOURCE, start: 0, end: 6 };
const ROOT: FileFacts = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };
const NOBODY = { uid: 65534, gid: 65534 };

function host(files: Record<string, FileFacts>): ScriptHost {
  const all = new Map(Object.entries({ "/": ROOT, "/opt": ROOT, ...files }));
  return {
    factsOf: (path) => all.get(path),
    accountOf: (user) =>
      user === "nobody"
        ? NOBODY
        : user === "root"
        ? { uid: 0, gid: 0 }
        : undefined,
    groupIdOf: (group) => group === "adm" ? 4 : undefined,
    realPathOf: (path) => path,
    searchPath: [],
  };
}

const OPEN = { scriptUser: undefined, enableScriptSecurity: undefined };
const SCRIPT: FileFacts = { kind: "file", mode: 0o755, uid: 0, gid: 0 };

/** Code, label and remedy of what is said of `command` where the file system has `files`. */
function said(command: string, files: Record<string, FileFacts>) {
  return checkScripts([{ at: AT, command }], OPEN, host(files))
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
      ["HK0436", "it is disabled", undefined],
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
  const use = { at: AT, command: "/opt/a" };
  assertEquals(checkScripts([use, use], OPEN, host({})).length, 1);
});

for (
  const [what, command, user, isSecure, expected] of [
    ["a user that does not exist", "/opt/a", "nobdy", false, "HK0303"],
    ["a group that does not exist", "/opt/a", "nobody:nogrp", false, "HK0303"],
    ["no user at all, with script security", "/opt/a", "", true, "HK0304"],
    ["a command of blanks", "  ", "nobody", false, "HK0424"],
    ["a quote that is not closed", "/opt/a 'b", "nobody", false, "HK0405"],
    ["a script its user cannot run", "/opt/own", "nobody", false, "HK0437"],
    ["a script its group can run", "/opt/own", "nobody:adm", false, undefined],
    ["a changeable script of nobody's", "/opt/w", "nobody", true, undefined],
    ["a changeable script of root's", "/opt/w", "root", false, "HK0438"],
  ] as const
) {
  Deno.test(`checkScripts() knows ${what}`, () => {
    const [name = "", group] = user.split(":");
    const found = checkScripts(
      [{
        at: AT,
        command,
        user: user === "" ? undefined : { user: name, group },
      }],
      { scriptUser: undefined, enableScriptSecurity: isSecure },
      host({
        "/opt/a": SCRIPT,
        "/opt/own": { ...SCRIPT, mode: 0o750, gid: 4 },
        "/opt/w": { ...SCRIPT, mode: 0o777 },
      }),
    );
    assertEquals(found.map(({ code }) => code), expected ? [expected] : []);
  });
}

Deno.test("checkScripts() names an unknown script_user where it is named, and once", () => {
  const userAt = { source: SOURCE, start: 2, end: 4 };
  const found = checkScripts(
    [{ at: AT, command: "/opt/a" }, { at: AT, command: "/opt/b" }],
    {
      scriptUser: { user: "nobdy", group: undefined },
      enableScriptSecurity: false,
      at: { of: { scriptUser: userAt } },
    },
    host({ "/opt/a": SCRIPT, "/opt/b": SCRIPT }),
  );
  assertEquals(found.map(({ code, span }) => [code, span]), [
    ["HK0303", userAt],
  ]);
});
