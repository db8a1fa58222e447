/**
 * Tracked processes in a network namespace of its own, where the kernel tells nobody of processes and keepalived cannot
 * track any.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { hasState, startDaemon, statusOf } from "./daemons.ts";
import { Lab } from "./topology.ts";

const CONFIG = (program: string) =>
  `global_defs {
  vrrp_version 3
}
vrrp_track_process web {
  process ${program} 1001
  param_match partial
}
vrrp_instance VI {
  interface eth0
  virtual_router_id 51
  advert_int 0.1
  track_process { web }
  virtual_ipaddress { 10.77.1.1/16 }
}
`;

Deno.test("an instance follows a process in a namespace where the kernel does not tell of it", async () => {
  await using lab = await Lab.create({ hosts: ["host"] });
  const program = `${lab.directory}/napper`;
  await Deno.copyFile("/bin/sleep", program);
  const daemon = startDaemon(lab, "host", "hakeep", CONFIG(program));
  const start = () => {
    const child = lab.command("host", program, "1001", "1002").spawn();
    const end = async () => {
      child.kill("SIGKILL");
      await child.status;
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    };
    return { [Symbol.asyncDispose]: end };
  };
  await hasState(daemon, "FAULT");
  {
    await using _child = start();
    await hasState(daemon, "MASTER");
    const [web] = (await statusOf(daemon))?.trackers ?? [];
    assertEquals(
      web?.kind === "process"
        ? [web.state, web.count, web.watched_by, web.process]
        : web,
      ["up", 1, "scans", `${program} 1001`],
    );
  }
  await hasState(daemon, "FAULT");
  await using _child = start();
  await hasState(daemon, "MASTER");
  assert(
    daemon.log().includes("processes are looked at each second: the kernel"),
    daemon.log(),
  );
});
