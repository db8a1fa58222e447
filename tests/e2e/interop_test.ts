/**
 * hakeep with hakeep, and with Debian's keepalived as master and as backup, in every dialect.
 *
 * Each pair elects the higher priority; the master is killed and the backup takes over; the master comes back and
 * preempts; it is stopped and the backup takes over at once. Neither side counts an error.
 */
import { assertEquals } from "@std/assert";
import { defined } from "../../lib/assert.ts";
import {
  type Dialect,
  DIALECTS,
  instanceText,
  ipv6Of,
} from "./configurations.ts";
import {
  type DaemonKind,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { holdsAlone } from "./pair.ts";
import { eventually, Lab } from "./topology.ts";

const PAIRS: readonly (readonly [DaemonKind, DaemonKind])[] = [
  ["hakeep", "hakeep"],
  ["hakeep", "keepalived"],
  ["keepalived", "hakeep"],
];
const ELECTION_MS = 30_000;

async function giveIpv6Sources(
  lab: Lab,
  hosts: readonly string[],
): Promise<void> {
  for (const host of hosts) {
    const address = `${ipv6Of(lab.address(host))}/64`;
    await lab.ip(host, "addr", "add", address, "dev", "eth0", "nodad");
  }
}

function start(
  lab: Lab,
  host: string,
  peer: string,
  kind: DaemonKind,
  priority: number,
  dialect: Dialect,
) {
  return startDaemon(
    lab,
    host,
    kind,
    instanceText({
      priority,
      addresses: dialect.addresses,
      lines: dialect.lines(lab.address(host), lab.address(peer)),
    }),
  );
}

async function assertNothingRejected(daemon: RunningDaemon): Promise<void> {
  if (daemon.kind !== "hakeep") return;
  const status = await statusOf(daemon);
  const counters = defined(
    status?.instances[0]?.counters,
    `counters of ${daemon.log()}`,
  );
  const rejected = Object.entries(counters.rejected).filter(([, count]) =>
    count > 0
  );
  assertEquals(rejected, [], daemon.log());
  assertEquals(counters.sendErrors, 0, daemon.log());
}

for (const [masterKind, backupKind] of PAIRS) {
  Deno.test(`${masterKind} as master and ${backupKind} as backup elect, fail over and preempt, whatever they speak`, async () => {
    const outcomes = await Promise.allSettled(
      DIALECTS.map((dialect) => tryDialect(masterKind, backupKind, dialect)),
    );
    assertEquals(
      outcomes.flatMap((outcome, i) =>
        outcome.status === "fulfilled"
          ? []
          : [`${DIALECTS[i]?.name}: ${outcome.reason}`]
      ),
      [],
    );
  });
}

async function tryDialect(
  masterKind: DaemonKind,
  backupKind: DaemonKind,
  dialect: Dialect,
): Promise<void> {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  if (dialect.needsIpv6Sources) await giveIpv6Sources(lab, ["a", "b"]);
  let master = start(lab, "a", "b", masterKind, 150, dialect);
  const backup = start(lab, "b", "a", backupKind, 100, dialect);
  const logs = () => `--- a\n${master.log()}\n--- b\n${backup.log()}`;
  await holdsAlone(lab, "a", dialect.held, ELECTION_MS, logs);
  await assertNothingRejected(master);

  await killTree(master.pid);
  await master.ended;
  await eventually(
    () => `b takes over\n${logs()}`,
    ELECTION_MS,
    () => lab.holds("b", dialect.held),
  );

  master = start(lab, "a", "b", masterKind, 150, dialect);
  await holdsAlone(lab, "a", dialect.held, ELECTION_MS, logs);

  master.kill("SIGTERM");
  await eventually(
    () => `a lets go and b takes over\n${logs()}`,
    ELECTION_MS,
    async () =>
      await lab.holds("b", dialect.held) &&
      !await lab.holds("a", dialect.held),
  );
  await assertNothingRejected(backup);
}

Deno.test("a master whose cable is pulled is FAULT without addresses, and comes back by itself", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const dialect = defined(DIALECTS[0], "a dialect");
  const a = start(lab, "a", "b", "hakeep", 150, dialect);
  const b = start(lab, "b", "a", "keepalived", 100, dialect);
  const logs = () => `--- a\n${a.log()}\n--- b\n${b.log()}`;
  await holdsAlone(lab, "a", dialect.held, ELECTION_MS, logs);
  await lab.setCable("a", "down");
  await eventually(() => `a is FAULT\n${logs()}`, ELECTION_MS, async () => {
    const instance = (await statusOf(a))?.instances[0];
    return instance?.state === "FAULT" &&
      instance.reason === "interface eth0 has no carrier";
  });
  await holdsAlone(lab, "b", dialect.held, ELECTION_MS, logs);
  await lab.setCable("a", "up");
  await holdsAlone(lab, "a", dialect.held, ELECTION_MS, logs);
});
