/**
 * The compiled daemon when things go wrong around it: its engine dies, it is killed and started again, it is told to
 * reload over and over, its disk is full, the journal comes late.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { AddressWatch } from "./address_watch.ts";
import { VIP } from "./configurations.ts";
import {
  HAKEEP,
  hasState,
  startDaemon,
  startWithFile,
  statusOf,
} from "./daemons.ts";
import { eventually, Lab, mustRun, runCommand } from "./topology.ts";

const CONFIG = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  version 3
  advert_int 0.3
  virtual_ipaddress {
    ${VIP}/16
  }
}
`;

Deno.test("an engine that dies is started again, and the address stays where it is", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const daemon = startDaemon(lab, "host", "hakeep", CONFIG);
  await hasState(daemon, "MASTER");
  const watch = await AddressWatch.start(lab, "host");
  const threads = [...Deno.readDirSync(`/proc/${daemon.pid}/task`)];
  const engine = threads.find(({ name }) =>
    Deno.readTextFileSync(`/proc/${daemon.pid}/task/${name}/comm`)
      .startsWith("worker-")
  );
  assert(engine !== undefined, "the engine has a thread of its own");
  const tracer = runCommand("timeout", [
    "2",
    "strace",
    "-p",
    engine?.name ?? "",
    "-e",
    "trace=epoll_wait,epoll_pwait",
    "-e",
    "inject=epoll_wait,epoll_pwait:error=EBADF:when=2",
  ]);
  await eventually(
    `the engine runs again; ${daemon.log()}`,
    15_000,
    async () => {
      const status = await statusOf(daemon);
      return status?.engine.restarts === 1 && status.engine.alive;
    },
  );
  await tracer;
  const status = await hasState(daemon, "MASTER");
  assertEquals(status.engine.restarts, 1);
  assertStringIncludes(daemon.log(), "the VRRP engine died");
  assertEquals(await watch.removals(VIP), 0);
});

Deno.test("a daemon that is killed and started again leaves the address where it is", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const first = startDaemon(lab, "host", "hakeep", CONFIG);
  await hasState(first, "MASTER");
  const watch = await AddressWatch.start(lab, "host");
  first.kill("SIGKILL");
  await first.ended;
  const second = startWithFile(
    lab,
    "host",
    "hakeep",
    `${first.runtimeDir}/config.conf`,
    first.runtimeDir,
    [],
  );
  const status = await hasState(second, "MASTER");
  assertEquals(await watch.removals(VIP), 0);
  assertEquals(status.instances[0]?.counters.announcementsSent, 5);
});

Deno.test("requests to reload that come faster than they are served are one, and the last word counts", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const daemon = startDaemon(lab, "host", "hakeep", CONFIG);
  await hasState(daemon, "MASTER");
  const path = `${daemon.runtimeDir}/config.conf`;
  for (let i = 0; i < 300; i++) {
    if (i === 299) {
      Deno.writeTextFileSync(
        path,
        CONFIG.replace("priority 100", "priority 120"),
      );
    }
    daemon.kill("SIGHUP");
  }
  const status = await eventually(
    "the new priority counts",
    10_000,
    async () => {
      const status = await statusOf(daemon);
      return status?.instances[0]?.priority === 120 ? status : undefined;
    },
  );
  assertEquals(status.instances[0]?.state, "MASTER");
  const count = daemon.log().split("reload: ").length - 1;
  assert(count < 100, `${count} reloads`);
});

Deno.test("a full disk under the pid file and the control socket does not keep the address away", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const full = `${lab.directory}/full`;
  Deno.mkdirSync(full);
  await mustRun("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full);
  lab.defer(async () => {
    await mustRun("umount", "-l", full);
  });
  // Writing fails at the end, as it should.
  await runCommand("dd", ["if=/dev/zero", `of=${full}/fill`, "bs=8192"]);
  const path = `${lab.directory}/config.conf`;
  Deno.writeTextFileSync(path, CONFIG);
  const args = ["--pid-file", `${full}/pid`];
  const daemon = startWithFile(lab, "host", "hakeep", path, full, args);
  await hasState(daemon, "MASTER");
  assertStringIncludes(daemon.log(), "cannot write the pid file");
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  const left = [...Deno.readDirSync(full)].map(({ name }) => name);
  assertEquals(left, ["fill"]);
});

Deno.test("a journal that comes late gets what is logged from then on, and how much it missed", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const runtimeDir = `${lab.directory}/run`;
  const path = `${lab.directory}/config.conf`;
  const out = `${lab.directory}/journal`;
  Deno.writeTextFileSync(path, CONFIG);
  // A /run/systemd of its own, without a journal.
  const child = lab.command(
    "host",
    "unshare",
    "-m",
    "sh",
    "-c",
    `mount -t tmpfs none /run/systemd && mkdir /run/systemd/journal &&
exec ${HAKEEP} run --config ${path} --runtime-dir ${runtimeDir} --log journal`,
  ).spawn();
  const output = child.output();
  lab.defer(async () => {
    await output;
  });
  await eventually(
    "it holds the address",
    15_000,
    () => lab.holds("host", `${VIP}/16`),
  );
  const journal = new Deno.Command("nsenter", {
    args: [
      "-t",
      String(child.pid),
      "-m",
      "socat",
      "-u",
      "UNIX-RECV:/run/systemd/journal/socket",
      `CREATE:${out}`,
    ],
    stderr: "null",
  }).spawn();
  lab.defer(async () => {
    journal.kill("SIGKILL");
    await journal.status;
  });
  const text = () => Deno.readTextFile(out).catch(() => "");
  await eventually("the journal hears of a reload", 10_000, async () => {
    child.kill("SIGHUP");
    return (await text()).includes("MESSAGE=reload: ");
  });
  assertStringIncludes(await text(), "log messages were lost");
  child.kill("SIGTERM");
  assertEquals((await output).code, 0);
});
