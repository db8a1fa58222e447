/**
 * Tracked scripts of the compiled daemon beside those of keepalived: how they are run, how often, and what becomes of
 * one that takes too long.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type DaemonKind, hasState, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 20_000;
const ADDRESS = "10.77.1.1/16";

/** A script in a folder that everybody may write to. */
function addScript(lab: Lab, name: string, body: string): string {
  Deno.chmodSync(lab.directory, 0o755);
  const directory = `${lab.directory}/scripts`;
  Deno.mkdirSync(directory, { recursive: true });
  Deno.chmodSync(directory, 0o777);
  const path = `${directory}/${name}`;
  Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`);
  Deno.chmodSync(path, 0o755);
  return path;
}

/** One instance that follows one script. */
function configuration(script: string, lines = "interval 1"): string {
  return `global_defs {
  script_user root
  vrrp_version 3
}
vrrp_script chk {
  script ${script}
  ${lines}
}
vrrp_instance VI {
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 0.1
  track_script { chk }
  virtual_ipaddress { ${ADDRESS} }
}
`;
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

async function holds(lab: Lab): Promise<boolean> {
  return (await lab.addresses("host")).includes(ADDRESS);
}

/** What a script finds around itself. */
const LOOK_AROUND = `
exec >>"$0.seen"
echo "$#"
for word in "$@"; do echo "<$word>"; done
id -un; id -gn; id -G
read -r line; echo "input '$line'"
echo "IFS '$IFS' preload '$LD_PRELOAD'" | tr '\\n\\t' '  '; echo
[ "$(ps -o pgid= -p $$ | tr -d ' ')" = $$ ] && echo "leads its group"
grep -E '^Sig(Blk|Ign)' /proc/self/status
chmod 666 "$0.seen"
exit 0`;

async function surroundings(kind: DaemonKind): Promise<readonly string[]> {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = addScript(lab, "look", LOOK_AROUND);
  startDaemon(
    lab,
    "host",
    kind,
    configuration(
      `"${script} one 'two three' fo'u'r '' end"`,
      "interval 100\n  user nobody nogroup",
    ),
  );
  await eventually("the script was run", READY_MS, async () => {
    const lines = await linesOf(`${script}.seen`);
    return lines.some((line) => line.startsWith("SigIgn"));
  });
  return await linesOf(`${script}.seen`);
}

Deno.test("a tracked script finds the same around itself as under keepalived", async () => {
  const theirs = await surroundings("keepalived");
  assertEquals(await surroundings("hakeep"), theirs);
});

/** When runs began, in seconds since the first. */
async function starts(path: string): Promise<readonly number[]> {
  const [first = 0, ...rest] = (await linesOf(path)).map(Number);
  return [0, ...rest.map((one) => one - first)];
}

/** Runs succeed and fail in an order; how many there were each time the address came or went. */
async function changes(kind: DaemonKind): Promise<readonly number[]> {
  await using lab = await Lab.create({ hosts: ["host"] });
  // Each run reads one word; behind the last one it goes on with it.
  const script = addScript(
    lab,
    "chk",
    `n=$(($(cat "$0.count" 2>/dev/null || echo 0) + 1)); echo $n >"$0.count"
set -- 0 0 1 1 1 1 1 1 1 1 1 1 0 0 0
[ $n -gt $# ] && n=$#
shift $((n - 1)); exit $1`,
  );
  const told: number[] = [];
  const daemon = startDaemon(
    lab,
    "host",
    kind,
    configuration(`"${script}"`, "interval 0.5\n  fall 3\n  rise 2"),
  );
  const runs = async () => Number((await linesOf(`${script}.count`))[0] ?? 0);
  for (const isWanted of [true, false, true]) {
    await eventually(
      `the address ${isWanted ? "comes" : "goes"}\n${daemon.log()}`,
      READY_MS,
      async () => await holds(lab) === isWanted,
    );
    told.push(await runs());
  }
  return told;
}

for (const kind of ["keepalived", "hakeep"] as const) {
  Deno.test(`under ${kind} a tracked script is down after fall failures and up after rise successes`, async () => {
    const [, falls = 0, rises = 0] = await changes(kind);
    // The third failure is the fifth run, the second success the fourteenth; what is seen may be a run or two behind.
    assert(falls >= 5 && falls <= 7, `it went after ${falls} runs`);
    assert(rises >= 14 && rises <= 17, `it came back after ${rises} runs`);
  });
}

Deno.test("a tracked script that hangs is ended with what it started, no two runs overlap, and it counts as down", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = addScript(
    lab,
    "hang",
    `mkdir "$0.lock" 2>/dev/null || echo two >>"$0.overlaps"
trap 'rmdir "$0.lock"' EXIT
[ -e "$0.hang" ] || exit 0
trap 'echo asked >>"$0.ends"' TERM
sleep 1000 & echo $! >>"$0.children"
wait; wait; wait`,
  );
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    configuration(`"${script}"`, "interval 0.5\n  timeout 0.3"),
  );
  await hasState(daemon, "MASTER");
  await Deno.writeTextFile(`${script}.hang`, "");
  await hasState(daemon, "FAULT");
  await eventually(
    "the script was asked to end",
    READY_MS,
    async () => (await linesOf(`${script}.ends`)).length > 0,
  );
  await Deno.remove(`${script}.hang`);
  await hasState(daemon, "MASTER", READY_MS);
  for (const child of await linesOf(`${script}.children`)) {
    const stat = await Deno.readTextFile(`/proc/${child}/stat`).catch(() =>
      "gone) Z"
    );
    assertEquals(stat.charAt(stat.lastIndexOf(")") + 2), "Z", "it still runs");
  }
  const [tracker] = (await statusOf(daemon))?.trackers ?? [];
  assert(tracker?.kind === "script" && tracker.timeouts > 0);
  assertEquals(await linesOf(`${script}.overlaps`), []);
  assert(
    daemon.log().includes("script chk failed: timed out after 0.3"),
    daemon.log(),
  );
});

Deno.test("a reload disturbs no tracked script, nor the master that follows it", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = addScript(lab, "chk", `date +%s.%N >>"$0.starts"`);
  const text = configuration(`"${script}"`, "interval 2");
  const daemon = startDaemon(lab, "host", "hakeep", text);
  await hasState(daemon, "MASTER");
  const before = daemon.log().length;
  const path = `${daemon.runtimeDir}/config.conf`;
  for (
    const change of [
      "",
      "\n",
      text.replace("VI {", "VI {\n  garp_master_delay 1"),
    ]
  ) {
    await Deno.writeTextFile(
      path,
      change.includes("VI") ? change : text + change,
    );
    const told = daemon.log().split("reload: ").length;
    daemon.kill("SIGHUP");
    await eventually(
      "the reload is done",
      READY_MS,
      () => Promise.resolve(daemon.log().split("reload: ").length > told),
    );
  }
  await eventually(
    "the script goes on",
    READY_MS,
    async () => (await linesOf(`${script}.starts`)).length >= 4,
  );
  assertEquals(daemon.log().slice(before).includes("entering"), false);
  const runs = await starts(`${script}.starts`);
  for (const [i, at] of runs.entries()) {
    assert(Math.abs(at - 2 * i) < 0.9, `runs began after ${runs} s`);
  }
});

Deno.test("a tracked script that says why it fails is quoted in the log and in status", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const script = addScript(
    lab,
    "chk",
    `echo "asking the backend" >&2; echo "no answer" >&2; exit 3`,
  );
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    configuration(`"${script}"`),
  );
  const status = await eventually(
    "the script has failed",
    READY_MS,
    async () => {
      const now = await statusOf(daemon);
      const [tracker] = now?.trackers ?? [];
      return tracker?.kind === "script" && tracker.state === "down"
        ? tracker
        : undefined;
    },
  );
  assertEquals(
    [status.exit_status, status.user, status.last_failure],
    [3, "root", "exited with status 3: no answer"],
  );
  assert(
    /script chk failed: exited with status 3 after [\d.]+ s, as root: no answer/
      .test(daemon.log()),
    daemon.log(),
  );
});
