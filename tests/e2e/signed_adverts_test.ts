/**
 * `auth_hmac` on the wire: two hakeep daemons with one key, a stranger with another, a migration, and beside Debian's
 * keepalived, which knows nothing of it.
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import {
  type DaemonKind,
  instanceOf,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { startPair } from "./pair.ts";
import { eventually, Lab } from "./topology.ts";

const DEADLINE_MS = 20_000;
const KEY = "hex:" + "5a".repeat(32);
const OTHER_KEY = "hex:" + "a5".repeat(32);

function hmac(key: string, ...lines: readonly string[]): readonly string[] {
  return ["auth_hmac {", `key 1 ${key}`, "active_key 1", ...lines, "}"];
}

interface Way {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly lines: (own: string, peer: string) => readonly string[];
}

const WAYS: readonly Way[] = [
  { name: "version 2", addresses: [`${VIP}/16`], lines: () => [] },
  {
    name: "version 3 over IPv6",
    addresses: ["fe80::77:1/64", "fd77::1:1/64"],
    lines: () => ["advert_int 0.2"],
  },
  {
    name: "version 3, unicast",
    addresses: [`${VIP}/16`],
    lines: (own, peer) => [
      "version 3",
      "advert_int 0.2",
      `unicast_src_ip ${own}`,
      "unicast_peer {",
      peer,
      "}",
    ],
  },
];

for (const { name, addresses, lines } of WAYS) {
  Deno.test(`two routers with one key elect one master, and a third with another key is heard by nobody: ${name}`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b", "c"] });
    const start = (host: string, peer: string, priority: number, key: string) =>
      startDaemon(
        lab,
        host,
        "hakeep",
        instanceText({
          priority,
          addresses,
          lines: [
            ...lines(lab.address(host), lab.address(peer)),
            ...hmac(key),
          ],
        }),
      );
    const a = start("a", "b", 150, KEY);
    const b = start("b", "a", 100, KEY);
    await eventually(
      `a leads\n${a.log()}\n${b.log()}`,
      DEADLINE_MS,
      async () =>
        (await statusOf(a))?.instances[0]?.state === "MASTER" &&
        (await statusOf(b))?.instances[0]?.master?.priority === 150,
    );
    const c = start("c", "a", 200, OTHER_KEY);
    const isUnicast = name.includes("unicast");
    const reason = isUnicast ? "unicastSourceUnknown" : "hmacInvalid";
    await eventually(
      `a drops what c says\n${a.log()}`,
      DEADLINE_MS,
      async () => (await instanceOf(a)).counters.rejected[reason] > 0,
    );
    assertEquals((await instanceOf(a)).state, "MASTER", a.log());
    assertEquals((await instanceOf(b)).state, "BACKUP", b.log());
    assertEquals((await instanceOf(c)).state, "MASTER", c.log());
    c.kill("SIGTERM");
    await c.ended;
    a.kill("SIGTERM");
    await eventually(
      `b follows\n${b.log()}`,
      DEADLINE_MS,
      async () => (await instanceOf(b)).state === "MASTER",
    );
    const { rejected } = (await instanceOf(b)).counters;
    const own = Object.entries(rejected).filter(([one, count]) =>
      count > 0 && one !== reason
    );
    assertEquals(own, [], b.log());
  });
}

Deno.test("a recorded advert that is played again is dropped", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const [a, b] = await startPair(lab, [
    "version 3",
    "advert_int 0.2",
    ...hmac(KEY),
  ]);
  // Somebody on the way repeats each frame.
  for (const [kind, ...args] of DUPLICATING) {
    const { code, stderr } = await lab.inside("sw", kind, ...args);
    assertEquals(code, 0, stderr);
  }
  await eventually(
    `b drops the copies\n${b.log()}`,
    DEADLINE_MS,
    async () => (await instanceOf(b)).counters.rejected.hmacReplay > 2,
  );
  assertEquals((await instanceOf(b)).state, "BACKUP", b.log());
  assertEquals((await instanceOf(a)).state, "MASTER", a.log());
});

/** nftables on the switch: adverts of the first host leave to the second once more. */
const DUPLICATING: readonly (readonly [string, ...string[]])[] = [
  ["nft", "add", "table", "netdev", "again"],
  [
    "nft",
    "add",
    "chain",
    "netdev",
    "again",
    "in",
    "{ type filter hook ingress device p0 priority 0; }",
  ],
  [
    "nft",
    "add",
    "rule",
    "netdev",
    "again",
    "in",
    "ip protocol 112 dup to p1",
  ],
];

async function becameMaster(daemon: RunningDaemon): Promise<number> {
  return (await instanceOf(daemon)).counters.becameMaster;
}

Deno.test("routers migrate to signed adverts by reloads, without a change of state", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const text = (priority: number, lines: readonly string[]) =>
    instanceText({
      priority,
      lines: ["version 3", "advert_int 0.2", ...lines],
    });
  const [a, b] = await startPair(lab, ["version 3", "advert_int 0.2"]);
  const before = await Promise.all([a, b].map(becameMaster));
  for (const mode of ["receive-only", "permissive", "enforce"]) {
    for (const [daemon, priority] of [[a, 150], [b, 100]] as const) {
      const path = `${daemon.runtimeDir}/config.conf`;
      Deno.writeTextFileSync(path, text(priority, hmac(KEY, `mode ${mode}`)));
      const loadedAt = (await statusOf(daemon))?.config.loaded_at;
      daemon.kill("SIGHUP");
      await eventually(
        `reloads\n${daemon.log()}`,
        DEADLINE_MS,
        async () => (await statusOf(daemon))?.config.loaded_at !== loadedAt,
      );
      const { advertsReceived } = (await instanceOf(b)).counters;
      await eventually(
        `b goes on hearing a\n${b.log()}`,
        DEADLINE_MS,
        async () =>
          (await instanceOf(b)).counters.advertsReceived > advertsReceived + 2,
      );
    }
  }
  assertEquals(
    await Promise.all([a, b].map(becameMaster)),
    before,
    `--- a\n${a.log()}\n--- b\n${b.log()}`,
  );
  const { tolerated } = (await instanceOf(b)).counters;
  assertEquals(tolerated.unsigned > 0, true, b.log());
});

for (
  const [masterKind, backupKind] of [
    ["hakeep", "keepalived"],
    ["keepalived", "hakeep"],
  ] as const
) {
  Deno.test(`receive-only leaves ${masterKind} as master and ${backupKind} as backup as they are`, async () => {
    await using lab = await Lab.create({ hosts: ["a", "b"] });
    const start = (host: string, kind: DaemonKind, priority: number) =>
      startDaemon(
        lab,
        host,
        kind,
        instanceText({
          priority,
          lines: kind === "hakeep" ? hmac(KEY, "mode receive-only") : [],
        }),
      );
    const a = start("a", masterKind, 150);
    const b = start("b", backupKind, 100);
    const logs = () => `--- a\n${a.log()}\n--- b\n${b.log()}`;
    await eventually(
      `a leads\n${logs()}`,
      DEADLINE_MS,
      () => lab.holds("a", `${VIP}/16`),
    );
    a.kill("SIGTERM");
    await eventually(
      `b follows\n${logs()}`,
      DEADLINE_MS,
      () => lab.holds("b", `${VIP}/16`),
    );
    assertEquals(a.log().includes("dropped an advert"), false, logs());
    assertEquals(b.log().includes("dropped an advert"), false, logs());
  });
}
