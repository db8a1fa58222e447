/**
 * Static addresses, routes and rules beside Debian's keepalived: the same in the kernel while the daemon runs, while a
 * router is BACKUP too, after a reload and after a stop.
 */
import { assertEquals } from "@std/assert";
import { instanceText } from "./configurations.ts";
import { type DaemonKind, startDaemon } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const READY_MS = 30_000;

function configuration(address: string): string {
  return `static_ipaddress {
  ${address}/24 dev eth0
  fd77::10/64 dev eth0
}
static_routes {
  10.99.0.0/24 via 10.77.0.200 dev eth0
  blackhole 10.99.4.0/24
}
static_rules {
  from 10.9.0.0/24 lookup 100
  to 10.1.0.0/16 table 300 preference 201
}
${
    instanceText({
      priority: 150,
      lines: [
        "version 3",
        "advert_int 10",
        "virtual_rules {",
        "  from 10.9.1.0/24 lookup 101",
        "}",
      ],
    })
  }`;
}

async function held(lab: Lab): Promise<readonly string[]> {
  const addresses = (await lab.addresses("a")).filter((one) =>
    !one.startsWith("fe80")
  );
  const routes: unknown[] = JSON.parse(
    await lab.ip("a", "-j", "route", "show", "table", "all"),
  );
  const rules: unknown[] = JSON.parse(
    await lab.ip("a", "-j", "-d", "rule", "show"),
  );
  return [
    ...addresses,
    // Link-local addresses are random.
    ...[...routes, ...rules].map((one) => JSON.stringify(one)).filter((one) =>
      !one.includes("fe80::")
    ),
  ].toSorted();
}

async function outcome(kind: DaemonKind) {
  await using lab = await Lab.create({ hosts: ["a"] });
  const daemon = startDaemon(lab, "a", kind, configuration("10.55.0.1"));
  const hasRule = async () =>
    (await lab.ip("a", "rule", "show")).includes("10.1.0.0/16");
  await eventually(
    `${kind} runs\n${daemon.log()}`,
    READY_MS,
    async () => await lab.holds("a", "10.55.0.1/24") && await hasRule(),
  );
  const running = await held(lab);
  Deno.writeTextFileSync(
    `${daemon.runtimeDir}/config.conf`,
    configuration("10.55.0.2"),
  );
  daemon.kill("SIGHUP");
  await eventually(
    `${kind} has reloaded\n${daemon.log()}`,
    READY_MS,
    async () =>
      await lab.holds("a", "10.55.0.2/24") &&
      !await lab.holds("a", "10.55.0.1/24"),
  );
  const reloaded = await held(lab);
  daemon.kill("SIGTERM");
  await daemon.ended;
  return { running, reloaded, stopped: await held(lab) };
}

Deno.test("hakeep and keepalived give the kernel the same static addresses, routes and rules", async () => {
  const ours = await outcome("hakeep");
  assertEquals(ours, await outcome("keepalived"));
});
