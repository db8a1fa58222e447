/**
 * A mail server that never answers, a reader of the FIFO that never reads, a start delay and a reload by the clock: what a
 * MASTER does for others is in nobody's way.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Capture } from "./capture.ts";
import { instanceText } from "./configurations.ts";
import { hasState, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;
const START_DELAY_MS = 1000;
/** Of `nobody` in the test's own /etc/group. */
const GROUP = 4242;
const SILENT_SERVER = "TCP-LISTEN:25,fork,reuseaddr,bind=127.0.0.1";
const UNSENT = "the daemon stops, and the server did not answer";

/** Adds a group to /etc/group as the host's programs see it (ip-netns(8)). */
function addGroup(lab: Lab, host: string): void {
  const etc = `/etc/netns/${lab.namespace(host)}`;
  Deno.mkdirSync(etc, { recursive: true });
  lab.defer(() => Deno.remove(etc, { recursive: true }));
  const groups = Deno.readTextFileSync("/etc/group");
  Deno.writeTextFileSync(
    `${etc}/group`,
    `${groups}hkproof:x:${GROUP}:nobody\n`,
  );
}

Deno.test("a mail server that hangs, a reader that stalls and a reload by the clock keep no advert back, and no stop for long", async () => {
  await using lab = await Lab.create({ hosts: ["a", "watcher"] });
  addGroup(lab, "a");
  const server = lab.command("a", "socat", SILENT_SERVER, "EXEC:sleep 600")
    .spawn();
  lab.defer(async () => {
    server.kill("SIGTERM");
    await server.output();
  });
  const { directory } = lab;
  const [when, ids] = [`${directory}/when`, `${directory}/ids`];
  Deno.chmodSync(directory, 0o755);
  Deno.writeTextFileSync(ids, "");
  Deno.chmodSync(ids, 0o666);
  const script = (name: string, body: string) => {
    const path = `${directory}/${name}`;
    Deno.writeTextFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return path;
  };
  const config = (priority: number) =>
    instanceText({
      priority,
      lines: [
        "version 3",
        "advert_int 0.1",
        `notify "${script("tell", `id -G >>${ids}`)}" nobody`,
      ],
      globals: [
        "script_user root",
        "set_supplementary_groups",
        `vrrp_startup_delay ${START_DELAY_MS / 1000}`,
        `vrrp_notify_fifo ${directory}/fifo`,
        `vrrp_notify_fifo_script ${script("stall", "exec sleep 600")}`,
        "notification_email {",
        "  ops@example.net",
        "}",
        "smtp_server 127.0.0.1",
        "smtp_alert_vrrp",
        `reload_time_file ${when}`,
        "reload_repeat",
      ],
    });
  const capture = await Capture.start(lab, "watcher");
  const beganMs = Date.now();
  const daemon = startDaemon(lab, "a", "hakeep", config(100));
  await hasState(daemon, "MASTER", READY_MS);
  Deno.writeTextFileSync(`${daemon.runtimeDir}/config.conf`, config(120));
  const soon = new Date(Date.now() + 4000).toISOString().slice(11, 19);
  Deno.writeTextFileSync(when, `${soon}Z\n`);
  await eventually(
    () => `the new priority counts\n${daemon.log()}`,
    READY_MS,
    async () => (await statusOf(daemon))?.instances[0]?.priority === 120,
  );
  // It is kept for the next day.
  assertEquals(Deno.readTextFileSync(when), `${soon}Z\n`);
  await eventually(
    () => `the notify script runs with its groups\n${daemon.log()}`,
    READY_MS,
    async () => (await Deno.readTextFile(ids)).includes(` ${GROUP}`),
  );
  const adverts = (await capture.sightings()).filter(({ kind }) =>
    kind === "advert"
  );
  assert((adverts[0]?.atNs ?? 0) / 1e6 >= beganMs + START_DELAY_MS);
  const gapsMs = adverts.slice(1).map(({ atNs }, i) =>
    (atNs - (adverts[i]?.atNs ?? 0)) / 1e6
  ).toSorted((one, other) => one - other);
  const median = gapsMs[Math.floor(gapsMs.length / 2)] ?? Infinity;
  assert(median < 200, `adverts come after ${median} ms`);
  daemon.kill("SIGTERM");
  assertEquals(await daemon.ended, 0);
  assertStringIncludes(daemon.log(), UNSENT);
});
