/**
 * The command line and the daemon's manners: exit codes, signals, pid files, a second copy, and being keepalived.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { askControl } from "../../lib/control/client.ts";
import { instanceText, VIP } from "./configurations.ts";
import { HAKEEP, hasState, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab, runCommand } from "./topology.ts";

const OWNER = instanceText({ priority: 255, state: "MASTER" });

Deno.test("hakeep version names version, commit, Deno and target", async () => {
  for (const word of ["version", "--version", "-V"]) {
    const { code, stdout } = await runCommand(HAKEEP, [word]);
    assertEquals(code, 0);
    assertMatch(
      stdout,
      /^hakeep \d+\.\d+\.\d+ \(commit \S+, Deno 2\.\d+\.\d+, \S+-unknown-linux-gnu\)\n$/,
    );
  }
});

for (
  const [words, expected] of [
    ["", 2],
    ["help", 0],
    ["run --help", 0],
    ["stauts", 2],
    ["run", 2],
    ["run --config", 2],
    ["run --config x --log loudly", 2],
    ["run --config /nonexistent.conf --log stderr", 1],
    ["status --runtime-dir /nonexistent", 3],
    ["reload --runtime-dir /nonexistent", 3],
    ["check /nonexistent.conf", 1],
  ] satisfies [string, number][]
) {
  Deno.test(`\`hakeep ${words}\` exits with ${expected}`, async () => {
    const args = words.split(" ").filter((word) => word !== "");
    const { code, stdout, stderr } = await runCommand(HAKEEP, args);
    assertEquals(code, expected, stderr);
    assert(`${stdout}${stderr}` !== "", "it says something");
  });
}

Deno.test("a daemon stopped by SIGTERM resigns, takes its addresses away and exits with 0", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(lab, "a", "hakeep", OWNER);
  await hasState(daemon, "MASTER");
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  assertEquals(await lab.holds("a", `${VIP}/16`), false);
  const left = [...Deno.readDirSync(daemon.runtimeDir)].map(({ name }) => name);
  assertEquals(left, ["config.conf"]);
});

Deno.test("a second daemon with the same runtime directory is refused and disturbs nothing", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const first = startDaemon(lab, "a", "hakeep", OWNER);
  await hasState(first, "MASTER");
  const second = await lab.inside(
    "a",
    HAKEEP,
    "run",
    "--config",
    `${first.runtimeDir}/config.conf`,
    "--runtime-dir",
    first.runtimeDir,
    "--log",
    "stderr",
  );
  assertEquals(second.code, 1);
  assertMatch(second.stderr, /another hakeep runs with it/);
  assert(await lab.holds("a", `${VIP}/16`));
  assertEquals((await statusOf(first))?.daemon, "running");
});

Deno.test("a daemon whose standard error nobody reads goes on, and stops in order", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const directory = `${lab.directory}/stuck`;
  await Deno.mkdir(directory);
  await Deno.writeTextFile(`${directory}/a.conf`, OWNER);
  const child = lab.command(
    "a",
    HAKEEP,
    "run",
    "--config",
    `${directory}/a.conf`,
    "--runtime-dir",
    directory,
    "--log",
    "stderr",
  ).spawn();
  const socket = `${directory}/control.sock`;
  const ask = (request: "status" | "reload") =>
    askControl(socket, { protocol: 1, request });
  await eventually(
    "the daemon answers",
    10_000,
    async () => (await ask("status")).kind === "answered",
  );
  // Each reload logs a line; a pipe holds 64 KiB.
  for (let i = 0; i < 1500; i++) {
    assertEquals((await ask("reload")).kind, "answered");
  }
  child.kill("SIGTERM");
  const [status, , stderr] = await Promise.all([
    child.status,
    child.stdout.cancel(),
    new Response(child.stderr).text(),
  ]);
  assertEquals(status.code, 0);
  const lines = stderr.split("\n").filter((line) => line.includes("reload"));
  assert(lines.length > 100 && lines.length < 1500, `${lines.length} lines`);
});

/** hakeep under keepalived's name, by a symbolic link as an administrator makes it. */
async function asKeepalived(lab: Lab): Promise<string> {
  const link = `${lab.directory}/keepalived`;
  await Deno.symlink(HAKEEP, link);
  return link;
}

