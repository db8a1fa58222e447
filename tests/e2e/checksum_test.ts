/**
 * VRRPv3 checksums over IPv4 beside Debian's keepalived 2.2.7, which sums a pseudo header and knows no other way, but
 * for that of keepalived up to 1.3.6 (`old_unicast_checksum`).
 */
import { assertEquals } from "@std/assert";
import { instanceText, VIP } from "./configurations.ts";
import { type DaemonKind, startDaemon, statusOf } from "./daemons.ts";
import { eventually, Lab } from "./topology.ts";

const DEADLINE_MS = 20_000;

interface Case {
  readonly name: string;
  readonly hakeep: readonly string[];
  readonly keepalived: readonly string[];
  readonly isUnicast: boolean;
}

const CASES: readonly Case[] = [
  {
    name: "v3_checksum_as_v2, multicast",
    hakeep: ["v3_checksum_as_v2"],
    keepalived: [],
    isUnicast: false,
  },
  {
    name: "v3_checksum_as_v2, unicast",
    hakeep: ["v3_checksum_as_v2"],
    keepalived: [],
    isUnicast: true,
  },
  {
    name: "old_unicast_checksum of keepalived",
    hakeep: [],
    keepalived: ["old_unicast_checksum"],
    isUnicast: true,
  },
  {
    name: "old_unicast_checksum of hakeep",
    hakeep: ["old_unicast_checksum"],
    keepalived: [],
    isUnicast: true,
  },
];

for (const { name, hakeep, keepalived, isUnicast } of CASES) {
  for (
    const kinds of [
      ["hakeep", "keepalived"],
      ["keepalived", "hakeep"],
    ] as const satisfies readonly (readonly [DaemonKind, DaemonKind])[]
  ) {
    Deno.test(`${kinds[0]} as master and ${kinds[1]} as backup understand each other: ${name}`, async () => {
      await using lab = await Lab.create({ hosts: ["a", "b"] });
      const daemons = (["a", "b"] as const).map((host, i) => {
        const kind = kinds[i] ?? "hakeep";
        return startDaemon(
          lab,
          host,
          kind,
          instanceText({
            priority: i === 0 ? 150 : 100,
            lines: [
              "version 3",
              "advert_int 0.3",
              ...(isUnicast
                ? [
                  `unicast_src_ip ${lab.address(host)}`,
                  "unicast_peer {",
                  lab.address(i === 0 ? "b" : "a"),
                  "}",
                ]
                : []),
              ...(kind === "hakeep" ? hakeep : keepalived),
            ],
          }),
        );
      });
      const logs = () => daemons.map((daemon) => daemon.log()).join("\n---\n");
      const [a, b] = daemons;
      if (a === undefined || b === undefined) throw new Error("two daemons");
      const ours = a.kind === "hakeep" ? a : b;
      await eventually(
        `a alone holds the address\n${logs()}`,
        DEADLINE_MS,
        async () =>
          await lab.holds("a", `${VIP}/16`) &&
          !await lab.holds("b", `${VIP}/16`),
      );
      // Whoever follows goes on following.
      const sent = (await statusOf(ours))?.instances[0]?.counters;
      await eventually(`ten adverts\n${logs()}`, DEADLINE_MS, async () => {
        const now = (await statusOf(ours))?.instances[0]?.counters;
        const count = (now?.advertsSent ?? 0) + (now?.advertsReceived ?? 0);
        return count >
          (sent?.advertsSent ?? 0) + (sent?.advertsReceived ?? 0) + 10;
      });
      assertEquals(await lab.holds("b", `${VIP}/16`), false, logs());
      a.kill("SIGTERM");
      await eventually(
        `b follows\n${logs()}`,
        DEADLINE_MS,
        () => lab.holds("b", `${VIP}/16`),
      );
      const counters = (await statusOf(ours))?.instances[0]?.counters;
      assertEquals(counters?.rejected.checksumInvalid ?? 0, 0, logs());
    });
  }
}

Deno.test("old_unicast_checksum never takes no advert of the old form", async () => {
  await using lab = await Lab.create({ hosts: ["a", "b"] });
  const text = (own: string, peer: string, priority: number, line: string) =>
    instanceText({
      priority,
      lines: [
        "version 3",
        "advert_int 0.3",
        `unicast_src_ip ${lab.address(own)}`,
        "unicast_peer {",
        lab.address(peer),
        "}",
        line,
      ],
    });
  const a = startDaemon(
    lab,
    "a",
    "keepalived",
    text("a", "b", 150, "old_unicast_checksum"),
  );
  const b = startDaemon(
    lab,
    "b",
    "hakeep",
    text("b", "a", 100, "old_unicast_checksum never"),
  );
  await eventually(
    () => `b drops what a says\n--- a\n${a.log()}\n--- b\n${b.log()}`,
    DEADLINE_MS,
    async () => {
      const instance = (await statusOf(b))?.instances[0];
      // One may be all: keepalived 2.2.7 puts its own adverts off as long as it hears ours, which it rejects.
      return (instance?.counters.rejected.checksumInvalid ?? 0) > 0 &&
        instance?.counters.advertsReceived === 0 &&
        instance.state === "MASTER";
    },
  );
});
