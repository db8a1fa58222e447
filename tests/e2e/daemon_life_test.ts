/**
 * The daemon around its instances: the network namespace that it enters, the scripts of its start and its end beside
 * keepalived's, and reloads that a file asks for.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { VIP } from "./configurations.ts";
import {
  type DaemonKind,
  HAKEEP,
  hasState,
  type RunningDaemon,
  startDaemon,
} from "./daemons.ts";
import { eventually, Lab, runCommand } from "./topology.ts";

const INSTANCE = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  version 3
  advert_int 0.1
  virtual_ipaddress {
    ${VIP}/16
  }
`;

/** A script that appends its arguments, and whether the address is there, to a file. */
function recorder(lab: Lab, name: string, body = "") {
  const path = `${lab.directory}/${name}.sh`;
  const told = `${lab.directory}/${name}.told`;
  Deno.writeTextFileSync(
    path,
    `#!/bin/sh
held=without
ip -o address show dev eth0 | grep -q ${VIP}/ && held=with
echo "$* $held" >>${told}
${body}
`,
  );
  Deno.chmodSync(path, 0o755);
  const read = () =>
    Deno.readTextFile(told).then(
      (text) => text.trimEnd().split("\n"),
      (): string[] => [],
    );
  return { path, told: read };
}

function told(record: ReturnType<typeof recorder>, line: string) {
  return eventually(
    `a script is told ${line}`,
    15_000,
    async () => (await record.told()).includes(line),
  );
}

/** A life from start to stop with all scripts. */
async function live(lab: Lab, kind: DaemonKind): Promise<readonly string[]> {
  const record = recorder(lab, kind);
  const daemon = startDaemon(
    lab,
    "host",
    kind,
    `global_defs {
  script_user root
  startup_script "${record.path} startup 'two words'"
  shutdown_script "${record.path} shutdown"
}
${INSTANCE}
  notify ${record.path}
}
`,
  );
  await eventually(
    "a script is told of the MASTER",
    15_000,
    async () => (await record.told()).some((line) => line.includes("MASTER")),
  );
  daemon.kill("SIGHUP");
  await eventually(
    `${kind} reloads: ${daemon.log()}`,
    10_000,
    () => Promise.resolve(/[Rr]eload/.test(daemon.log())),
  );
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0, daemon.log());
  return await record.told();
}

Deno.test("hakeep runs startup_script and shutdown_script when keepalived does", async () => {
  await using one = await Lab.create({ hosts: ["host"] });
  await using other = await Lab.create({ hosts: ["host"] });
  const [ours, theirs] = await Promise.all([
    live(one, "hakeep"),
    live(other, "keepalived"),
  ]);
  // A notify script may look at the addresses a moment later than it was told.
  const inOrder = (lines: readonly string[]) =>
    lines.map((line) => line.replace(/ with(out)?$/, ""));
  assertEquals(inOrder(ours), inOrder(theirs));
  assertEquals(ours[0], "startup two words without");
  assertEquals(ours.at(-1), "shutdown without");
});

Deno.test("a startup_script that fails, or hangs and is ended with what it started, delays the start and no more", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const failing = recorder(lab, "failing", "echo no luck >&2; exit 3");
  const hanging = recorder(
    lab,
    "hanging",
    `sleep 600 & echo $! >${lab.directory}/child; wait`,
  );
  const config = (script: string) =>
    `global_defs {
  script_user root
  startup_script ${script}
  startup_script_timeout 1
}
${INSTANCE}}
`;
  // Status lists no instance before the engine runs.
  const isMaster = (daemon: RunningDaemon) =>
    eventually(
      `it holds the address: ${daemon.log()}`,
      15_000,
      () => lab.holds("host", `${VIP}/16`),
    );
  const first = startDaemon(lab, "host", "hakeep", config(failing.path));
  await isMaster(first);
  assertStringIncludes(first.log(), "ended with 3: no luck");
  first.kill("SIGTERM");
  await first.ended;
  const second = startDaemon(lab, "host", "hakeep", config(hanging.path));
  await isMaster(second);
  assertStringIncludes(second.log(), "took too long and was ended");
  const child = (await Deno.readTextFile(`${lab.directory}/child`)).trim();
  await eventually(`process ${child} ends`, 5000, async () => {
    const stat = await Deno.readTextFile(`/proc/${child}/stat`).catch(() => "");
    return stat === "" || stat.includes(") Z ");
  });
});

