/**
 * Who is heard and who is not, beside Debian's keepalived: peers, their TTL, groups, and authentication headers after
 * one side began anew.
 */
import { assertEquals } from "@std/assert";
import { defined } from "../../lib/assert.ts";
import type { RejectReason } from "../../lib/vrrp/receive.ts";
import { instanceText, VIP } from "./configurations.ts";
import {
  type DaemonKind,
  killTree,
  type RunningDaemon,
  startDaemon,
  statusOf,
} from "./daemons.ts";
import { holdsAlone } from "./pair.ts";
import { eventually, Lab } from "./topology.ts";

const DEADLINE_MS = 30_000;

function unicast(own: string, ...peers: readonly string[]): readonly string[] {
  return [`unicast_src_ip ${own}`, "unicast_peer {", ...peers, "}"];
}

async function rejectedOf(
  daemon: RunningDaemon,
  reason: RejectReason,
): Promise<number> {
  const instance = (await statusOf(daemon))?.instances[0];
  return instance?.counters.rejected[reason] ?? 0;
}

for (
  const [limits, ttl, isHeard] of [
    ["min_ttl 255", 255, true],
    ["min_ttl 255", 64, false],
    ["max_ttl 64", 64, true],
    ["max_ttl 64", 255, false],
  ] as const
) {
  Deno.test(
    `a peer of keepalived with unicast_ttl ${ttl} is ${
      isHeard ? "heard" : "not heard"
    } with ${limits}`,
    async () => {
      await using lab = await Lab.create({ hosts: ["a", "b"] });
      const [a, b] = [lab.address("a"), lab.address("b")];
      startDaemon(
        lab,
        "a",
        "keepalived",
        instanceText({
          priority: 150,
          lines: [...unicast(a, b), `unicast_ttl ${ttl}`],
        }),
      );
      const ours = startDaemon(
        lab,
        "b",
        "hakeep",
        instanceText({ priority: 100, lines: unicast(b, `${a} ${limits}`) }),
      );
      await eventually(`b decides\n${ours.log()}`, DEADLINE_MS, async () => {
        const instance = (await statusOf(ours))?.instances[0];
        return isHeard
          ? instance?.master?.priority === 150
          : (instance?.counters.rejected.unicastTtlOutOfBounds ?? 0) > 0 &&
            instance?.state === "MASTER";
      });
    },
  );
}

Deno.test("check_unicast_src hears peers alone, and without it anybody is heard", async () => {
  for (const check of ["check_unicast_src", ""]) {
    await using lab = await Lab.create({ hosts: ["a", "b", "c"] });
    const [b, c] = [lab.address("b"), lab.address("c")];
    const ours = startDaemon(
      lab,
      "b",
      "hakeep",
      instanceText({
        priority: 100,
        lines: [...unicast(b, lab.address("a")), check],
      }),
    );
    // c speaks to b, which does not have it as a peer.
    startDaemon(
      lab,
      "c",
      "keepalived",
      instanceText({ priority: 150, lines: unicast(c, b) }),
    );
    await eventually(
      `b decides\n${ours.log()}`,
      DEADLINE_MS,
      async () =>
        check === ""
          ? (await statusOf(ours))?.instances[0]?.master?.address === c
          : await rejectedOf(ours, "unicastSourceUnknown") > 0,
    );
  }
});

const OTHER_VIP = "10.77.1.2";

Deno.test("one vrid serves two groups on one interface, beside keepalived", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const text = (first: number, second: number) =>
    instanceText({ priority: first }) +
    instanceText({
      priority: second,
      addresses: [`${OTHER_VIP}/16`],
      lines: ["mcast_dst_ip 224.0.0.99"],
    }).replace("VI_1", "VI_2").replace(/^global_defs \{[^}]*\}\n/, "");
  const a = startDaemon(lab, "a", "hakeep", text(150, 90));
  const b = startDaemon(lab, "b", "keepalived", text(100, 120));
  const logs = () => `${a.log()}\n---\n${b.log()}`;
  await holdsAlone(lab, "a", `${VIP}/16`, DEADLINE_MS, logs);
  await holdsAlone(lab, "b", `${OTHER_VIP}/16`, DEADLINE_MS, logs);
  const status = defined(await statusOf(a), "its status");
  for (const { counters } of status.instances) {
    assertEquals(
      Object.values(counters.rejected).reduce((sum, one) => sum + one, 0),
      0,
      logs(),
    );
  }
});

for (
  const [masterKind, backupKind] of [
    ["hakeep", "keepalived"],
    ["keepalived", "hakeep"],
  ] as const
) {
  for (const way of ["multicast", "unicast", "a virtual MAC"] as const) {
    Deno.test(`with AH ${masterKind} leads again after it began anew, and ${backupKind} follows: ${way}`, async () => {
      await using lab = await Lab.create({ hosts: ["a", "b"] });
      const start = (host: "a" | "b", kind: DaemonKind, priority: number) =>
        startDaemon(
          lab,
          host,
          kind,
          instanceText({
            priority,
            lines: [
              "authentication {",
              "auth_type AH",
              "auth_pass secret",
              "}",
              ...(way === "unicast"
                ? unicast(
                  lab.address(host),
                  lab.address(host === "a" ? "b" : "a"),
                )
                : []),
              ...(way === "a virtual MAC" ? ["use_vmac"] : []),
            ],
          }),
        );
      let a = start("a", masterKind, 150);
      const b = start("b", backupKind, 100);
      const logs = () => `--- a\n${a.log()}\n--- b\n${b.log()}`;
      await holdsAlone(lab, "a", `${VIP}/16`, DEADLINE_MS, logs);
      // Its sequence numbers begin at 1 again, and b knows higher ones.
      await killTree(a.pid);
      await a.ended;
      a = start("a", masterKind, 150);
      await eventually(
        `a is there again\n${logs()}`,
        DEADLINE_MS,
        async () =>
          a.kind === "hakeep"
            ? (await statusOf(a))?.instances[0]?.state === "MASTER"
            : a.log().includes("Entering MASTER STATE"),
      );
      await holdsAlone(lab, "a", `${VIP}/16`, DEADLINE_MS, logs);
      a.kill("SIGTERM");
      await holdsAlone(lab, "b", `${VIP}/16`, DEADLINE_MS, logs);
    });
  }
}
