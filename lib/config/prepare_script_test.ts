import { assertEquals } from "@std/assert";
import type { FileFacts } from "./keepalived/file_access.ts";
import { prepareScript, type ScriptHost } from "./prepare_script.ts";

const DIRECTORY: FileFacts = { kind: "directory", mode: 0o755, uid: 0, gid: 0 };
const SCRIPT: FileFacts = { kind: "file", mode: 0o755, uid: 0, gid: 0 };
const FILES: Readonly<Record<string, FileFacts>> = {
  "/": DIRECTORY,
  "/bin": DIRECTORY,
  "/bin/open": { ...SCRIPT, mode: 0o777 },
  "/bin/tool": SCRIPT,
  "/bin/link": SCRIPT,
  "/srv": { ...DIRECTORY, mode: 0o777 },
  "/srv/tool": SCRIPT,
};
const HOST: ScriptHost = {
  factsOf: (path) => FILES[path],
  accountOf: (user) => user === "nobody" ? { uid: 9, gid: 10 } : undefined,
  groupIdOf: (group) => group === "adm" ? 4 : undefined,
  realPathOf: (path) => path === "/bin/link" ? "/srv/tool" : path,
  searchPath: ["/usr/bin", "/bin"],
};
const GLOBALS = { scriptUser: undefined, enableScriptSecurity: false };

Deno.test("prepareScript() cuts words, finds the program and looks the user up", () => {
  assertEquals(
    prepareScript(
      "tool 'a b' c",
      { user: "nobody", group: "adm" },
      GLOBALS,
      HOST,
    ),
    {
      script: { words: ["/bin/tool", "a b", "c"], user: { uid: 9, gid: 4 } },
      problem: undefined,
    },
  );
});

Deno.test("prepareScript() runs who names nobody as script_user, as keepalived_script, or as the daemon", () => {
  const userIn = (globals: Parameters<typeof prepareScript>[2], host = HOST) =>
    prepareScript("tool", undefined, globals, host).script?.user;
  const scriptUser = { user: "nobody", group: undefined };
  assertEquals(userIn({ ...GLOBALS, scriptUser }), { uid: 9, gid: 10 });
  assertEquals(
    userIn(GLOBALS, {
      ...HOST,
      accountOf: (user) =>
        user === "keepalived_script" ? { uid: 5, gid: 5 } : undefined,
    }),
    { uid: 5, gid: 5 },
  );
  assertEquals(userIn(GLOBALS), undefined);
});

Deno.test("prepareScript() disables what others could change only with enable_script_security", () => {
  const open = prepareScript("open", undefined, GLOBALS, HOST);
  assertEquals(
    [open.script?.words, open.problem?.kind],
    [["/bin/open"], "changeable"],
  );
  const secure = prepareScript(
    "open",
    undefined,
    { ...GLOBALS, enableScriptSecurity: true },
    { ...HOST, accountOf: () => ({ uid: 0, gid: 0 }) },
  );
  assertEquals(
    [secure.script, secure.problem?.kind],
    [undefined, "changeable"],
  );
});

Deno.test("prepareScript() disables what is not there", () => {
  assertEquals(prepareScript("nonesuch", undefined, GLOBALS, HOST), {
    script: undefined,
    problem: { kind: "missing", program: "nonesuch" },
  });
});

Deno.test("prepareScript() looks at both ends of a symbolic link, and runs the one that is named", () => {
  const { script, problem } = prepareScript("link", undefined, GLOBALS, HOST);
  assertEquals(script?.words, ["/bin/link"]);
  assertEquals(problem?.kind, "changeable");
});

Deno.test("prepareScript() asks for supplementary groups when set_supplementary_groups does", () => {
  const globals = { ...GLOBALS, setSupplementaryGroups: true };
  const user = { user: "nobody", group: undefined };
  assertEquals(prepareScript("tool", user, globals, HOST).script?.user, {
    uid: 9,
    gid: 10,
    hasSupplementaryGroups: true,
  });
});