Deno.test("a stop during startup_script ends it, and shutdown_script still runs", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const start = recorder(lab, "start", "sleep 600");
  const end = recorder(lab, "end");
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    `global_defs {
  script_user root
  startup_script ${start.path}
  startup_script_timeout 500
  shutdown_script ${end.path}
}
${INSTANCE}}
`,
  );
  await told(start, " without");
  // What comes now waits for the end of the start, which never comes.
  daemon.kill("SIGHUP");
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  assertEquals(await end.told(), [" without"]);
  assertStringIncludes(daemon.log(), "was ended, for the daemon stops");
});

function runtimeDirOf(namespace: string): string {
  return `/run/hakeep/netns/${namespace}`;
}

/** Starts a hakeep outside of all namespaces. */
function startOutside(lab: Lab, args: readonly string[], name = "hakeep") {
  const child = new Deno.Command(HAKEEP, {
    args: [...args],
    env: { HAKEEP_ARGV0: name },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  const reading = (async () => {
    for await (
      const part of child.stderr.pipeThrough(new TextDecoderStream())
    ) log += part;
  })();
  let isOver = false;
  const ended = child.status.then(({ code }) => {
    isOver = true;
    return code;
  });
  lab.defer(async () => {
    if (!isOver) child.kill("SIGKILL");
    await ended;
    await reading;
  });
  return { pid: child.pid, ended, log: () => log, child };
}

Deno.test("with net_namespace all of the daemon is inside, and is found from outside", async () => {
  await using lab = await Lab.create({ hosts: ["host", "watcher"] });
  const namespace = lab.namespace("host");
  const record = recorder(
    lab,
    "inside",
    "ls /sys/class/net | tr '\\n' ' ' >>$0.sys",
  );
  const path = `${lab.directory}/hakeep.conf`;
  const config = `net_namespace ${namespace}
global_defs {
  script_user root
}
${INSTANCE}
  notify ${record.path}
}
`;
  Deno.writeTextFileSync(path, config);
  const { pid, ended, log, child } = startOutside(lab, [
    "run",
    "--config",
    path,
    "--log",
    "stderr",
  ]);
  const daemon: RunningDaemon = {
    kind: "hakeep",
    pid,
    log,
    kill: (signal) => child.kill(signal),
    ended,
    runtimeDir: runtimeDirOf(namespace),
  };
  const status = await hasState(daemon, "MASTER");
  assertEquals(status.pid, pid, "it begins anew in the same process");
  await told(record, "INSTANCE VI_1 MASTER 100 with");
  assert(await lab.holds("host", `${VIP}/16`));
  const here = await Deno.readLink("/proc/self/ns/net");
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    const there = await Deno.readLink(`/proc/${pid}/task/${name}/ns/net`);
    assert(there !== here, `thread ${name} is inside`);
  }
  const links = await Deno.readTextFile(`${record.path}.sys`);
  assertStringIncludes(links, "eth0");
  // Another namespace is refused, and all goes on.
  Deno.writeTextFileSync(path, config.replace(namespace, "another"));
  const reload = await runCommand(HAKEEP, [
    "reload",
    "--runtime-dir",
    daemon.runtimeDir,
  ]);
  assertEquals(reload.code, 1);
  assertStringIncludes(reload.stderr, "net_namespace");
  await hasState(daemon, "MASTER");
  child.kill("SIGTERM");
  assertEquals(await ended, 0, log());
  assertEquals(await lab.holds("host", `${VIP}/16`), false);
  await Deno.remove(daemon.runtimeDir);
});

Deno.test("invoked as keepalived with -s it enters that namespace, with keepalived's pid file", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const namespace = lab.namespace("host");
  const path = `${lab.directory}/keepalived.conf`;
  Deno.writeTextFileSync(path, `net_namespace another\n${INSTANCE}}\n`);
  const { pid, ended, child, log } = startOutside(
    lab,
    ["-n", "-l", "-f", path, "-s", namespace],
    "keepalived",
  );
  await eventually(
    `the address is inside; ${log()}`,
    15_000,
    () => lab.holds("host", `${VIP}/16`),
  );
  const pidFile = `/run/keepalived/${namespace}/keepalived.pid`;
  assertEquals(await Deno.readTextFile(pidFile), `${pid}\n`);
  child.kill("SIGTERM");
  assertEquals(await ended, 0);
  await Deno.remove(`/run/keepalived/${namespace}`);
  await Deno.remove(runtimeDirOf(namespace));
});