Deno.test("hakeep invoked as keepalived runs with keepalived's options and pid files", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const keepalived = await asKeepalived(lab);
  const path = `${lab.directory}/a.conf`;
  const pidFile = `${lab.directory}/a.pid`;
  await Deno.writeTextFile(path, OWNER);
  const words = [
    "-nlD",
    "-f",
    path,
    "-p",
    pidFile,
    "-r",
    `${lab.directory}/v.pid`,
    "-x",
  ];
  const child = lab.command("a", keepalived, ...words).spawn();
  const reading = new Response(child.stderr).text();
  await eventually(
    "it holds the address",
    10_000,
    () => lab.holds("a", `${VIP}/16`),
  );
  assertEquals(await Deno.readTextFile(pidFile), `${child.pid}\n`);
  assertEquals(
    await Deno.readTextFile(`${lab.directory}/v.pid`),
    `${child.pid}\n`,
  );
  const copy = await lab.inside("a", keepalived, ...words);
  assertEquals(
    copy.code,
    0,
    "a second copy says that all is well, as keepalived does",
  );
  // What scripts send for dumps must not end it: SIGUSR1, SIGUSR2, and JSON, STATS_CLEAR, TDUMP.
  for (const signal of ["USR1", "USR2", "36", "63", "64"]) {
    await runCommand("kill", [`-${signal}`, String(child.pid)]);
  }
  child.kill("SIGTERM");
  const [status, stderr] = await Promise.all([
    child.status,
    reading,
    child.stdout.cancel(),
  ]);
  assertEquals(status.code, 0);
  assertMatch(stderr, /-x \(--snmp\) has no effect/);
  assertMatch(stderr, /SIGUSR1 writes no file/);
  assertEquals(await lab.holds("a", `${VIP}/16`), false);
});

Deno.test("hakeep invoked as keepalived goes into the background unless told not to", async () => {
  await using lab = await Lab.create({ hosts: ["a"] });
  const keepalived = await asKeepalived(lab);
  const path = `${lab.directory}/a.conf`;
  const pidFile = `${lab.directory}/a.pid`;
  await Deno.writeTextFile(path, OWNER);
  // From outside, into the host's namespace by -s.
  const words = ["-f", path, "-p", pidFile, "-s", lab.namespace("a")];
  const { code } = await runCommand(keepalived, words);
  assertEquals(code, 0);
  const pid = await eventually("its pid file is there", 10_000, async () => {
    const text = await Deno.readTextFile(pidFile).catch(() => "");
    return text.endsWith("\n") ? Number(text) : undefined;
  });
  await eventually(
    "it holds the address",
    10_000,
    () => lab.holds("a", `${VIP}/16`),
  );
  Deno.kill(pid, "SIGTERM");
  await eventually(
    "it is gone",
    10_000,
    async () => !(await lab.holds("a", `${VIP}/16`)),
  );
  await eventually("its pid file is gone", 10_000, async () => {
    return await Deno.stat(pidFile).then(() => false, () => true);
  });
});

Deno.test("hakeep invoked as keepalived tests a configuration with keepalived's exit codes", async () => {
  await using lab = await Lab.create({ hosts: [] });
  const keepalived = await asKeepalived(lab);
  const path = `${lab.directory}/a.conf`;
  for (
    const [text, expected] of [
      [OWNER, 0],
      [OWNER.replace("virtual_router_id", "virtual_router"), 5],
      [`${OWNER}\nfancy_new_keyword\n`, 5],
      [`${OWNER}\nvrrp_instance V {\n  priority\n}\n`, 2],
      [OWNER.replace("interface", "notify_stop /bin/true\n  interface"), 6],
    ] as const
  ) {
    await Deno.writeTextFile(path, text);
    const { code, stderr } = await runCommand(keepalived, ["-t", "-f", path]);
    assertEquals(code, expected, stderr);
  }
  for (
    const [words, expected] of [
      [["-v"], 0],
      [["-h"], 0],
      [["--signum=JSON"], 0],
      [["--signum=NOISE"], 1],
      [["--no-such-option"], 1],
    ] as const
  ) {
    assertEquals((await runCommand(keepalived, words)).code, expected);
  }
});