Deno.test("a namespace that is not there is named, and nothing is started", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const path = `${lab.directory}/hakeep.conf`;
  Deno.writeTextFileSync(path, `net_namespace hk-absent\n${INSTANCE}}\n`);
  const { ended, log } = startOutside(
    lab,
    ["run", "--config", path, "--log", "stderr"],
  );
  assertEquals(await ended, 1);
  assertStringIncludes(log(), "find the network namespace hk-absent");
});

Deno.test("a file names the time of a reload, and another is there while one reads", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const when = `${lab.directory}/when`;
  const marker = `${lab.directory}/marker`;
  const config = (priority: number) =>
    `global_defs {
  reload_time_file ${when}
  reload_file ${marker}
}
${INSTANCE.replace("priority 100", `priority ${priority}`)}}
`;
  const daemon = startDaemon(lab, "host", "hakeep", config(100));
  await hasState(daemon, "MASTER");
  Deno.writeTextFileSync(`${daemon.runtimeDir}/config.conf`, config(110));
  const watch = Deno.watchFs(lab.directory);
  const soon = new Date(Date.now() + 2000).toISOString();
  Deno.writeTextFileSync(when, `${soon.slice(0, 10)} ${soon.slice(11, 19)}Z\n`);
  await eventually(
    `the new priority counts; ${daemon.log()}`,
    10_000,
    async () =>
      (await hasState(daemon, "MASTER")).instances[0]?.effective_priority ===
        110,
  );
  assert(Date.now() >= Math.floor(Date.parse(soon) / 1000) * 1000);
  const gone = await eventually("the marker comes and goes", 5000, async () => {
    for await (const { kind, paths } of watch) {
      if (kind === "remove" && paths.includes(marker)) return true;
    }
    return false;
  });
  assert(gone);
  const left = [...Deno.readDirSync(lab.directory)].map(({ name }) => name);
  assertEquals(left.filter((name) => ["when", "marker"].includes(name)), []);
});

Deno.test("a daemon that is killed leaves none of its scripts behind", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  // As a reader of a FIFO may be written: it would never see the end.
  const reader = recorder(
    lab,
    "reader",
    `echo $$ >>${lab.directory}/pids; exec cat <>$1 >/dev/null`,
  );
  const check = recorder(
    lab,
    "check",
    `echo $$ >>${lab.directory}/pids; exec sleep 600`,
  );
  const daemon = startDaemon(
    lab,
    "host",
    "hakeep",
    `global_defs {
  script_user root
  vrrp_notify_fifo ${lab.directory}/fifo
  vrrp_notify_fifo_script ${reader.path}
}
vrrp_script check {
  script ${check.path}
  interval 1000
  timeout 900
}
${INSTANCE}
  track_script {
    check weight 5
  }
}
`,
  );
  const pids = await eventually("both scripts run", 15_000, async () => {
    const text = await Deno.readTextFile(`${lab.directory}/pids`)
      .catch(() => "");
    const found = text.trim().split("\n");
    return found.length === 2 ? found : undefined;
  });
  daemon.kill("SIGKILL");
  await daemon.ended;
  for (const pid of pids) {
    await eventually(`process ${pid} ends`, 5000, async () => {
      const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
      return stat === "" || stat.includes(") Z ");
    });
  }
});
